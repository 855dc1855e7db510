"""What a version says to holders of older ones is done: once, on its day, in pieces, with its trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from microcred_app.api import verify_credential
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award, Reversal
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import running, succession
from microcred_app.applets.backfill.models import Batch
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import HolderDuty
from microcred_app.applets.issuance import api as issuance
from microcred_app.tasks import bring_into_force_task
from tests.fixtures.catalogue import NOW, definition, do_unit, make_officer, make_user, publish

RULE = {"outcome": "o.a"}
SOON = NOW + timedelta(hours=1)
GRACE_OVER = NOW + timedelta(hours=25)
DEADLINE = date(2026, 6, 30)
AFTER = datetime(2026, 7, 1, tzinfo=NOW.tzinfo)
UPGRADE = badges.Terms(holders_policy="upgrade")
REPLACE = badges.Terms(holders_policy="replace")
AGAIN = badges.Terms(holders_policy="redemonstrate", holders_deadline=DEADLINE)


def holders(count: int = 3, key: str = "safety") -> list[int]:
    """Learners who hold version 1 of the badge."""
    publish(key, RULE)
    people = [make_user(f"kim{number}") for number in range(count)]
    for person in people:
        do_unit(person, "a")
    return people


def carry_out(at: datetime) -> tuple[str, ...]:
    """What a worker does at that moment; the jobs that began."""
    badges.bring_into_force(at)
    begun = backfill.begin_successions(at)
    for batch_id in backfill.open_batches():
        while backfill.work(batch_id, clock=lambda: at):
            pass
    return begun


def versions_held(learner: int, key: str = "safety") -> list[int]:
    found = awards.list_awards(learner_id=learner, badge_key=key)
    return sorted(award.badge.number for award in found if award.reversed_at is None)


def award_of(learner: int, number: int, key: str = "safety") -> awards.AwardInfo:
    found = awards.list_awards(learner_id=learner, badge_key=key)
    return next(award for award in found if award.badge.number == number)


def verdict(award: awards.AwardInfo) -> str:
    credential = issuance.credential_of_award(award.id)
    assert credential is not None
    return verify_credential(credential.document, now=timezone.now()).verdict


def test_with_keep_nothing_happens() -> None:
    people = holders()
    publish("safety", {"outcome": "o.b"})
    assert carry_out(AFTER) == ()
    assert [versions_held(person) for person in people] == [[1]] * 3


def test_upgraded_holders_receive_the_new_version_with_what_the_old_one_rests_on() -> None:
    people = holders()
    publish("safety", {"outcome": "o.b"}, terms=UPGRADE)
    (batch_id,) = carry_out(SOON)
    assert [versions_held(person) for person in people] == [[1, 2]] * 3
    old, new = award_of(people[0], 1), award_of(people[0], 2)
    assert new.because["upgraded_from"] == {"award": old.id, "version": 1, "shown_at": NOW.isoformat()}
    assert new.because["met"] == old.because["met"]
    assert (verdict(old), verdict(new)) == ("valid", "valid")
    assert awards.held_badges(people[0]) == {"safety": new.id}
    assert awards.count_holders(["safety"]) == {"safety": 3}
    batch = backfill.get_batch(batch_id)
    assert (batch.kind, batch.state, batch.granted, batch.failed) == ("upgrade", "done", 3, 0)


def test_somebody_without_the_badge_receives_nothing_and_who_earned_the_new_one_not_twice() -> None:
    people = holders(2)
    nobody = make_user("nobody")
    publish("safety", {"any": [{"outcome": "o.b"}, RULE]}, terms=UPGRADE)
    earned = make_user("ben")
    do_unit(earned, "b")
    carry_out(SOON)
    assert (versions_held(nobody), versions_held(earned), versions_held(people[0])) == ([], [2], [1, 2])


def test_a_scheduled_version_speaks_to_holders_when_it_takes_effect() -> None:
    people = holders(1)
    publish("safety", {"outcome": "o.b"}, terms=UPGRADE, effective_at=NOW + timedelta(days=30))
    assert carry_out(SOON) == ()
    assert versions_held(people[0]) == [1]
    assert len(carry_out(NOW + timedelta(days=30))) == 1
    assert versions_held(people[0]) == [1, 2]


def test_how_long_the_new_one_is_valid_counts_from_when_it_was_shown() -> None:
    people = holders(1)
    publish("safety", RULE, terms=badges.Terms(holders_policy="upgrade", expires_after="P1Y"))
    carry_out(NOW + timedelta(days=100))
    assert award_of(people[0], 2).expires_at == badges.add_period(NOW, "P1Y")
    publish("safety", RULE, terms=badges.Terms(holders_policy="upgrade", expires_after="P2Y"))
    carry_out(NOW + timedelta(days=200))
    assert award_of(people[0], 3).expires_at == badges.add_period(NOW, "P2Y")


def test_what_has_expired_is_not_brought_back_by_a_new_version() -> None:
    publish("safety", RULE, terms=badges.Terms(expires_after="P30D"))
    learner = make_user("kim")
    do_unit(learner, "a")
    publish("safety", RULE, terms=UPGRADE)
    assert carry_out(NOW + timedelta(days=31)) == ()
    assert versions_held(learner) == [1]


def test_a_revoked_award_is_not_upgraded() -> None:
    people = holders(2)
    awards.reverse_award(award_of(people[0], 1).id, actor_id=make_officer(), reason="Copied", now=NOW)
    publish("safety", RULE, terms=UPGRADE)
    carry_out(SOON)
    assert (versions_held(people[0]), versions_held(people[1])) == ([], [1, 2])


def test_stacks_that_ask_for_the_new_version_follow() -> None:
    people = holders(2)
    publish("stack", {"badge": "safety", "minimum_version": 2}, kind="macro")
    publish("safety", RULE, terms=UPGRADE)
    carry_out(SOON)
    assert [versions_held(person, "stack") for person in people] == [[1], [1]]


def test_replaced_credentials_are_revoked_only_when_the_new_ones_cannot_be_called_off_any_more() -> None:
    people = holders(2)
    publish("safety", RULE, terms=REPLACE)
    carry_out(SOON)
    assert [versions_held(person) for person in people] == [[1, 2]] * 2
    assert carry_out(SOON + timedelta(hours=23)) == ()
    (batch_id,) = carry_out(GRACE_OVER)
    assert [versions_held(person) for person in people] == [[2]] * 2
    old = award_of(people[0], 1)
    assert (verdict(old), old.reversal_cause, old.reversal_reason) == (
        "invalid",
        "replaced",
        "Replaced by version 2.",
    )
    assert backfill.get_batch(batch_id).taken == 2
    assert carry_out(AFTER) == (), "once"


def test_an_upgrade_is_undone_as_a_whole_and_the_old_version_is_as_it_was() -> None:
    people, ruth = holders(2), make_officer()
    publish("safety", RULE, terms=REPLACE)
    (batch_id,) = carry_out(SOON)
    backfill.undo_batch(batch_id, actor_id=ruth, reason="Wrong rule", now=SOON)
    carry_out(SOON)
    assert [versions_held(person) for person in people] == [[1]] * 2
    assert carry_out(AFTER) == (), "what was undone replaces nothing"
    assert verdict(award_of(people[0], 1)) == "valid"


def test_once_old_credentials_were_revoked_nothing_can_be_undone() -> None:
    holders(1)
    ruth = make_officer()
    publish("safety", RULE, terms=REPLACE)
    (upgrade,) = carry_out(SOON)
    (withdrawal,) = carry_out(GRACE_OVER)
    with pytest.raises(backfill.BatchRefused, match="leave their holders with nothing"):
        backfill.undo_batch(upgrade, actor_id=ruth, reason="Wrong", now=AFTER)
    with pytest.raises(backfill.BatchRefused, match="cannot be taken back"):
        backfill.undo_batch(withdrawal, actor_id=ruth, reason="Wrong", now=AFTER)
    assert backfill.get_batch(upgrade).state == "done"


def test_revoking_one_version_by_hand_revokes_what_was_given_for_it() -> None:
    people, ruth = holders(2), make_officer()
    publish("safety", RULE, terms=UPGRADE)
    carry_out(SOON)
    awards.reverse_award(award_of(people[0], 2).id, actor_id=ruth, reason="Copied", now=SOON)
    assert (versions_held(people[0]), versions_held(people[1])) == ([], [1, 2])
    assert verdict(award_of(people[0], 1)) == "invalid"


def test_until_the_deadline_holders_keep_it_and_after_it_only_who_showed_it_again() -> None:
    people = holders(3)
    publish("safety", {"outcome": "o.b"}, terms=AGAIN)
    do_unit(people[0], "b", now=NOW + timedelta(days=5))
    assert [versions_held(person) for person in people] == [[1, 2], [1], [1]]
    assert carry_out(AFTER - timedelta(seconds=1)) == ()
    assert [versions_held(person) for person in people] == [[1, 2], [1], [1]]
    (batch_id,) = carry_out(AFTER)
    assert [versions_held(person) for person in people] == [[1, 2], [], []]
    lost = award_of(people[1], 1)
    assert (lost.reversal_cause, verdict(lost)) == ("lapsed", "invalid")
    assert lost.reversal_reason == "Not shown again until 2026-06-30, as version 2 asks."
    assert verdict(award_of(people[0], 1)) == "valid"
    assert backfill.get_batch(batch_id).taken == 2


def test_what_was_shown_before_the_new_version_was_published_is_not_shown_again() -> None:
    publish("safety", RULE)
    learner = make_user("kim")
    do_unit(learner, "a")
    do_unit(learner, "b", now=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    badges.publish_badge(definition("safety", {"outcome": "o.b"}, terms=AGAIN), actor_id=None, now=later)
    done = backfill.start_batch("safety", actor_id=None, now=later)
    while backfill.work(done.id, clock=lambda: later):
        pass
    assert versions_held(learner) == [1]


def test_after_it_lapsed_the_new_version_can_be_earned() -> None:
    people = holders(1)
    publish("safety", {"outcome": "o.b"}, terms=AGAIN)
    carry_out(AFTER)
    assert versions_held(people[0]) == []
    do_unit(people[0], "b", now=AFTER + timedelta(days=1))
    assert versions_held(people[0]) == [2]


def test_what_expired_before_the_deadline_is_left_as_it_is() -> None:
    publish("safety", RULE, terms=badges.Terms(expires_after="P30D"))
    learner = make_user("kim")
    do_unit(learner, "a")
    publish("safety", {"outcome": "o.b"}, terms=AGAIN)
    assert carry_out(AFTER) == ()
    assert not Reversal.objects.exists()


def test_only_the_version_in_force_speaks_and_an_overtaken_word_leaves_a_trace() -> None:
    people = holders(1)
    publish("safety", RULE, terms=AGAIN)
    publish("safety", RULE)
    assert carry_out(AFTER) == ()
    assert versions_held(people[0]) == [1]
    assert not HolderDuty.objects.exists()
    entry = audit.list_entries(object_type="badge", object_id="safety", action="badge.holders_kept")[0]
    assert (entry.details["version"], entry.issuer_slug) == (2, "school")


def test_a_version_that_comes_into_force_meanwhile_ends_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    people = holders(3)
    publish("safety", RULE, terms=UPGRADE)
    (batch_id,) = backfill.begin_successions(SOON)
    real, chunks = running._do_chunk, []

    def then_publish(span: Any, now: datetime) -> bool:
        more = real(span, now)
        chunks.append(span)
        if len(chunks) == 1:
            publish("safety", RULE)
        return more

    monkeypatch.setattr(running, "_do_chunk", then_publish)
    backfill.work(batch_id, clock=lambda: SOON)
    assert backfill.get_batch(batch_id).state == "cancelled"
    assert [versions_held(person) for person in people] == [[1, 2], [1], [1]]


@pytest.mark.parametrize(("terms", "at", "kept"), [(UPGRADE, SOON, [1, 2]), (AGAIN, AFTER, [])])
def test_a_killed_worker_continues_and_nothing_is_done_twice(
    monkeypatch: pytest.MonkeyPatch, terms: badges.Terms, at: datetime, kept: list[int]
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    people = holders(6)
    publish("safety", RULE, terms=terms)
    (batch_id,) = backfill.begin_successions(at)

    class Killed(BaseException):
        """Nothing below catches this, as nothing catches SIGKILL."""

    real, chunks = running._people, []

    def dies_before_the_third_chunk(*args: Any) -> list[int]:
        chunks.append(args)
        if len(chunks) == 3:
            raise Killed
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(running, "_people", dies_before_the_third_chunk)
        with pytest.raises(Killed):
            backfill.work(batch_id, clock=lambda: at)
    assert [versions_held(person) for person in people] == [kept] * 4 + [[1]] * 2
    assert backfill.begin_successions(at) == ()
    assert backfill.work(batch_id, clock=lambda: at + running.LEASE) is False
    assert [versions_held(person) for person in people] == [kept] * 6
    batch = backfill.get_batch(batch_id)
    assert (batch.state, batch.granted, batch.taken) == (
        ("done", 6, 0) if terms is UPGRADE else ("done", 0, 6)
    )
    assert Award.objects.count() + Reversal.objects.count() == 12
    assert backfill.work(batch_id, clock=lambda: at) is False


def test_a_worker_that_dies_between_taking_back_and_moving_on_takes_nothing_back_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = holders(3)
    publish("safety", {"outcome": "o.b"}, terms=AGAIN)
    (batch_id,) = backfill.begin_successions(AFTER)
    real = succession.withdraw

    def then_dies(*args: Any) -> None:
        real(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "withdraw", then_dies)
        with pytest.raises(KeyboardInterrupt):
            backfill.work(batch_id, clock=lambda: AFTER)
    assert [versions_held(person) for person in people] == [[]] * 3
    backfill.work(batch_id, clock=lambda: AFTER + running.LEASE)
    batch = backfill.get_batch(batch_id)
    assert (batch.state, batch.taken, Reversal.objects.count()) == ("done", 3, 3)


def test_two_workers_begin_it_once() -> None:
    holders(1)
    publish("safety", RULE, terms=UPGRADE)
    duties = badges.holder_duties_due(SOON)
    begun = [succession._begin(duty, SOON) for duty in (*duties, *duties)]
    assert [bool(batch) for batch in begun] == [True, False]
    assert Batch.objects.count() == 1


def test_it_can_be_paused_and_cancelled_like_any_job() -> None:
    people, ruth = holders(1), make_officer()
    publish("safety", {"outcome": "o.b"}, terms=AGAIN)
    (batch_id,) = backfill.begin_successions(AFTER)
    backfill.pause_batch(batch_id, actor_id=ruth, now=AFTER)
    assert carry_out(AFTER) == ()
    assert versions_held(people[0]) == [1]
    backfill.cancel_batch(batch_id, actor_id=ruth, now=AFTER)
    assert carry_out(AFTER + timedelta(days=9)) == ()
    assert versions_held(people[0]) == [1]


def test_every_beginning_stands_in_the_audit_log_of_the_organisation() -> None:
    holders(2)
    publish("safety", RULE, terms=REPLACE)
    carry_out(SOON)
    carry_out(GRACE_OVER)
    found = {
        entry.action: entry for entry in audit.list_entries(object_type="batch", issuer_slugs=["school"])
    }
    assert found["holders.upgrade"].details == {
        "badge": "safety",
        "version": 2,
        "policy": "replace",
        "learners": 2,
    }
    assert found["holders.withdraw"].details["learners"] == 2


def test_how_many_are_affected_is_known_before_publishing() -> None:
    people = holders(2)
    assert backfill.holders_affected("safety", now=NOW) == tuple(people)
    assert backfill.say_holders(AGAIN, 2) == (
        "2 people hold an earlier version and have to show it again until June 30, 2026; "
        "otherwise it is revoked after that day."
    )
    assert backfill.say_holders(UPGRADE, 0) == ""


def test_holders_are_given_time_after_the_version_takes_effect() -> None:
    publish("safety", RULE)
    with pytest.raises(badges.DefinitionRefused, match="need time"):
        publish("safety", RULE, terms=AGAIN, effective_at=AFTER)


@pytest.mark.parametrize(
    "run", [bring_into_force_task, lambda: call_command("microcred_worker", "--once", stdout=StringIO())]
)
def test_the_worker_and_the_task_begin_it(run: Callable[[], object]) -> None:
    people = holders(1)
    publish("safety", RULE, terms=UPGRADE)
    run()
    for batch_id in backfill.open_batches():
        backfill.work(batch_id, clock=timezone.now)
    assert versions_held(people[0]) == [1, 2]
