"""Attempts: how many there are, what they amount to together, and whether another one is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["MOST_KEPT", "Standing", "standing", "with_hints"]

#: Scores of this many last attempts are kept with the learner's state.
MOST_KEPT = 20


@dataclass(frozen=True)
class Standing:
    """Where a learner stands: ``score`` is the one that counts; ``left`` is None when attempts are not counted."""

    passed: bool
    score: float
    left: int | None
    closed: bool
    may_improve: bool


def with_hints(score: float, hints: int, cost: int) -> float:
    """*score* less *cost* percentage points for each hint, never below 0."""
    return max(0.0, round(score - hints * cost / 100, 6))


def standing(
    scores: Sequence[float],
    *,
    mastery: float,
    policy: str = "best",
    over: int = 1,
    allowed: int = 0,
    extra: int = 0,
    used: int | None = None,
    passed_before: bool = False,
    practice: bool = False,
) -> Standing:
    """What *scores* (oldest first, each from 0 to 1) amount to.

    * ``best``: the best attempt counts; ``latest``: the last one; ``average``: the mean of the last *over*,
      attempts not made yet counting as none, so that the mean of one lucky attempt proves nothing.
    * Passing is reaching *mastery* by that policy, and is never lost again.
    * *extra* attempts are given to one learner on top of *allowed* (0: no limit).
    * Somebody who passed below full marks may go on while attempts are left; practice never closes.
    """
    used = len(scores) if used is None else used
    score = _counted(scores, policy, over)
    # A floating mean of 0.7, 0.7 and 0.7 is not quite 0.7.
    passed = passed_before or (bool(scores) and score >= mastery - 1e-9)
    left = max(0, allowed + max(0, extra) - used) if allowed and not practice else None
    complete = passed and (score >= 1.0 - 1e-9 or mastery >= 1.0)
    closed = not practice and (complete or left == 0)
    return Standing(passed, score, left, closed, passed and not closed)


def _counted(scores: Sequence[float], policy: str, over: int) -> float:
    if not scores:
        return 0.0
    if policy == "latest":
        return scores[-1]
    if policy == "average":
        return sum(scores[-over:]) / over
    return max(scores)
