"""A learner's way through a unit: one row for each, with the unit's shape as the learner last saw it.

The row is what everything recorded in the unit locks, so that two events at once are taken one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from .data import PartSpec, UnitSpec
from .models import PartResult, UnitProgress
from .telling import tell_started

__all__ = [
    "BegunUnit",
    "begun_units",
    "has_begun",
    "results_of",
    "spec_of",
    "touch_progress",
    "unit_completed",
    "units_of_outcomes",
]


def unit_completed(learner_id: int, unit_usage_key: str) -> bool:
    """Whether the learner has completed the unit."""
    rows = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key)
    return rows.filter(completed_at__isnull=False).exists()


def units_of_outcomes(outcome_keys: Iterable[str], *, learner_id: int) -> dict[str, tuple[str, str, int]]:
    """Where this learner met units of these outcomes: outcome key → (usage key, title, minutes)."""
    rows = UnitProgress.objects.filter(learner_id=learner_id, outcome_key__in=set(outcome_keys))
    return {row.outcome_key: (row.unit_usage_key, row.title, row.minutes) for row in rows.order_by("pk")}


@dataclass(frozen=True)
class BegunUnit:
    """A unit that a learner has opened, as it was when they were there last."""

    usage_key: str
    course_key: str
    outcome_key: str
    title: str
    minutes: int


def begun_units(outcome_keys: Iterable[str], *, learner_id: int) -> tuple[BegunUnit, ...]:
    """Every unit of these outcomes that the learner has opened."""
    rows = UnitProgress.objects.filter(learner_id=learner_id, outcome_key__in=set(outcome_keys))
    return tuple(
        BegunUnit(row.unit_usage_key, row.course_key, row.outcome_key, row.title, row.minutes)
        for row in rows.order_by("pk")
    )


def has_begun(learner_id: int, unit_usage_key: str) -> bool:
    """Whether this learner was in the unit before."""
    return UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key).exists()


def touch_progress(learner_id: int, unit: UnitSpec, now: datetime) -> UnitProgress:
    """The learner's row for this unit, locked, with the unit's present shape."""
    shape = {
        "course_key": unit.course_key,
        "outcome_key": unit.outcome_key,
        "title": unit.title[:255],
        "minutes": max(0, unit.minutes),
        "parts": [asdict(part) for part in unit.parts],
        "closes_at": unit.closes_at,
    }
    rows = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit.usage_key)
    row = rows.first()
    if row is None:
        try:
            with transaction.atomic():
                row = UnitProgress.objects.create(
                    learner_id=learner_id, unit_usage_key=unit.usage_key, started_at=now, **shape
                )
        except IntegrityError:
            row = rows.get()
        else:
            tell_started(row)
            return row
    if connection.features.has_select_for_update:
        # Locked by primary key only: a lock on what a search passes over, or on a gap, invites deadlocks.
        row = UnitProgress.objects.select_for_update().get(pk=row.pk)
    changed = [name for name, value in shape.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, shape[name])
        row.save(update_fields=changed)
    return row


def results_of(progress: UnitProgress) -> dict[str, PartResult]:
    """What is done in the unit, by part; read under the lock of the unit's row."""
    return {row.part_usage_key: row for row in progress.results.all()}


def spec_of(progress: UnitProgress) -> UnitSpec:
    """The unit as the learner last saw it."""
    return UnitSpec(
        usage_key=progress.unit_usage_key,
        course_key=progress.course_key,
        outcome_key=progress.outcome_key,
        title=progress.title,
        minutes=progress.minutes,
        parts=tuple(PartSpec(**part) for part in progress.parts),
        closes_at=progress.closes_at,
    )
