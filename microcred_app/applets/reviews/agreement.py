"""How well two markers agree: share of equal levels, of levels at most one apart, and Cohen's kappa. Pure.

Kappa takes off the agreement that two people would reach by chance, given how often each of them uses each level
(J. Cohen, "A coefficient of agreement for nominal scales", 1960): 1 is full agreement, 0 is chance. It says nothing
when there is nothing to agree by chance about (both always used one and the same level), and is then none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Agreement", "agree", "kappa"]


@dataclass(frozen=True)
class Agreement:
    """Figures for one criterion, or for the verdicts. Shares are from 0 to 1; none without pairs."""

    name: str
    pairs: int
    exact: float | None
    within_one: float | None
    kappa: float | None


def agree(name: str, pairs: Sequence[tuple[int, int]]) -> Agreement:
    """Figures of pairs (first marker's level, second marker's level), each a position on the scale."""
    if not pairs:
        return Agreement(name, 0, None, None, None)
    count = len(pairs)
    return Agreement(
        name=name,
        pairs=count,
        exact=sum(a == b for a, b in pairs) / count,
        within_one=sum(abs(a - b) <= 1 for a, b in pairs) / count,
        kappa=kappa(pairs),
    )


def kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa, unweighted; none where chance alone agrees always, or without pairs."""
    count = len(pairs)
    if not count:
        return None
    observed = sum(a == b for a, b in pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    # In whole numbers, so that full agreement by chance is met exactly.
    by_chance = sum(first[level] * second[level] for level in first)
    if by_chance == count * count:
        return None
    return (observed * count - by_chance) / (count * count - by_chance)
