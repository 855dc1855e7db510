"""Moves due rows to where they belong, many at the same time: one thread with the tables, others with the network.

The pump claims in batches, hands jobs to threads that do nothing but one request each, and records what came of them
in batches. Places share the threads: a place that answers slowly, or whose queue is long, cannot take more than its
share while others have something due; one that fails is left alone as :mod:`.health` says. Whatever happens to the
process, each row is found again when its lease runs out.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .claiming import lease
from .health import HealthBook
from .lane import Done, Job, Lane
from .outbound_guard import OutboundGuard
from .outbound_kept import KeptConnections
from .push import Outcome

__all__ = ["Pump", "WorkDone"]

log = logging.getLogger(__name__)

#: Results are written together, when there are this many or the first has waited this long.
BATCH = 64
_WRITE_WITHIN = 0.1
_LOOK_AGAIN = 0.25


@dataclass(frozen=True)
class WorkDone:
    """What one run of a worker came to."""

    delivered: int = 0
    postponed: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """How many rows were worked on."""
        return self.delivered + self.postponed + self.failed

    def with_outcomes(self, outcomes: Iterable[Outcome]) -> WorkDone:
        """With these added."""
        kinds = [outcome.kind for outcome in outcomes]
        arrived, dead = kinds.count("delivered"), kinds.count("dead")
        return WorkDone(
            self.delivered + arrived, self.postponed + len(kinds) - arrived - dead, self.failed + dead
        )


class Pump:
    """One worker's work on one lane. Use it from one thread; *connections* requests are under way at most."""

    def __init__(
        self,
        lane: Lane,
        *,
        worker: str,
        guard: OutboundGuard,
        clock: Callable[[], datetime],
        connections: int = 16,
    ) -> None:
        self._lane = lane
        self._worker = worker
        self._kept = KeptConnections()
        self._guard = replace(guard, kept=self._kept)
        self._clock = clock
        self._connections = max(1, connections)
        self._health = HealthBook()
        self._waiting: dict[str, deque[Job]] = defaultdict(deque)
        self._under_way: dict[str, int] = defaultdict(int)
        self._turns: deque[str] = deque()
        self._look_at = 0.0
        self._full_before: frozenset[str] = frozenset()
        self._threads = 0
        self._todo: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Done] = queue.SimpleQueue()

    def run(self, *, seconds: float, stop: threading.Event | None = None) -> WorkDone:
        """Work until nothing is due, *seconds* are over or *stop* is set.

        What is under way is waited for and recorded before it returns; what was claimed and not begun is given back.
        """
        try:
            return self._pump(time.monotonic() + seconds, stop or threading.Event())
        finally:
            for _thread in range(self._threads):
                self._todo.put(None)
            self._threads = 0
            self._give_back(self._clock())
            self._kept.close()

    def _pump(self, until: float, stop: threading.Event) -> WorkDone:
        done_so_far = WorkDone()
        while True:
            closing = stop.is_set() or time.monotonic() >= until
            dry = False
            if not closing:
                dry = self._fill()
                self._hand_out()
            if self._in_flight() == 0 and (closing or dry):
                return done_so_far
            done = self._collect()
            if done:
                recorded = self._lane.record(done, worker=self._worker)
                self._note(done)
                self._queue(recorded.again)
                done_so_far = done_so_far.with_outcomes(entry.outcome for entry in recorded.ended)

    def _fill(self) -> bool:
        """Claim more where a queue runs low, and look now and then whether other places wait; whether nothing at all
        is left to do."""
        idle = self._in_flight() == 0 and self._queued() == 0
        # A place with a queue gets no more of it claimed, or it would take the room of all others.
        full = frozenset(place for place, jobs in self._waiting.items() if len(jobs) >= self._share(place))
        if not idle and full == self._full_before and time.monotonic() < self._look_at:
            return False
        room = max(4 * self._connections - self._queued(), self._connections)
        now = self._clock()
        jobs = self._lane.claim(now, room, self._worker, avoid=(*self._health.read(now), *full))
        self._queue(jobs)
        self._full_before = full
        self._look_at = time.monotonic() + (_LOOK_AGAIN if len(jobs) < room else 0.0)
        return idle and not jobs

    def _queue(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if not self._waiting[job.target]:
                self._turns.append(job.target)
            self._waiting[job.target].append(job)

    def _queued(self) -> int:
        return sum(map(len, self._waiting.values()))

    def _in_flight(self) -> int:
        return sum(self._under_way.values())

    def _share(self, target: str) -> int:
        """How many jobs one place may have with the threads: one while it is probed, else its part of all. A place that
        is alone may have as many again, so that threads find the next one while this thread is writing."""
        if self._health.of(target).probing:
            return 1
        active = {place for place, number in self._under_way.items() if number} | {
            place for place, jobs in self._waiting.items() if jobs
        }
        others = len(active - {target})
        return max(1, self._connections // (others + 1)) if others else 2 * self._connections

    def _hand_out(self) -> None:
        """Give threads what is waiting, one job of each place in turn."""
        now = self._clock()
        for target in self._places_in_turn():
            jobs = self._waiting[target]
            if self._health.of(target).paused(now):
                self._give_back(now, target)
                continue
            job = jobs.popleft()
            if now - job.claimed_at > lease() / 2:  # it could run out while the job is being sent
                self._lane.release([job], until=now)
                continue
            self._under_way[target] += 1
            self._todo.put(job)
            self._hire()

    def _hire(self) -> None:
        """A thread for each request that is under way, up to the limit."""
        if self._threads < min(self._connections, self._in_flight()):
            self._threads += 1
            name = f"microcred-{self._lane.name}-{self._threads}"
            threading.Thread(target=self._send_forever, daemon=True, name=name).start()

    def _places_in_turn(self) -> Iterator[str]:
        """Places with something waiting and room for it, as long as there is a free thread."""
        passed_over = 0
        while self._turns and passed_over < len(self._turns) and self._in_flight() < 2 * self._connections:
            target = self._turns.popleft()
            if not self._waiting[target]:
                del self._waiting[target]
                continue
            self._turns.append(target)
            if self._under_way[target] >= self._share(target):
                passed_over += 1
                continue
            passed_over = 0
            yield target

    def _give_back(self, now: datetime, *targets: str) -> None:
        """Release what was claimed and not begun: of *targets*, or everything."""
        for target in targets or tuple(self._waiting):
            jobs = list(self._waiting.pop(target, ()))
            if jobs:
                paused_until = self._health.of(target).paused_until
                self._lane.release(jobs, until=max(paused_until or now, now))

    def _collect(self) -> list[Done]:
        """Results that are there, waiting a moment for more where more are on their way."""
        found: list[Done] = []
        if self._in_flight() == 0:
            return found
        deadline = time.monotonic() + _WRITE_WITHIN
        most = min(BATCH, max(1, self._in_flight() // 2))
        while len(found) < most:
            try:
                entry = self._results.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            self._under_way[entry.job.target] -= 1
            found.append(entry)
        while not self._results.empty() and len(found) < BATCH:
            entry = self._results.get()
            self._under_way[entry.job.target] -= 1
            found.append(entry)
        return found

    def _note(self, done: Sequence[Done]) -> None:
        by_target: dict[str, list[Outcome]] = defaultdict(list)
        for entry in done:
            by_target[entry.job.target].append(entry.outcome)
        now = self._clock()
        for target, outcomes in by_target.items():
            self._health.note(target, outcomes, now=now)

    def _send_forever(self) -> None:
        """What each thread does: take, send, hand in. Whatever a lane raises becomes an outcome: a row must not wait
        for its lease because of a bug."""
        while (job := self._todo.get()) is not None:
            started, began = self._clock(), time.monotonic()
            gained = None
            try:
                outcome, gained = self._lane.send(job, now=started, guard=self._guard)
            except Exception as error:  # the boundary of the thread
                log.exception("Sending %s failed in an unforeseen way", job.row_id)
                outcome = Outcome("retry", "internal", detail=type(error).__name__)
            finished = started + timedelta(seconds=time.monotonic() - began)
            self._results.put(Done(job, outcome, started, finished, gained))
