"""Submissions that come at their own pace, whether the site keeps up or not, and how long each takes."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .population import Place
from .site import processor_seconds
from .web import DONE, QUEUE

__all__ = ["EventTimes", "measure_events"]

#: Each web process has read the definitions, taken up keys and filled its caches after so many.
WARMING_UP = 60
PATIENCE = 60.0


@dataclass(frozen=True)
class EventTimes:
    """Milliseconds, 50th and 95th of a hundred: from the commit of a submission to its award and outbox rows,
    committed; and from the moment at which the learner sent it, waiting for a free process and the submission itself
    included. ``failed`` were answered with an error, which the log of the web process tells."""

    events: int
    failed: int
    per_second: float
    after_commit: tuple[float, float]
    after_arrival: tuple[float, float]
    awards: int
    deliveries: int
    pushed_after: float
    #: Processor time in milliseconds of an event with its push, by process; starting and warming up are not in it.
    spent: Mapping[str, float]


def measure_events(
    places: Sequence[Place], per_second: float, pids: Mapping[str, int], *, pushes: bool = True
) -> EventTimes:
    """Send *places* at random moments, *per_second* of them on the average, and look at what came of it.

    *pids* are the processes whose processor time is told.
    """
    import redis

    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.delivery.models import Delivery

    front = redis.Redis(unix_socket_path=os.environ["MICROCRED_SCALE_REDIS"], db=2)
    _send(front, places[:WARMING_UP], per_second / 2)
    _wait(front, WARMING_UP)
    front.delete(DONE)
    if pushes:
        _drained()
    before = {name: processor_seconds(pid) for name, pid in pids.items()}
    awards, deliveries = Award.objects.count(), Delivery.objects.count()
    measured = places[WARMING_UP:]
    begun = time.monotonic()
    _send(front, measured, per_second)
    lasted = time.monotonic() - begun
    _wait(front, len(measured))
    answers = [json.loads(line) for line in front.lrange(DONE, 0, -1)]
    times = [answer for answer in answers if answer]
    pushed_after = _drained() if pushes else 0.0
    return EventTimes(
        events=len(measured),
        failed=len(answers) - len(times),
        per_second=len(measured) / lasted,
        after_commit=_spread([ended - committed for _at, _begun, committed, ended in times]),
        after_arrival=_spread([ended - at for at, _begun, _committed, ended in times]),
        awards=Award.objects.count() - awards,
        deliveries=Delivery.objects.count() - deliveries,
        pushed_after=pushed_after,
        spent={
            name: (processor_seconds(pid) - before[name]) * 1_000 / len(measured)
            for name, pid in pids.items()
        },
    )


def _send(front: Any, places: Sequence[Place], per_second: float) -> None:
    """Arrivals as people make them (a Poisson stream): nobody waits for whoever came before."""
    chance = random.Random(11)
    at = time.monotonic()
    for place in places:
        at += chance.expovariate(per_second)
        time.sleep(max(0.0, at - time.monotonic()))
        front.rpush(QUEUE, json.dumps({"at": at, "learner": place.learner, "outcome": place.outcome}))


def _wait(front: Any, count: int) -> None:
    """Until all are answered. A busy machine may take its time; one that answers nothing for a minute stands still."""
    begun, answered = time.monotonic(), 0
    while (now := front.llen(DONE)) < count:
        if now > answered:
            begun, answered = time.monotonic(), now
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit(f"Only {now} of {count} submissions were answered.{_said()}")
        time.sleep(0.02)


def _said() -> str:
    """The last lines of the processes, for whoever has to find out why they stand still."""
    folder = Path(os.environ["MICROCRED_DEMO_VAR"])
    return "".join(f"\n{file.name}: {file.read_text()[-3_000:]}" for file in sorted(folder.glob("w*.out")))


def _drained() -> float:
    """Seconds until the Celery workers have pushed everything; they stand still when nothing moves for a minute."""
    from microcred_app.applets.delivery.models import Delivery

    begun = moved = time.monotonic()
    waiting = Delivery.objects.filter(state__in=("pending", "claimed"))
    left = waiting.count()
    while left:
        time.sleep(0.2)
        now = waiting.count()
        if now < left:
            moved = time.monotonic()
        if time.monotonic() - moved > PATIENCE:
            states = waiting.values_list("state", "last_code", "last_detail").distinct()
            raise SystemExit(f"The workers did not push everything: {list(states)}.{_said()}")
        left = now
    return time.monotonic() - begun


def _spread(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    middle, most = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return middle * 1_000, most * 1_000
