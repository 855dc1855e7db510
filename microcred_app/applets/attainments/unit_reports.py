"""How a learner stands in a unit; the moment it is whole, its attainment is written.

Rules:

* A unit is complete when every part that this learner can see is done.
* A completed unit stays completed when its author adds a part later: facts are not taken back.
* Whoever acted last after the unit closed completed it late. A reviewer's slowness is nobody's lateness: of reviewed
  work the moment counts at which it was handed in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from ..evidence import api as evidence
from .data import PartProgress, UnitReport, UnitSpec
from .models import PartResult, UnitProgress
from .progress import results_of, touch_progress
from .refreshing import last_demonstrated
from .unit_facts import attain
from .unit_score import score_of

__all__ = ["settle", "unit_report"]


def unit_report(learner_id: int, unit: UnitSpec, *, now: datetime) -> UnitReport:
    """Progress as it stands. Also notices a unit that became whole because its last open part was taken out."""
    with transaction.atomic():
        progress = touch_progress(learner_id, unit, now)
        return settle(progress, unit, results_of(progress), now)


def settle(
    progress: UnitProgress, unit: UnitSpec, results: dict[str, PartResult], now: datetime
) -> UnitReport:
    """Work out the report; write the attainment when the unit is whole for the first time."""
    report = report_of(progress, unit, results)
    whole = bool(unit.parts) and report.done == len(unit.parts)
    if progress.completed_at is None and whole:
        progress.completed_at = now
        progress.completed_late = _is_late(progress.learner_id, unit, results, now)
        progress.save(update_fields=["completed_at", "completed_late"])
        attain(progress, unit, results, report.score or 0.0, now)
        return replace(
            report,
            complete=True,
            attained_at=now,
            newly_complete=True,
            late=progress.completed_late,
            demonstrated_at=now,
        )
    return report


def report_of(progress: UnitProgress, unit: UnitSpec, results: dict[str, PartResult]) -> UnitReport:
    open_evidence = [
        part.usage_key for part in unit.parts if part.kind == "evidence" and part.usage_key not in results
    ]
    states = evidence.latest_states(progress.learner_id, open_evidence) if open_evidence else {}
    parts = []
    for part in unit.parts:
        result = results.get(part.usage_key)
        if result is not None:
            parts.append(PartProgress(part.usage_key, "done", result.score))
        else:
            state = states.get(part.usage_key, "todo")
            parts.append(
                PartProgress(part.usage_key, state if state in ("in_review", "returned") else "todo", None)
            )
    return UnitReport(
        usage_key=unit.usage_key,
        outcome_key=unit.outcome_key,
        parts=tuple(parts),
        complete=progress.completed_at is not None,
        score=score_of(unit, results),
        attained_at=progress.completed_at,
        late=progress.completed_late,
        demonstrated_at=last_demonstrated(progress),
    )


def _is_late(learner_id: int, unit: UnitSpec, results: dict[str, PartResult], now: datetime) -> bool:
    """Whether the learner's own last step came after the unit closed."""
    if unit.closes_at is None or now <= unit.closes_at:
        return False
    for part in unit.parts:
        result = results[part.usage_key]
        acted_at: datetime | None = result.done_at
        if result.by_reviewer:
            submission = evidence.current_submission(learner_id, part.usage_key)
            acted_at = submission.submitted_at if submission else acted_at
        if acted_at is not None and acted_at > unit.closes_at:
            return True
    return False
