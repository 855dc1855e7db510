"""A preview that concerns many: in pieces, by any number of workers, kept for a while, never begun twice."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from microcred_app import rules, tasks
from microcred_app.applets.awards.models import Award
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.backfill import preview_runs
from microcred_app.applets.backfill.models import PreviewPiece, PreviewRun
from microcred_app.applets.backfill.population import pack_ids, unpack_ids
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

RULE = rules.parse_requirement({"outcome": "o.a"})


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Five learners, which are many here, in pieces of two; a worker does them."""
    monkeypatch.setattr(preview_runs, "AT_ONCE", 3)
    monkeypatch.setattr(preview_runs, "CHUNK", 2)
    people = [make_user(f"kim{number}") for number in range(5)]
    for person in people:
        do_unit(person, "a")
    return people


def ask(**changes: Any) -> backfill.PreviewInfo:
    return backfill.request_preview("micro-a", RULE, **({"actor_id": None, "now": NOW} | changes))


def finish(info: backfill.PreviewInfo) -> backfill.PreviewInfo:
    while backfill.work_on_preview(info.id, clock=lambda: NOW, seconds=60.0):
        pass
    return backfill.get_preview(info.id)


def test_few_learners_are_answered_at_once() -> None:
    person = make_user()
    do_unit(person, "a")
    info = ask()
    assert info.preview is not None
    assert (info.state, info.preview.gains, info.percent) == ("done", (person,), 100)


def test_many_learners_are_a_job_and_the_answer_is_the_same(many: list[int]) -> None:
    info = ask()
    assert (info.state, info.preview, info.total, info.percent) == ("running", None, None, 0)
    assert backfill.open_previews() == (info.id,)
    done = finish(info)
    assert (done.total, done.done) == (5, 5)
    assert done.preview == backfill.preview_requirement("micro-a", RULE, now=NOW)
    assert done.preview is not None
    assert done.preview.gains == tuple(many)
    assert backfill.open_previews() == ()
    assert not Award.objects.exists()


def test_progress_is_told_while_it_runs(many: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    info = ask()
    real, seen = preview_runs._compute, []

    def watched(*args: Any) -> None:
        real(*args)
        found = backfill.get_preview(info.id)
        seen.append((found.done, found.percent, found.preview))

    monkeypatch.setattr(preview_runs, "_compute", watched)
    finish(info)
    assert seen == [(2, 40, None), (4, 80, None), (5, 99, None)]


def test_everything_that_a_preview_tells_survives_the_pieces(many: list[int]) -> None:
    publish("micro-a", {"outcome": "o.b"})
    publish("macro", {"badge": "micro-a"}, kind="macro", achievement_type="Certificate")
    do_unit(many[0], "b")
    do_unit(make_user("onlyb"), "b")
    node = rules.parse_requirement({"outcome": "o.a", "minimum_score": 0.1})
    done = finish(backfill.request_preview("micro-a", node, actor_id=None, now=NOW))
    assert done.preview is not None
    assert done.preview == backfill.preview_requirement("micro-a", node, now=NOW)
    assert done.preview.stacks == (("macro", 4),)
    assert [len(done.preview.keeps), len(done.preview.no_longer)] == [1, 1]


def test_the_same_question_is_one_run(many: list[int]) -> None:
    first = ask()
    assert ask(again=True).id == first.id, "a run that is under way is not begun twice"
    finish(first)
    assert ask().id == first.id
    second = ask(again=True)
    assert second.id != first.id
    assert PreviewRun.objects.count() == 2
    other = backfill.request_preview("micro-b", RULE, actor_id=None, now=NOW)
    assert other.id not in (first.id, second.id)


def test_an_answer_is_fresh_for_ten_minutes_and_kept_for_a_day(many: list[int]) -> None:
    first = finish(ask())
    assert ask(now=NOW + timedelta(minutes=9)).id == first.id
    later = ask(now=NOW + timedelta(minutes=11))
    assert later.id != first.id
    finish(later)
    ask(now=NOW + timedelta(days=1, minutes=5))
    with pytest.raises(backfill.PreviewNotFound):
        backfill.get_preview(first.id)
    assert PreviewPiece.objects.filter(run_id=first.id).count() == 0


def test_a_run_that_nobody_finished_is_given_up_for_a_new_one(many: list[int]) -> None:
    first = ask()
    assert ask(now=NOW + timedelta(minutes=59)).id == first.id
    assert ask(now=NOW + timedelta(minutes=61)).id != first.id


def test_other_definitions_are_another_question(many: list[int]) -> None:
    first = ask()
    backfill.work_on_preview(first.id, clock=lambda: NOW, seconds=0.0)
    publish("micro-b", {"outcome": "o.b"})
    assert backfill.work_on_preview(first.id, clock=lambda: NOW, seconds=60.0) is False
    assert backfill.get_preview(first.id).state == "outdated"
    second = ask()
    assert second.id != first.id
    assert finish(second).preview is not None


def test_a_killed_worker_loses_nothing(many: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """Nothing catches this, as nothing catches SIGKILL."""

    info, real, calls = ask(), preview_runs.tally_of, []

    def dies(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(preview_runs, "tally_of", dies)
        with pytest.raises(Killed):
            backfill.work_on_preview(info.id, clock=lambda: NOW, seconds=60.0)
    assert backfill.get_preview(info.id).done == 2
    assert backfill.work_on_preview(info.id, clock=lambda: NOW, seconds=60.0) is True, (
        "its piece is still its own"
    )
    after = NOW + preview_runs.LEASE
    assert backfill.work_on_preview(info.id, clock=lambda: after, seconds=60.0) is False
    found = backfill.get_preview(info.id).preview
    assert found is not None
    assert found.gains == tuple(many)


def test_a_worker_that_was_given_up_for_dead_changes_nothing(many: list[int]) -> None:
    info = ask()
    backfill.work_on_preview(info.id, clock=lambda: NOW, seconds=0.0)
    run = PreviewRun.objects.get(pk=info.id)
    late = preview_runs._take_piece(run, NOW)
    successor = preview_runs._take_piece(run, NOW + preview_runs.LEASE)
    assert late is not None
    assert successor is not None
    assert late.pk == successor.pk
    from microcred_app.applets.badges import api as badges

    preview_runs._compute(late, preview_runs.question_of("micro-a", RULE, badges.current_definitions(), NOW))
    assert not PreviewPiece.objects.get(pk=late.pk).finished


def test_one_person_cannot_keep_all_workers_busy(many: list[int]) -> None:
    person = make_officer("ruth")
    for number in range(preview_runs.MOST_AT_ONCE):
        backfill.request_preview(f"b{number}", RULE, actor_id=person, now=NOW)
    with pytest.raises(backfill.PreviewRefused, match="Wait until one of them is done"):
        backfill.request_preview("one-more", RULE, actor_id=person, now=NOW)
    finish(backfill.request_preview("b0", RULE, actor_id=person, now=NOW))
    assert backfill.request_preview("one-more", RULE, actor_id=person, now=NOW).state == "running"


def test_as_of_now_means_now_for_few_and_the_fresh_run_for_many(many: list[int]) -> None:
    later = NOW + timedelta(minutes=5)
    large = finish(ask())
    assert backfill.preview_as_of_now("micro-a", RULE, actor_id=None, now=later).id == large.id
    node = rules.parse_requirement({"outcome": "o.b"})
    small = backfill.request_preview("micro-a", node, actor_id=None, now=NOW)
    assert backfill.preview_as_of_now("micro-a", node, actor_id=None, now=later).at == later
    assert small.at == NOW


@pytest.mark.parametrize("run_id", ["", "x", "41868c34-2eae-401a-9a1e-731d80d68cd9", "0" * 300])
def test_an_unknown_run_is_not_found(run_id: str) -> None:
    with pytest.raises(backfill.PreviewNotFound, match="kept for a day"):
        backfill.get_preview(run_id)


def test_the_worker_command_computes_it(many: list[int]) -> None:
    info = ask()
    call_command("microcred_worker", "--once", stdout=StringIO())
    assert backfill.get_preview(info.id).preview is not None


@override_settings(MICROCRED={"USE_CELERY": True, "BACKFILL_TASKS": 2})
def test_tasks_are_started_and_each_does_a_turn(many: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(tasks.preview_task, "delay", started.append)
    info = ask()
    assert started == [info.id, info.id]
    tasks.preview_task.apply((info.id,), throw=True)
    assert backfill.get_preview(info.id).preview is not None


def test_ids_are_packed_the_same_everywhere() -> None:
    ids = [1, 2, 2**40, 2**62]
    assert pack_ids([1]) == b"\x01\0\0\0\0\0\0\0"
    assert unpack_ids(pack_ids(ids)) == ids
    assert unpack_ids(b"") == []
