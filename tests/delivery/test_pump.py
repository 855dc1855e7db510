"""Many pushes at a time: places share the threads, failing ones are left alone, nothing that was claimed is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from microcred_app.applets.delivery.health import FAILURES_BEFORE_PAUSE, HealthBook, list_targets, pause_after
from microcred_app.applets.delivery.lane import Done, Job, Recorded
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.delivery.pump import Pump, WorkDone
from microcred_app.applets.delivery.push import Outcome

ARRIVED = Outcome("delivered", "created", 201)
AWAY = Outcome("retry", "host_unreachable")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class PaperLane:
    """Rows in memory; *answers* says what sending to a place comes to."""

    rows: list[tuple[UUID, str]]
    answers: Callable[[str], Outcome]
    name: str = "paper"
    ended: list[Done] = field(default_factory=list)
    released: list[Job] = field(default_factory=list)
    under_way: Counter[str] = field(default_factory=Counter)
    most: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self, now: datetime, limit: int, worker: str, *, avoid: Collection[str]) -> Sequence[Job]:
        taken = [row for row in self.rows if row[1] not in avoid][:limit]
        self.rows = [row for row in self.rows if row not in taken]
        return [Job(pk, "token", target, 1, now, None) for pk, target in taken]

    def send(self, job: Job, *, now: datetime, guard: OutboundGuard) -> tuple[Outcome, Any]:
        with self.lock:
            self.under_way[job.target] += 1
            self.most[job.target] = max(self.most[job.target], self.under_way[job.target])
        try:
            return self.answers(job.target), None
        finally:
            with self.lock:
                self.under_way[job.target] -= 1

    def record(self, done: Sequence[Done], *, worker: str) -> Recorded:
        self.ended += done
        return Recorded(done)

    def release(self, jobs: Sequence[Job], *, until: datetime) -> None:
        self.released += jobs


def rows(*targets: str, each: int) -> list[tuple[UUID, str]]:
    return [(uuid4(), target) for target in targets for _n in range(each)]


def pump(lane: PaperLane, *, connections: int = 8, clock: Callable[[], datetime] | None = None) -> Pump:
    return Pump(
        lane, worker="w", guard=OutboundGuard(admit_loopback=True),
        clock=clock or (lambda: datetime.now(UTC)), connections=connections,
    )  # fmt: skip


@pytest.mark.django_db
def test_everything_due_is_sent_once_and_recorded_once():
    lane = PaperLane(rows("paper:1", "paper:2", "paper:3", each=70), lambda _target: ARRIVED)
    everything = {pk for pk, _target in lane.rows}
    assert pump(lane).run(seconds=30) == WorkDone(delivered=210)
    assert Counter(done.job.row_id for done in lane.ended) == dict.fromkeys(everything, 1)
    assert lane.released == []


@pytest.mark.django_db
def test_a_slow_place_with_a_long_queue_leaves_room_for_the_others():
    def answer(target: str) -> Outcome:
        time.sleep(0.3 if target == "paper:slow" else 0.005)
        return ARRIVED

    # The slow place stands first in the queue and has most of it.
    lane = PaperLane(rows("paper:slow", each=60) + rows("paper:quick", each=60), answer)
    finished: dict[str, float] = {}
    record = lane.record

    def record_with_time(done: Sequence[Done], *, worker: str) -> Recorded:
        finished.update((entry.job.target, time.monotonic()) for entry in done)
        return record(done, worker=worker)

    lane.record = record_with_time  # type: ignore[method-assign]
    began = time.monotonic()
    assert pump(lane).run(seconds=60).delivered == 120
    assert finished["paper:quick"] - began < 0.75 * (finished["paper:slow"] - began)


@pytest.mark.django_db
def test_a_place_that_fails_five_times_is_left_alone_and_others_go_on():
    lane = PaperLane(
        rows("paper:down", each=50) + rows("paper:up", each=50),
        lambda target: AWAY if target == "paper:down" else ARRIVED,
    )
    done = pump(lane, connections=2).run(seconds=30)
    assert done.delivered == 50
    tried = [entry for entry in lane.ended if entry.job.target == "paper:down"]
    # What was with the threads when the fifth failure came is tried too, and no more.
    assert 5 <= len(tried) <= 8
    assert len(lane.released) + len(tried) + len(lane.rows) == 50
    [state] = list_targets()
    assert (state.target, state.last_code) == ("paper:down", "host_unreachable")
    assert state.failures_in_row == FAILURES_BEFORE_PAUSE <= len(tried)


@pytest.mark.django_db
def test_after_its_pause_a_place_is_tried_with_one_push_and_then_with_all():
    clock = {"now": NOW}
    health = HealthBook()
    health.note("paper:1", [AWAY] * 5, now=NOW)
    lane = PaperLane(rows("paper:1", each=20), lambda _target: ARRIVED)
    assert pump(lane, clock=lambda: clock["now"]).run(seconds=5).total == 0, "still paused"

    clock["now"] = NOW + timedelta(minutes=20)
    seen: list[int] = []

    def answer(_target: str) -> Outcome:
        seen.append(lane.under_way["paper:1"])
        time.sleep(0.02)
        return ARRIVED

    lane.answers = answer
    assert pump(lane, clock=lambda: clock["now"]).run(seconds=5).delivered == 20
    assert seen[0] == 1
    assert max(seen) > 1, "once it answers, it gets its share again"
    assert list_targets() == ()


@pytest.mark.django_db
def test_a_place_that_says_when_to_come_back_is_believed_at_once():
    busy = Outcome("retry", "too_busy", 429, retry_after=120.0)
    assert HealthBook().note("paper:1", [busy], now=NOW).paused_until == NOW + timedelta(seconds=120)
    assert HealthBook().read(NOW) == ("paper:1",)
    assert HealthBook().read(NOW + timedelta(seconds=121)) == ()


def test_pauses_grow_and_end_growing():
    pauses = [pause_after(failures, AWAY) for failures in range(1, 40)]
    assert pauses[:4] == [None] * 4
    assert pauses[4:7] == [timedelta(seconds=seconds) for seconds in (15, 30, 60)]
    assert max(pause for pause in pauses if pause) == timedelta(minutes=10)
    endless = Outcome("retry", "too_busy", retry_after=1e9)
    assert pause_after(1, endless) == timedelta(hours=1)


@pytest.mark.django_db
def test_what_was_under_way_when_a_place_went_away_makes_its_pause_no_longer():
    book = HealthBook()
    first = book.note("paper:1", [AWAY] * 32, now=NOW).paused_until
    assert first == NOW + pause_after(FAILURES_BEFORE_PAUSE, AWAY)
    assert book.note("paper:1", [AWAY] * 20, now=NOW + timedelta(seconds=3)).paused_until == first
    after = first + timedelta(seconds=1)
    assert book.note("paper:1", [AWAY], now=after).paused_until == after + pause_after(
        FAILURES_BEFORE_PAUSE + 1, AWAY
    )
    busy = Outcome("retry", "too_busy", 429, retry_after=600.0)
    assert book.note("paper:1", [busy], now=after).paused_until == after + timedelta(minutes=10)


@pytest.mark.django_db
def test_a_refusal_is_an_answer_of_a_place_that_works():
    book = HealthBook()
    book.note("paper:1", [AWAY] * 4 + [Outcome("dead", "refused", 400)] + [AWAY] * 4, now=NOW)
    assert book.read(NOW) == ()


@pytest.mark.django_db
def test_when_asked_to_stop_it_finishes_what_is_under_way_and_gives_the_rest_back():
    stop = threading.Event()

    def answer(_target: str) -> Outcome:
        stop.set()
        time.sleep(0.05)
        return ARRIVED

    lane = PaperLane(rows("paper:1", each=100), answer)
    done = pump(lane, connections=2).run(seconds=30, stop=stop)
    assert done.delivered == len(lane.ended) > 0
    assert len(lane.released) > 0
    assert len(lane.ended) + len(lane.released) + len(lane.rows) == 100


@pytest.mark.django_db
def test_a_lane_that_breaks_costs_a_try_and_not_the_worker():
    def answer(_target: str) -> Outcome:
        raise RuntimeError("a bug")

    lane = PaperLane(rows("paper:1", each=3), answer)
    assert pump(lane).run(seconds=10) == WorkDone(postponed=3)
    assert {entry.outcome.code for entry in lane.ended} == {"internal"}
