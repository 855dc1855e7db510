"""How long learners wait: median, 90th percentile, count. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

__all__ = ["Turnaround", "by_name", "summarise"]


@dataclass(frozen=True)
class Turnaround:
    """Figures of some judgements; none without any."""

    name: str
    judged: int
    median: timedelta | None
    p90: timedelta | None
    passed: int = 0


def summarise(name: str, waited: Sequence[timedelta], *, passed: int = 0) -> Turnaround:
    """Median (mean of the two middle ones, where there are two) and 90th percentile (nearest rank)."""
    ordered = sorted(waited)
    if not ordered:
        return Turnaround(name, 0, None, None, passed)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Turnaround(name, len(ordered), median, ordered[math.ceil(0.9 * len(ordered)) - 1], passed)


def by_name(rows: Iterable[tuple[str, timedelta, bool]], names: Mapping[str, str]) -> tuple[Turnaround, ...]:
    """One line for each key among *rows* (key, waited, passed), called as *names* says; most judged first."""
    waited: dict[str, list[timedelta]] = {}
    passed: dict[str, int] = {}
    for key, time, did_pass in rows:
        waited.setdefault(key, []).append(time)
        passed[key] = passed.get(key, 0) + did_pass
    lines = [summarise(names.get(key, key), times, passed=passed[key]) for key, times in waited.items()]
    return tuple(sorted(lines, key=lambda line: (-line.judged, line.name)))
