"""Values that cross the border of the attainments room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["AttainmentFact", "PartProgress", "PartSpec", "UnitReport", "UnitSpec"]


@dataclass(frozen=True)
class PartSpec:
    """One part of a unit. ``kind`` is ``check``, ``evidence``, ``content``, or ``practice``: to do, and no score."""

    usage_key: str
    kind: str
    title: str


@dataclass(frozen=True)
class UnitSpec:
    """A unit as one learner has to do it: hidden parts are not in it.

    Work after ``closes_at`` (the learner's own due date with its grace period) brings no points in the course.
    """

    usage_key: str
    course_key: str
    outcome_key: str
    title: str
    minutes: int
    parts: tuple[PartSpec, ...]
    closes_at: datetime | None = None


@dataclass(frozen=True)
class PartProgress:
    """State of one part: ``todo``, ``done``, ``in_review`` or ``returned``; score from 0 to 1."""

    usage_key: str
    state: str
    score: float | None


@dataclass(frozen=True)
class UnitReport:
    """Progress of one learner in one unit. ``newly_complete`` is true in one answer only.

    ``late`` says that the unit was completed after it closed. ``demonstrated_at`` is when the learner last showed the
    outcome here: on completing the unit, or in a refresher since.
    """

    usage_key: str
    outcome_key: str
    parts: tuple[PartProgress, ...]
    complete: bool
    score: float | None
    attained_at: datetime | None
    newly_complete: bool = False
    late: bool = False
    demonstrated_at: datetime | None = None

    @property
    def done(self) -> int:
        """Parts that are done."""
        return sum(part.state == "done" for part in self.parts)


@dataclass(frozen=True)
class AttainmentFact:
    """An attainment as other rooms see it."""

    id: str
    learner_id: int
    outcome_key: str
    outcome_statement: str
    score: float
    attained_at: datetime
    course_key: str
    source_usage_key: str
    source_title: str
    minutes: int
    evidence: tuple[dict[str, Any], ...]
    by_reviewer: bool
    results: tuple[dict[str, Any], ...] = ()
