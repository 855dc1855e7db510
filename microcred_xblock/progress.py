"""Progress through a unit, where to resume, and the unit's progress when no companion app keeps it.

With the app installed the app's ``UnitProgress`` is the truth and this module only reads it. Without it, or
in an author's preview, ``local_progress`` answers in the same shape from the block's own state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["PartProgress", "UnitProgress", "local_progress", "minutes_left", "resume_place"]


@dataclass(frozen=True)
class PartProgress:
    """How one part stands, kept by the block itself."""

    usage_key: str
    state: str
    score: float | None = None


@dataclass(frozen=True)
class UnitProgress:
    """How a unit stands, kept by the block itself: never any badge."""

    usage_key: str
    parts: tuple[PartProgress, ...]
    done: int
    total: int
    complete: bool
    score: float | None
    attained_at: datetime | None = None
    earned: tuple[Any, ...] = ()
    late: bool = False
    demonstrated_at: datetime | None = None


def local_progress(
    unit_key: str, part_keys: Sequence[str], scores: Mapping[str, float], *, late: bool = False
) -> UnitProgress:
    """The progress *scores* (by part) amount to; parts the learner no longer sees do not count.

    *late* says whether the unit is closed by now: what is completed at this moment is completed late.
    """
    parts = tuple(
        PartProgress(key, "done", scores[key]) if key in scores else PartProgress(key, "todo")
        for key in part_keys
    )
    done = [part.score for part in parts if part.state == "done" and part.score is not None]
    complete = bool(parts) and len(done) == len(parts)
    return UnitProgress(
        usage_key=unit_key,
        parts=parts,
        done=len(done),
        total=len(parts),
        complete=complete,
        score=sum(done) / len(done) if complete else None,
        late=complete and late,
    )


def resume_place(step_keys: Sequence[str], resume_at: str, states: Mapping[str, str]) -> int:
    """The place of the step a returning learner continues at.

    The step they left, wherever the author moved it since; if it is gone, the first one still to do.
    """
    if resume_at in step_keys:
        return step_keys.index(resume_at)
    if not resume_at:
        return 0
    for place, key in enumerate(step_keys):
        if states.get(key, "todo") in ("todo", "returned"):
            return place
    return 0


def minutes_left(minutes: int, done: int, total: int) -> int:
    """Minutes a learner still needs, rounded up: the unit's minutes spread evenly over its parts."""
    if total <= 0 or done >= total:
        return 0
    return math.ceil(minutes * (total - done) / total)
