"""What becomes of a published badge: it takes effect, is announced to end, ends, and can come back."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcred_app import api
from microcred_app.api import verify_credential
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import ScheduledVersion
from microcred_app.applets.issuance import api as issuance
from microcred_app.tasks import bring_into_force_task
from tests.fixtures.catalogue import NOW, definition, do_unit, make_user, publish

RULE = {"outcome": "o.a"}
LATER = NOW + timedelta(days=30)


def deprecate(key: str, **changes: object) -> None:
    badges.deprecate_badge(key, **({"sunset_at": LATER, "actor_id": None, "now": NOW} | changes))


def retire(key: str, **changes: object) -> None:
    badges.retire_badge(key, **({"reason": "Replaced", "actor_id": None, "now": NOW} | changes))


def test_a_version_of_the_future_waits_while_the_old_one_is_earned() -> None:
    publish("a", RULE)
    publish("a", {"outcome": "o.b"}, effective_at=LATER)
    assert badges.current_badge("a").number == 1
    assert badges.bring_into_force(LATER - timedelta(seconds=1)) == ()
    assert badges.bring_into_force(LATER) == ("a",)
    assert badges.current_badge("a").number == 2
    assert badges.bring_into_force(LATER) == ()


def test_a_first_version_of_the_future_cannot_be_earned_before_its_date() -> None:
    waiting = publish("a", RULE, effective_at=LATER)
    assert not waiting.can_be_earned(NOW)
    do_unit(make_user(), "a")
    assert awards.list_awards(badge_key="a") == ()
    with pytest.raises(badges.BadgeNotFound):
        badges.current_badge("a")
    badges.bring_into_force(LATER)
    assert badges.current_badge("a").can_be_earned(LATER)


def test_an_older_version_does_not_overtake_a_newer_one() -> None:
    publish("a", RULE, effective_at=LATER)
    publish("a", RULE, name="Corrected meanwhile")
    assert badges.bring_into_force(LATER) == ()
    assert badges.current_badge("a").number == 2
    assert not ScheduledVersion.objects.exists()


def test_badges_cannot_need_one_another_once_their_dates_come() -> None:
    publish("a", RULE)
    publish("b", RULE)
    publish("a", {"badge": "b"}, effective_at=LATER)
    with pytest.raises(badges.DefinitionRefused, match="b → a → b"):
        publish("b", {"badge": "a"})


def test_a_deprecated_badge_is_earned_until_its_sunset_and_then_retired() -> None:
    publish("a", RULE)
    publish("new-a", RULE)
    deprecate("a", successor="new-a", notice="Earn the new one.")
    found = badges.current_badge("a")
    assert (found.life.state, found.life.successor, found.life.notice) == (
        "deprecated",
        "new-a",
        "Earn the new one.",
    )
    assert found.can_be_earned(NOW)
    assert not found.can_be_earned(LATER)
    assert badges.bring_into_force(LATER) == ("a",)
    with pytest.raises(badges.BadgeNotFound):
        badges.current_badge("a")
    retired = badges.get_version("a", 1)
    assert (retired.life.state, retired.life.successor) == ("retired", "new-a")


def test_a_retired_badge_is_not_earned_and_what_was_issued_stays_valid() -> None:
    publish("a", RULE)
    amina = make_user("amina")
    do_unit(amina, "a")
    retire("a")
    do_unit(make_user("ben"), "a")
    assert [award.learner_id for award in awards.list_awards(badge_key="a")] == [amina]
    credential = issuance.credential_of_award(awards.held_badges(amina)["a"])
    assert verify_credential(credential.document, now=NOW).verdict == "valid"


def test_a_stack_of_a_retired_badge_is_still_awarded_to_its_holders() -> None:
    publish("a", RULE)
    publish("stack", {"all": [{"badge": "a"}, {"outcome": "o.b"}]}, kind="macro")
    amina = make_user("amina")
    do_unit(amina, "a")
    retire("a")
    do_unit(amina, "b")
    assert set(awards.held_badges(amina)) == {"a", "stack"}
    names = badges.names_for([badges.current_badge("stack").requirement])
    assert names.badges == {"a": "Badge a"}
    assert api.run_pending_evaluations(now=NOW) == 0


def test_taking_an_end_back_puts_the_newest_version_in_force_again() -> None:
    publish("a", RULE)
    publish("a", {"outcome": "o.b"})
    retire("a")
    with pytest.raises(badges.DefinitionRefused, match="Reinstate it first"):
        publish("a", RULE)
    badges.reinstate_badge("a", reason="Still needed", actor_id=None, now=NOW)
    assert (badges.current_badge("a").number, badges.current_badge("a").life) == (2, badges.Life())


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda: deprecate("a", sunset_at=NOW), "has to lie ahead"),
        (lambda: deprecate("a", successor="nobody"), "no such badge in force"),
        (lambda: deprecate("a", successor="a"), "a → a"),
        (lambda: deprecate("a", notice="x" * 3_000), "below 2000"),
        (lambda: retire("a", reason=" "), "Give a reason"),
        (lambda: badges.reinstate_badge("a", reason="x", actor_id=None, now=NOW), "in force"),
        (lambda: (retire("a"), retire("a")), "retired already"),
        (lambda: (retire("a"), deprecate("a")), "retired already"),
        (lambda: (deprecate("b", successor="a"), deprecate("a", successor="b")), "a → b → a"),
        (lambda: (retire("b"), deprecate("a", successor="b")), "no such badge in force"),
    ],
)
def test_turns_that_make_no_sense_are_refused(turn: object, said: str) -> None:
    publish("a", RULE)
    publish("b", RULE)
    with pytest.raises(badges.LifeRefused, match=said):
        turn()


def test_an_unknown_badge_has_no_life() -> None:
    with pytest.raises(badges.BadgeNotFound):
        retire("nothing")


def test_every_turn_stands_in_the_audit_log() -> None:
    publish("a", RULE)
    deprecate("a")
    badges.bring_into_force(LATER)
    badges.reinstate_badge("a", reason="Needed", actor_id=None, now=LATER)
    found = [(entry.action, entry.reason) for entry in audit.list_entries(object_type="badge", object_id="a")]
    assert found == [
        ("badge.reinstated", "Needed"),
        ("badge.retired", "The sunset has come."),
        ("badge.deprecated", ""),
        ("badge.published", ""),
    ]


def test_when_nothing_is_due_the_worker_asks_two_small_questions() -> None:
    publish("a", RULE)
    with CaptureQueriesContext(connection) as captured:
        assert badges.bring_into_force(NOW) == ()
    assert len(captured) == 2


@pytest.mark.parametrize(
    "run", [bring_into_force_task, lambda: call_command("microcred_worker", "--once", stdout=StringIO())]
)
def test_the_worker_and_the_task_bring_definitions_into_force(run: Callable[[], object]) -> None:
    early = definition("a", RULE, effective_at=NOW)
    badges.publish_badge(early, actor_id=None, now=NOW - timedelta(days=400))
    run()
    assert badges.current_badge("a").number == 1


def test_who_answers_for_a_badge_is_reported_when_a_review_is_overdue() -> None:
    for key, due in (("late", "2026-01-01"), ("fine", "2027-01-01"), ("never", None)):
        publish(key, RULE)
        day = None if due is None else NOW.date().fromisoformat(due)
        badges.govern_badge(key, badges.Governance(owner="Office", review_due=day), actor_id=None, now=NOW)
    assert [badge.key for badge in badges.overdue_badges(NOW.date())] == ["never", "late"]
