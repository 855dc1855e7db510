"""Where a submission belongs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EvidenceSlot"]


@dataclass(frozen=True)
class EvidenceSlot:
    """Whose evidence, for which task: the address of a submission."""

    learner_id: int
    course_key: str
    unit_usage_key: str
    part_usage_key: str
    unit_title: str
    outcome_key: str = ""
