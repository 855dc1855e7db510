"""Count parts of a unit as done, on the learner's own word or a reviewer's.

A part counts once, with its best score, or its latest where its author wants that; reporting it again, late or twice
at once changes nothing else.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

from .data import UnitReport, UnitSpec
from .models import PartResult, UnitProgress
from .progress import results_of, spec_of, touch_progress
from .unit_reports import settle

__all__ = ["PartNotFound", "record_part", "record_reviewed_part"]


class PartNotFound(MicrocredError):
    """The unit has no such part for this learner."""

    code = "part_not_found"
    http_status = 404


def record_part(
    learner_id: int,
    unit: UnitSpec,
    part_usage_key: str,
    *,
    score: float,
    now: datetime,
    by_reviewer: bool = False,
    keep: str = "best",
) -> UnitReport:
    """Count one part as done. Scores are clamped to 0 … 1. Raises :class:`PartNotFound`.

    *keep* says which score counts where there is one: the ``best``, or the ``latest``. In a unit that is complete
    a score never falls any more: what it proved is a fact by then.
    """
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        raise PartNotFound(_("This part does not belong to the unit any more. Reload the page."))
    with transaction.atomic():
        progress = touch_progress(learner_id, unit, now)
        results = results_of(progress)
        clamped = min(1.0, max(0.0, float(score)))
        results[part_usage_key] = _keep_score(
            progress, results.get(part_usage_key), part_usage_key, clamped, by_reviewer, now, keep
        )
        return settle(progress, unit, results, now)


def record_reviewed_part(
    learner_id: int,
    unit_usage_key: str,
    part_usage_key: str,
    *,
    score: float,
    by_reviewer: bool,
    now: datetime,
) -> UnitReport | None:
    """Count a part on the word of a reviewer, with the unit as the learner last saw it.

    Nothing when the learner never opened the unit, which cannot be the case for evidence handed in through it.
    """
    progress = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key).first()
    if progress is None:
        return None
    unit = spec_of(progress)
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        return None
    return record_part(learner_id, unit, part_usage_key, score=score, by_reviewer=by_reviewer, now=now)


def _keep_score(
    progress: UnitProgress,
    result: PartResult | None,
    part: str,
    score: float,
    by_reviewer: bool,
    now: datetime,
    keep: str,
) -> PartResult:
    if result is None:
        return PartResult.objects.create(
            progress=progress, part_usage_key=part, score=score, by_reviewer=by_reviewer, done_at=now
        )
    may_fall = keep == "latest" and progress.completed_at is None
    if score > result.score or (may_fall and score < result.score):
        result.score = score
        result.by_reviewer = result.by_reviewer or by_reviewer
        result.save(update_fields=["score", "by_reviewer"])
    return result
