"""A rule that acts on many: seen before, carried out in pieces, taken back as a whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from microcred_app import rules
from microcred_app.api import verify_credential
from microcred_app.applets.attainments.models import DueEvaluation
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import running
from microcred_app.applets.backfill.models import Batch, BatchSpan
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

LATER = NOW + timedelta(days=1)


def learners(count: int, letter: str = "a", prefix: str = "kim") -> list[int]:
    """Learners who did the unit before anything could be earned by it."""
    people = [make_user(f"{prefix}{number}") for number in range(count)]
    for learner in people:
        do_unit(learner, letter)
    return people


def finish(batch: backfill.BatchInfo, at: datetime = LATER) -> backfill.BatchInfo:
    while backfill.work(batch.id, clock=lambda: at):
        pass
    return backfill.get_batch(batch.id)


def holders(key: str) -> set[int]:
    return {award.learner_id for award in awards.list_awards(badge_key=key) if award.reversed_at is None}


def test_publishing_alone_awards_nobody_and_a_backfill_everybody_who_has_met_it() -> None:
    people = learners(5)
    publish("micro-a", {"outcome": "o.a"})
    assert holders("micro-a") == set()
    done = finish(backfill.start_batch("micro-a", actor_id=None, now=NOW))
    assert holders("micro-a") == set(people)
    assert (done.state, done.total, done.done, done.granted, done.failed) == ("done", 5, 5, 5, 0)
    assert done.percent == 100
    for award in awards.list_awards(badge_key="micro-a"):
        credential = issuance.credential_of_award(award.id)
        assert credential is not None
        assert verify_credential(credential.document, now=LATER).verdict == "valid"


def test_stacks_follow() -> None:
    people = learners(3)
    publish("micro-a", {"outcome": "o.a"})
    publish("macro", {"badge": "micro-a"}, kind="macro", achievement_type="Certificate")
    done = finish(backfill.start_batch("micro-a", actor_id=None, now=NOW))
    assert holders("macro") == set(people)
    assert done.granted == 6
    award = awards.list_awards(badge_key="macro")[0]
    parts = issuance.parts_of(issuance.credential_of_award(award.id).document)  # type: ignore[union-attr]
    assert [part.name for part in parts] == ["Badge micro-a"]


def test_doing_it_again_awards_nobody_twice() -> None:
    learners(4)
    publish("micro-a", {"outcome": "o.a"})
    finish(backfill.start_batch("micro-a", actor_id=None, now=NOW))
    again = finish(backfill.start_batch("micro-a", actor_id=None, now=NOW))
    assert (again.done, again.granted) == (4, 0)
    assert Award.objects.count() == Credential.objects.count() == 4


def test_it_can_be_paused_resumed_and_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    people = learners(6)
    publish("micro-a", {"outcome": "o.a"})
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)

    real, rounds = running._do_chunk, []

    def pause_after_one(span: BatchSpan, now: Any) -> bool:
        more = real(span, now)
        if not rounds:
            backfill.pause_batch(batch.id, actor_id=None, now=LATER)
        rounds.append(1)
        return more

    monkeypatch.setattr(running, "_do_chunk", pause_after_one)
    assert backfill.work(batch.id, clock=lambda: LATER) is False
    assert holders("micro-a") == set(people[:2])
    assert backfill.get_batch(batch.id).state == "paused"
    assert backfill.work(batch.id, clock=lambda: LATER) is False

    backfill.resume_batch(batch.id, actor_id=None, now=LATER)
    assert finish(batch).state == "done"
    assert holders("micro-a") == set(people)
    with pytest.raises(backfill.BatchRefused, match="Done"):
        backfill.cancel_batch(batch.id, actor_id=None, now=LATER)


def test_a_killed_worker_continues_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    people = learners(6)
    publish("micro-a", {"outcome": "o.a"})
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)
    real, chunks = running._grant_all, []

    class Killed(BaseException):
        """Nothing below catches this, as nothing catches SIGKILL."""

    def dies_in_the_second_chunk(*args: Any) -> int:
        chunks.append(args[2])
        failed = real(*args)
        if len(chunks) == 2:
            raise Killed
        return failed

    with monkeypatch.context() as patch:
        patch.setattr(running, "_grant_all", dies_in_the_second_chunk)
        with pytest.raises(Killed):
            backfill.work(batch.id, clock=lambda: LATER)
    assert holders("micro-a") == set(people[:4])
    assert backfill.get_batch(batch.id).done == 2  # the second chunk was written and not yet passed

    assert backfill.work(batch.id, clock=lambda: LATER) is True  # the dead worker's piece is still its own
    after_the_lease = LATER + running.LEASE
    assert backfill.work(batch.id, clock=lambda: after_the_lease) is False
    done = backfill.get_batch(batch.id)
    assert (done.state, done.done, done.granted) == ("done", 6, 6)
    assert holders("micro-a") == set(people)
    assert Award.objects.count() == 6


def test_somebody_who_cannot_be_signed_for_is_counted_and_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = learners(4)
    publish("micro-a", {"outcome": "o.a"})
    real = issuance.sign_due

    def refuse_one(found: Any, *, now: Any) -> Any:
        if people[1] in {award.learner_id for award in found}:
            raise issuance.AwardsRefused("no", {})
        return real(found, now=now)

    monkeypatch.setattr(issuance, "sign_due", refuse_one)
    done = finish(backfill.start_batch("micro-a", actor_id=None, now=NOW))
    assert (done.state, done.granted, done.failed) == ("done", 3, 1)
    assert holders("micro-a") == set(people) - {people[1]}


def test_one_at_a_time_for_each_badge() -> None:
    learners(1)
    publish("micro-a", {"outcome": "o.a"})
    backfill.start_batch("micro-a", actor_id=None, now=NOW)
    with pytest.raises(backfill.BatchRefused, match="under way"):
        backfill.start_batch("micro-a", actor_id=None, now=NOW)


def test_undoing_takes_back_everything_and_only_that() -> None:
    registrar = make_officer("ruth")
    publish("micro-b", {"outcome": "o.b"})
    kept = make_user("ben")
    do_unit(kept, "b")
    people = learners(3)
    publish("micro-a", {"outcome": "o.a"})
    batch = finish(backfill.start_batch("micro-a", actor_id=registrar, now=NOW))
    with pytest.raises(awards.ReasonMissing):
        backfill.undo_batch(batch.id, actor_id=registrar, reason=" ", now=LATER)
    backfill.undo_batch(batch.id, actor_id=registrar, reason="Wrong rule", now=LATER)
    assert finish(batch).state == "undone"
    assert holders("micro-a") == set()
    assert holders("micro-b") == {kept}
    for credential in Credential.objects.filter(learner_id__in=people):
        assert verify_credential(bytes(credential.document), now=LATER).verdict == "invalid"
    entries = audit.list_entries(object_type="batch", object_id=batch.id)
    assert [entry.action for entry in entries] == ["backfill.undone", "backfill.done", "backfill.started"]
    assert entries[0].reason == "Wrong rule"
    again = finish(backfill.start_batch("micro-a", actor_id=registrar, now=LATER))
    assert again.granted == 0, "what a person took back does not come back by itself"


def test_what_is_under_way_cannot_be_undone() -> None:
    learners(1)
    publish("micro-a", {"outcome": "o.a"})
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)
    with pytest.raises(backfill.BatchRefused, match="Cancel it first"):
        backfill.undo_batch(batch.id, actor_id=make_officer("ruth"), reason="No", now=NOW)


@override_settings(MICROCRED={"BACKFILL_GRACE_HOURS": 2})
def test_the_grace_period_is_the_operators() -> None:
    publish("micro-a", {"outcome": "o.a"})
    assert backfill.start_batch("micro-a", actor_id=None, now=NOW).hold_until == NOW + timedelta(hours=2)


def test_a_preview_tells_who_gains_and_who_does_not_qualify_any_more_and_writes_nothing() -> None:
    holders_now = learners(2, prefix="old")
    publish("micro-a", {"outcome": "o.a"})
    finish(backfill.start_batch("micro-a", actor_id=None, now=NOW), NOW)
    both = make_user("both")
    do_unit(both, "a")
    do_unit(both, "b")
    only_b = make_user("onlyb")
    do_unit(only_b, "b")
    publish("macro", {"badge": "micro-a"}, kind="macro", achievement_type="Certificate")
    before = [rows.objects.count() for rows in (Award, Credential, Batch, DueEvaluation)]

    seen = backfill.preview_requirement("micro-a", rules.parse_requirement({"outcome": "o.b"}), now=LATER)
    assert seen.gains == (only_b,)
    assert seen.keeps == (both,)
    assert seen.no_longer == tuple(holders_now)
    assert seen.stacks == (("macro", 1),)
    assert (seen.credentials, seen.looked_at) == (2, 4)
    assert [rows.objects.count() for rows in (Award, Credential, Batch, DueEvaluation)] == before


def test_a_preview_is_what_then_happens() -> None:
    learners(3)
    taken_back = learners(1, prefix="tom")[0]
    publish("micro-a", {"outcome": "o.b"})
    do_unit(taken_back, "b")
    award_id = awards.held_badges(taken_back)["micro-a"]
    awards.reverse_award(award_id, actor_id=make_officer("ruth"), reason="Cheated", now=NOW)
    rule = {"any": [{"outcome": "o.a"}, {"outcome": "o.b"}]}
    seen = backfill.preview_requirement("micro-a", rules.parse_requirement(rule), now=LATER)
    assert seen.taken_back == (taken_back,)
    publish("micro-a", rule)
    finish(backfill.start_batch("micro-a", actor_id=None, now=LATER))
    assert holders("micro-a") == set(seen.gains)


def test_the_number_of_statements_does_not_grow_with_the_chunk() -> None:
    publish("micro-b", {"outcome": "o.b"})  # so that keys and lists exist
    do_unit(make_user("first"), "b")

    def statements(prefix: str, count: int, key: str) -> int:
        learners(count, prefix=prefix)
        publish(key, {"outcome": "o.a"})
        batch = backfill.start_batch(key, actor_id=None, now=NOW)
        with CaptureQueriesContext(connection) as captured:
            finish(batch)
        return len(captured)

    assert statements("many", 40, "second") <= statements("few", 2, "first") + 6
