"""Which submissions a second reviewer judges, and what follows from each judgement. Pure.

The sample is decided by the submission's own id: nobody can choose who is looked at twice, asking again gives the
same answer, and raising the percentage keeps everybody who was in before.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["Following", "after_first", "after_second", "after_third", "is_sampled"]

NOBODY, SECOND, THIRD = "nobody", "second", "third"


@dataclass(frozen=True)
class Following:
    """What follows from a judgement: who judges next, and what the learner is told now (none: nothing yet)."""

    waits_for: str
    tell_passed: bool | None


def is_sampled(submission_id: str, percent: int) -> bool:
    """Whether this submission is among the *percent* of a hundred that are judged twice."""
    digest = hashlib.sha256(f"second marker {submission_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000 < percent * 100


def after_first(passed: bool, *, sampled: bool, both_needed: bool) -> Following:
    """The first judgement counts at once, unless the course waits for both."""
    if not sampled:
        return Following(NOBODY, passed)
    return Following(SECOND, None if both_needed else passed)


def after_second(first_passed: bool, second_passed: bool, *, told: bool) -> Following:
    """Two who agree about passing are done; two who do not are followed by a third."""
    if first_passed != second_passed:
        return Following(THIRD, None)
    return Following(NOBODY, None if told else first_passed)


def after_third(third_passed: bool, told_passed: bool | None) -> Following:
    """The third decides. Whoever was told otherwise before is told anew."""
    return Following(NOBODY, None if told_passed is third_passed else third_passed)
