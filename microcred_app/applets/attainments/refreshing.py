"""Showing an outcome again after its unit was completed: a fact of its own, at most one a day for each unit.

A refresher changes neither the grade nor the attainment it follows. It is evaluated like any other fact, so a badge
that expires may be renewed by it when its rule is met anew; a badge that does not expire is never given twice.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from .data import UnitSpec
from .due import mark_due
from .models import Attainment, UnitProgress
from .telling import tell_attained

__all__ = ["last_demonstrated", "record_refresher"]


def record_refresher(learner_id: int, unit: UnitSpec, *, score: float, now: datetime) -> bool:
    """Record that the learner showed the unit's outcome once more; whether this is news.

    Nothing is recorded for a unit that the learner has not completed, or that proved nothing, or a second time on one
    day (UTC).
    """
    rows = UnitProgress.objects.filter(
        learner_id=learner_id, unit_usage_key=unit.usage_key, completed_at__isnull=False
    )
    if not rows.exists():
        return False
    first = (
        Attainment.objects.filter(
            learner_id=learner_id,
            source_usage_key=unit.usage_key,
            outcome__key=unit.outcome_key,
            refresher=False,
            corrections__isnull=True,
        )
        .select_related("outcome")
        .first()
    )
    if first is None:
        return False
    parts = [str(learner_id), unit.usage_key, unit.outcome_key, "refresher", now.date().isoformat()]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    try:
        with transaction.atomic():
            if Attainment.objects.filter(idempotency_key=key).exists():
                return False
            row = Attainment(
                learner_id=learner_id,
                outcome=first.outcome,
                score=round(min(1.0, max(0.0, float(score))), 4),
                attained_at=now,
                course_key=unit.course_key,
                source_usage_key=unit.usage_key,
                source_title=unit.title[:255],
                minutes=max(0, unit.minutes),
                evidence=[],
                refresher=True,
                idempotency_key=key,
            )
            row.save(force_insert=True)
            mark_due(learner_id, "outcome", first.outcome.key, now=now)
            tell_attained(row)
    except IntegrityError:
        if Attainment.objects.filter(idempotency_key=key).exists():
            return False  # two windows at the same moment
        raise
    return True


def last_demonstrated(progress: UnitProgress) -> datetime | None:
    """When the learner last showed the unit's outcome in it; nothing before the unit is complete."""
    if progress.completed_at is None:
        return None
    newest = (
        Attainment.objects.filter(
            learner_id=progress.learner_id, source_usage_key=progress.unit_usage_key, refresher=True
        )
        .order_by("-attained_at")
        .values_list("attained_at", flat=True)
        .first()
    )
    return newest if newest is not None and newest > progress.completed_at else progress.completed_at
