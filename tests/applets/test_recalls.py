"""Many awards taken back for one reason: what was seen and nothing else, whole pieces, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from microcred_app import api
from microcred_app.api import verify_credential
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Reversal
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import recalls
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from microcred_app.permissions.api import NotAllowed
from tests.fixtures.catalogue import NOW, definition, do_unit, make_officer, make_user, publish

LATER = NOW + timedelta(hours=1)
ALL = awards.AwardFilter(None)


@pytest.fixture
def ruth() -> int:
    return make_officer("ruth")


@pytest.fixture
def people() -> list[int]:
    publish("safety", {"outcome": "o.a"})
    publish("brakes", {"outcome": "o.b"})
    found = [make_user(f"kim{number}") for number in range(5)]
    for person in found:
        do_unit(person, "a")
    do_unit(found[0], "b")
    return found


def begin(ruth: int, wanted: awards.AwardFilter = ALL, **changes: Any) -> backfill.RecallInfo:
    seen = backfill.preview_recall(wanted, now=LATER)
    given: dict[str, Any] = {
        "seal": seen.seal,
        "count": seen.awards,
        "words": awards.SuspensionWords("The check was wrong"),
        "actor_id": ruth,
    }
    return backfill.start_recall(wanted, now=LATER, **(given | changes))


def finish(recall: backfill.RecallInfo) -> backfill.RecallInfo:
    while backfill.work(recall.id, clock=lambda: LATER):
        pass
    return backfill.get_recall(recall.id)


def test_a_preview_counts_and_writes_nothing(people: list[int]) -> None:
    seen = backfill.preview_recall(ALL, now=LATER)
    assert (seen.awards, seen.learners, seen.issuer_slug, seen.problem) == (6, 5, "school", "")
    assert seen.badges == (("Badge safety", 5), ("Badge brakes", 1))
    assert not Reversal.objects.exists()


def test_what_was_selected_is_revoked_for_everybody_and_nothing_else(people: list[int], ruth: int) -> None:
    recall = begin(ruth, awards.AwardFilter(None, badge_key="safety"))
    assert recall.id in backfill.open_batches()
    assert awards.held_badges(people[1])  # a worker does it
    done = finish(recall)
    assert (done.state, done.total, done.done, done.taken) == ("done", 5, 5, 5)
    assert [set(awards.held_badges(person)) for person in people] == [{"brakes"}, set(), set(), set(), set()]
    for row in Credential.objects.select_related("award__version__badge"):
        held = row.award.version.badge.key == "brakes"
        report = verify_credential(bytes(row.document), now=LATER + timedelta(seconds=1))
        assert (report.verdict, row.revoked_at) == (("valid", None) if held else ("invalid", LATER))
    assert recall.id not in backfill.open_batches()
    assert backfill.work(recall.id, clock=lambda: LATER) is False


def test_each_award_has_its_trace(people: list[int], ruth: int) -> None:
    recall = finish(begin(ruth))
    entries = AuditEntry.objects.filter(action="award.reversed")
    assert entries.count() == 6
    assert {entry.reason for entry in entries} == {"The check was wrong"}
    actions = AuditEntry.objects.filter(object_id=recall.id).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["recall.started", "recall.done"]


def test_nobody_is_granted_it_again_by_itself(people: list[int], ruth: int) -> None:
    finish(begin(ruth))
    do_unit(people[0], "a", now=LATER)
    api.run_pending_evaluations(now=LATER)
    assert awards.held_badges(people[0]) == {}


def test_a_list_is_signed_once_for_a_piece(
    people: list[int], ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from microcred_app.applets.issuance import status

    signed: list[object] = []
    sign = status._publish
    monkeypatch.setattr(status, "_publish", lambda *args: (signed.append(args), sign(*args))[1])
    finish(begin(ruth))
    assert len(signed) == 1


def test_confirming_needs_what_was_looked_at(people: list[int], ruth: int) -> None:
    seen = backfill.preview_recall(ALL, now=LATER)
    do_unit(people[1], "b")
    with pytest.raises(backfill.RecallRefused, match="Other awards match now"):
        begin(ruth, seal=seen.seal, count=seen.awards)
    with pytest.raises(backfill.RecallRefused, match="Type the number"):
        begin(ruth, count=6)
    for reason in ("", "  \x00 ", "x" * 2_001):
        with pytest.raises((awards.ReasonMissing, awards.SuspensionRefused)):
            begin(ruth, words=awards.SuspensionWords(reason))
    assert backfill.list_recalls(issuer_slugs=None) == ()


def test_what_is_earned_after_the_confirmation_stays(people: list[int], ruth: int) -> None:
    recall = begin(ruth)
    do_unit(people[1], "b")
    finish(recall)
    assert set(awards.held_badges(people[1])) == {"brakes"}


def test_only_who_may_revoke_for_the_organisation_begins_or_ends_it(people: list[int], ruth: int) -> None:
    for stranger in (make_user("sam"), make_officer("olga", "auditor")):
        with pytest.raises(NotAllowed):
            begin(stranger)
    recall = begin(ruth)
    with pytest.raises(NotAllowed):
        backfill.cancel_recall(recall.id, actor_id=make_user("tom"), now=LATER)


def test_one_organisation_answers_for_it(people: list[int], ruth: int) -> None:
    badges.define_issuer(slug="college", name="A college", url="https://college.example")
    publish("foreign", {"outcome": "o.c"}, issuer_slug="college")
    do_unit(people[0], "c")
    with pytest.raises(backfill.RecallRefused, match="several organisations"):
        begin(ruth)
    assert backfill.preview_recall(awards.AwardFilter(["school"]), now=LATER).awards == 6
    assert "nothing to take back" in backfill.preview_recall(awards.AwardFilter([]), now=LATER).problem


def test_it_has_an_end(people: list[int], ruth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalls, "MAX_RECALL", 5)
    with pytest.raises(backfill.RecallRefused, match="More than 5"):
        begin(ruth)


def test_a_worker_that_dies_loses_one_piece_and_the_next_goes_on(
    people: list[int], ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalls, "PIECE", 2)
    recall = begin(ruth)
    calls: list[int] = []
    revoke = issuance.revoke_many

    def dies(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit
        return revoke(*args, **kwargs)

    monkeypatch.setattr(issuance, "revoke_many", dies)
    with pytest.raises(SystemExit):
        finish(recall)
    half = backfill.get_recall(recall.id)
    assert (half.state, half.done, Reversal.objects.count()) == ("running", 2, 2)
    assert finish(recall).taken == Reversal.objects.count() == 6


def test_what_somebody_took_back_meanwhile_is_passed_over(people: list[int], ruth: int) -> None:
    recall = begin(ruth)
    award = awards.held_badges(people[2])["safety"]
    awards.reverse_award(award, actor_id=ruth, reason="Copied", now=LATER)
    done = finish(recall)
    assert (done.done, done.taken) == (6, 5)
    assert Reversal.objects.get(award_id=award).reason == "Copied"


def test_cancelling_keeps_what_was_done(
    people: list[int], ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalls, "PIECE", 4)
    recall = begin(ruth)
    assert recalls._take_piece(recalls.UUID(recall.id), LATER)
    cancelled = backfill.cancel_recall(recall.id, actor_id=ruth, now=LATER)
    assert (cancelled.state, cancelled.taken) == ("cancelled", 4)
    assert finish(recall).taken == Reversal.objects.count() == 4
    with pytest.raises(backfill.RecallRefused, match="ended already"):
        backfill.cancel_recall(recall.id, actor_id=ruth, now=LATER)


def test_both_versions_of_an_upgrade_go(ruth: int) -> None:
    publish("safety", {"outcome": "o.a"})
    kim = make_user("kim")
    do_unit(kim, "a")
    terms = badges.Terms(holders_policy="upgrade")
    badges.publish_badge(definition("safety", {"outcome": "o.a"}, terms=terms), actor_id=None, now=LATER)
    backfill.begin_successions(LATER)
    for batch_id in backfill.open_batches():
        while backfill.work(batch_id, clock=lambda: LATER):
            pass
    assert len([one for one in awards.list_awards(learner_id=kim) if not one.reversed_at]) == 2
    newest = max(awards.list_awards(learner_id=kim), key=lambda one: one.badge.number)
    assert awards.standing_versions([newest.id]).keys() == {
        one.id for one in awards.list_awards(learner_id=kim)
    }
    older = min(awards.list_awards(learner_id=kim), key=lambda one: one.badge.number)
    assert awards.standing_versions([older.id]).keys() == {
        one.id for one in awards.list_awards(learner_id=kim)
    }
    finish(begin(ruth, awards.AwardFilter(None, state="held")))
    assert not [one for one in awards.list_awards(learner_id=kim) if not one.reversed_at]


@pytest.mark.parametrize("wrong", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_what_does_not_exist_is_refused(wrong: str) -> None:
    with pytest.raises(backfill.RecallNotFound):
        backfill.get_recall(wrong)
