"""How far learners come with a unit, a badge or a pathway, counted from who did what. Pure.

Sets of learners go in; counts by the month in which each learner began come out, and how long it took. Nothing depends
on the order in which facts came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["STAGES", "Way", "cells_of", "median_minutes", "minutes_bucket", "percentile"]

#: What a learner goes through, in the order in which counts stand in a cell.
STAGES = ("started", "checked", "evidenced", "earned", "claimed", "shared")
HOUR, DAY = 60, 1_440


@dataclass
class Way:
    """Who came how far. ``earned`` says when; everybody who earned has started."""

    started: dict[int, datetime] = field(default_factory=dict)
    checked: Collection[int] = ()
    evidenced: Collection[int] = ()
    earned: Mapping[int, datetime] = field(default_factory=dict)
    claimed: Collection[int] = ()
    shared: Collection[int] = ()


def cells_of(way: Way) -> tuple[dict[str, list[int]], dict[str, int]]:
    """For each month of starting the counts of :data:`STAGES`; and how many needed how many minutes to earn it.

    Who holds it without a start that is known (a grade, a sign-off, an import) began when it was earned, and says
    nothing about time.
    """
    began = {**way.earned, **way.started}
    months = {learner: f"{at:%Y-%m}" for learner, at in began.items()}
    cells: dict[str, list[int]] = {}
    stages = (began, way.checked, way.evidenced, way.earned, way.claimed, way.shared)
    for place, learners in enumerate(stages):
        for month, number in Counter(months[who] for who in learners if who in months).items():
            cells.setdefault(month, [0] * len(stages))[place] = number
    times: Counter[int] = Counter(
        minutes_bucket(max(at - way.started[who], timedelta()))
        for who, at in way.earned.items()
        if who in way.started
    )
    return dict(sorted(cells.items())), {str(key): times[key] for key in sorted(times)}


def minutes_bucket(time: timedelta) -> int:
    """Whole minutes up to two hours, hours up to three days, then days: what nobody would tell apart is one."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 2 * HOUR:
        return minutes
    return minutes // HOUR * HOUR if minutes < 3 * DAY else minutes // DAY * DAY


def percentile(times: Mapping[str, int], share: float, k: int) -> int | None:
    """Minutes within which this share earned it (nearest rank); None where fewer than *k* lie on either side."""
    total = sum(times.values())
    rank = -(-total * share // 1)
    if not total or min(rank, total - rank + 1) < k:
        return None
    for minutes in sorted(map(int, times)):
        rank -= times[str(minutes)]
        if rank <= 0:
            return minutes
    return None


def median_minutes(times: Mapping[str, int], k: int) -> int | None:
    """Half of the learners needed no longer; None with fewer than *k*."""
    total = sum(times.values())
    return percentile(times, 0.5, min(k, (total + 1) // 2)) if total >= k else None
