"""A judgement that was made anew counts as it is, better or worse: a new attainment names the one it corrects."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from .data import UnitReport
from .models import PartResult, UnitProgress
from .progress import results_of, spec_of, touch_progress
from .unit_facts import correct, last_attainment
from .unit_reports import settle

__all__ = ["record_rejudged_part"]


def record_rejudged_part(
    learner_id: int,
    unit_usage_key: str,
    part_usage_key: str,
    *,
    score: float | None,
    cause: str,
    now: datetime,
) -> UnitReport | None:
    """Count a part as it was judged anew, better or worse; without a score it is open again.

    The attainment that stood is corrected by a new row, or taken back by one that does not count; *cause* names the
    judgement, so that the same one corrects once. Awards that were made because of it stand until they are reversed.
    """
    progress = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key).first()
    if progress is None:
        return None
    unit = spec_of(progress)
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        return None
    with transaction.atomic():
        progress = touch_progress(learner_id, unit, now)
        if score is None:
            PartResult.objects.filter(progress=progress, part_usage_key=part_usage_key).delete()
        else:
            PartResult.objects.update_or_create(
                progress=progress,
                part_usage_key=part_usage_key,
                defaults={"score": min(1.0, max(0.0, score)), "by_reviewer": True, "done_at": now},
            )
        results = results_of(progress)
        whole = bool(unit.parts) and all(part.usage_key in results for part in unit.parts)
        standing = last_attainment(progress, unit)
        if standing is not None and standing.counts:
            correct(standing, progress, unit, results, whole=whole, cause=cause, now=now)
        if progress.completed_at is not None and not whole:
            progress.completed_at = None
            progress.save(update_fields=["completed_at"])
        return settle(progress, unit, results, now)
