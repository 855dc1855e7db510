"""A rule that acts on many: seen before, carried out in pieces, taken back as a whole."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from microcred_app import rules, tasks
from microcred_app.api import verify_credential
from microcred_app.applets.attainments.models import DueEvaluation
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import batches, running
from microcred_app.applets.backfill.models import Batch, BatchSpan
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from microcred_app.management.commands import microcred_worker
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
    assert again.granted == 0, "the version that was wrong does not come back"


def undo(batch: backfill.BatchInfo, registrar: int) -> None:
    backfill.undo_batch(batch.id, actor_id=registrar, reason="Wrong rule", now=LATER)
    assert finish(batch).state == "undone"


def test_what_was_undone_as_a_whole_may_be_granted_by_a_better_version() -> None:
    registrar = make_officer("ruth")
    people = learners(3)
    publish("micro-a", {"outcome": "o.a"})
    undo(finish(backfill.start_batch("micro-a", actor_id=registrar, now=NOW)), registrar)
    for learner in people:
        do_unit(learner, "b")
    assert holders("micro-a") == set(), "an event does not grant the undone version either"
    better = {"all": [{"outcome": "o.a"}, {"outcome": "o.b"}]}
    seen = backfill.preview_requirement("micro-a", rules.parse_requirement(better), now=LATER)
    assert (seen.gains, seen.taken_back) == (tuple(people), ())
    publish("micro-a", better)
    assert finish(backfill.start_batch("micro-a", actor_id=registrar, now=LATER)).granted == 3
    assert holders("micro-a") == set(people)
    numbers = sorted(award.badge.number for award in awards.list_awards(badge_key="micro-a"))
    assert numbers == [1, 1, 1, 2, 2, 2]


def test_the_preview_of_the_undone_version_says_that_it_was_taken_back() -> None:
    registrar = make_officer("ruth")
    people = learners(2)
    published = publish("micro-a", {"outcome": "o.a"})
    undo(finish(backfill.start_batch("micro-a", actor_id=registrar, now=NOW)), registrar)
    seen = backfill.preview_requirement("micro-a", published.requirement, now=LATER)
    assert (seen.gains, seen.taken_back) == ((), tuple(people))


def test_what_a_person_took_back_is_granted_by_no_version() -> None:
    registrar = make_officer("ruth")
    fair, cheat = learners(2)
    publish("micro-a", {"outcome": "o.a"})
    finish(backfill.start_batch("micro-a", actor_id=registrar, now=NOW))
    awards.reverse_award(
        awards.held_badges(cheat)["micro-a"], actor_id=registrar, reason="Cheated", now=LATER
    )
    publish("micro-a", {"all": [{"outcome": "o.a"}]})
    finish(backfill.start_batch("micro-a", actor_id=registrar, now=LATER))
    assert holders("micro-a") == {fair}


def test_an_undone_part_does_not_keep_its_stack_from_being_granted_by_the_better_part() -> None:
    registrar = make_officer("ruth")
    [learner] = learners(1)
    publish("micro-a", {"outcome": "o.a"})
    undo(finish(backfill.start_batch("micro-a", actor_id=registrar, now=NOW)), registrar)
    publish("macro", {"badge": "micro-a"}, kind="macro", achievement_type="Certificate")
    publish("micro-a", {"all": [{"outcome": "o.a"}]})
    finish(backfill.start_batch("micro-a", actor_id=registrar, now=LATER))
    assert awards.held_badges(learner).keys() == {"micro-a", "macro"}


@pytest.mark.parametrize("ending", ["another version", "retired"])
def test_a_backfill_whose_version_is_not_in_force_any_more_ends(
    ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    people = learners(4)
    publish("micro-a", {"outcome": "o.a"})
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)
    backfill.work(batch.id, clock=lambda: NOW, seconds=0.0)
    span = running._take_span(Batch.objects.get().pk, NOW)
    assert span is not None
    assert running._do_chunk(span, NOW)
    if ending == "retired":
        badges.retire_badge("micro-a", reason="Gone", actor_id=None, now=NOW)
    else:
        publish("micro-a", {"outcome": "o.b"})
    assert backfill.work(batch.id, clock=lambda: NOW + running.LEASE) is False
    ended = backfill.get_batch(batch.id)
    assert (ended.state, ended.granted, ended.finished_at) == ("cancelled", 2, NOW + running.LEASE)
    assert {award.learner_id for award in awards.list_awards(badge_key="micro-a")} == set(people[:2])
    entries = audit.list_entries(object_type="batch", object_id=batch.id)
    assert [entry.action for entry in entries] == ["backfill.superseded", "backfill.started"]
    assert entries[0].details == {"badge": "micro-a", "version": 1}
    assert entries[0].actor_id is None
    assert backfill.work(batch.id, clock=lambda: LATER) is False, "it ends once"
    assert len(audit.list_entries(object_type="batch", object_id=batch.id)) == 2


def test_learners_are_looked_for_once_and_not_for_every_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    people = learners(5)
    publish("micro-a", {"outcome": "o.a"})
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)
    monkeypatch.setattr(running, "concerned_between", lambda *_args: pytest.fail("asked again"))
    assert finish(batch).granted == 5
    assert holders("micro-a") == set(people)


def test_a_piece_that_was_cut_before_pieces_named_learners_is_done_as_well() -> None:
    people = learners(3)
    publish("micro-a", {"outcome": "o.a"})
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)
    BatchSpan.objects.update(learner_ids=b"")
    assert finish(batch).granted == 3
    assert holders("micro-a") == set(people)


def test_two_workers_share_a_backfill_and_nobody_is_awarded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)
    monkeypatch.setattr(batches, "SPAN", 6)
    people = learners(24)
    publish("micro-a", {"outcome": "o.a"})
    publish("macro", {"badge": "micro-a"}, kind="macro", achievement_type="Certificate")
    batch = backfill.start_batch("micro-a", actor_id=None, now=NOW)

    def work(_number: int) -> None:
        try:
            while backfill.work(batch.id, clock=lambda: LATER):
                time.sleep(0.05)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    done = backfill.get_batch(batch.id)
    assert (done.state, done.done, done.granted, done.failed) == ("done", 24, 48, 0)
    assert holders("micro-a") == holders("macro") == set(people)
    assert Credential.objects.values("status_list", "status_index").distinct().count() == 48


@pytest.mark.parametrize(("used_up", "wait"), [(True, 1), (False, tasks.WAIT_FOR_OTHERS_SECONDS)])
def test_a_task_that_found_nothing_free_does_not_ask_again_at_once(
    used_up: bool, wait: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others hold the last pieces until their leases run out."""
    asked: list[tuple[Any, Any]] = []
    moments = iter((0.0, tasks.BACKFILL_TURN_SECONDS if used_up else 0.5))
    monkeypatch.setattr(tasks, "work", lambda *_args, **_kwargs: True)
    monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    monkeypatch.setattr(
        tasks.backfill_task, "apply_async", lambda args, countdown: asked.append((args, countdown))
    )
    tasks._backfill("some-batch")
    assert asked == [(("some-batch",), wait)]


def test_a_job_that_fails_does_not_stop_the_worker_command(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    learners(2)
    publish("micro-a", {"outcome": "o.a"})
    backfill.start_batch("micro-a", actor_id=None, now=NOW)
    owed = make_user("owed")
    with monkeypatch.context() as patch:
        patch.setattr("microcred_app.applets.awards.api.find_due", lambda *_a, **_k: 1 / 0)
        do_unit(owed, "a")
    assert holders("micro-a") == set()

    def fail(*_args: Any, **_kwargs: Any) -> bool:
        raise RuntimeError("a broken job")

    monkeypatch.setattr(microcred_worker, "work", fail)
    call_command("microcred_worker", "--once", stdout=StringIO())
    assert holders("micro-a") == {owed}
    assert "failed; it is tried again" in caplog.text


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
