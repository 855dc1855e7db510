"""The same event on a site that grows: what it asks of the database, and how long it takes."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.road.statements import counted
from benchmarks.road.stopwatch import Stopwatch, fair_seconds

from .population import Place, unit_of

__all__ = ["EventCost", "measure_cost"]


@dataclass(frozen=True)
class EventCost:
    """Of one submission with everything that follows, transaction control apart; the median, in milliseconds."""

    attainments: int
    reads: float
    writes: float
    milliseconds: float
    by_clock: float


def measure_cost(attainments: int, places: Sequence[Place]) -> EventCost:
    """One submission after another in this process; the first ones only warm it up."""
    from django.utils import timezone

    from microcred_app.api import record_part

    fair, clock, reads, writes = [], [], [], []
    for number, place in enumerate(places):
        unit = unit_of(place.outcome)
        watch = Stopwatch()
        with counted() as statements:
            record_part(place.learner, unit, unit.parts[0].usage_key, score=1.0, now=timezone.now())
        spent = watch.read()
        if number >= len(places) // 5:
            fair.append(fair_seconds(spent, [], processors=1) * 1_000)
            clock.append(spent.clock * 1_000)
            reads.append(statements.reads)
            writes.append(statements.writes)
    return EventCost(
        attainments,
        statistics.median(reads),
        statistics.median(writes),
        statistics.median(fair),
        statistics.median(clock),
    )
