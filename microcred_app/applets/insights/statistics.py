"""The arithmetic of insights: percentiles of counted values, and how well a question tells learners apart. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Spread", "cohorts_of", "point_biserial", "spread"]


@dataclass(frozen=True)
class Spread:
    """Middle and upper end of some numbers; none where too few people are behind them."""

    count: int
    median: float | None
    p90: float | None


def spread(counted: Mapping[float, int], k: int) -> Spread:
    """Median and 90th percentile (nearest rank) of values with how often each occurs.

    The median needs *k* people, the percentile twice as many: with fewer it would be one person's value at the edge.
    """
    total = sum(counted.values())
    ordered = sorted((value, times) for value, times in counted.items() if times > 0)
    if not total or total < k:
        return Spread(total, None, None)
    low, high = _ranked(ordered, (total + 1) // 2), _ranked(ordered, total // 2 + 1)
    p90 = _ranked(ordered, math.ceil(0.9 * total)) if total >= 2 * k else None
    return Spread(total, (low + high) / 2, p90)


def _ranked(ordered: Iterable[tuple[float, int]], rank: int) -> float:
    for value, times in ordered:
        rank -= times
        if rank <= 0:
            return value
    raise ValueError("There are fewer values than the rank asks for.")


def point_biserial(pairs: Iterable[tuple[bool, float]]) -> float | None:
    """Pearson's correlation of right (or not) with a score, from -1 to 1; none where either does not vary."""
    groups: dict[bool, list[float]] = {True: [], False: []}
    for right, score in pairs:
        groups[right].append(score)
    rights, wrongs = groups[True], groups[False]
    if not rights or not wrongs:
        return None
    count = len(rights) + len(wrongs)
    mean = (math.fsum(rights) + math.fsum(wrongs)) / count
    variance = math.fsum((score - mean) ** 2 for scores in groups.values() for score in scores) / count
    if variance < 1e-12:
        return None
    apart = math.fsum(rights) / len(rights) - math.fsum(wrongs) / len(wrongs)
    return apart * math.sqrt(len(rights) * len(wrongs)) / count / math.sqrt(variance)


def cohorts_of(months: Mapping[tuple[int, int], int], k: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Months (year, month) in their order, as few together as make *k* people; a small rest joins the last ones."""
    found: list[tuple[tuple[int, int], ...]] = []
    open_: list[tuple[int, int]] = []
    people = 0
    for month in sorted(months):
        open_.append(month)
        people += months[month]
        if people >= k:
            found.append(tuple(open_))
            open_, people = [], 0
    if open_ and found:
        found[-1] = (*found[-1], *open_)
    elif open_:
        found.append(tuple(open_))
    return tuple(found)
