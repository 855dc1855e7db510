"""Where learners are in a unit: one row for each step they opened, and about how long they stayed.

The learner's page says at which step they are, nothing more: times are the server's, and a pause of more than half an
hour is a break, not time spent. The rows of a unit are bounded by its steps, and by a number in any case.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from .models import StepVisit, UnitProgress

__all__ = ["note_step"]

BREAK = timedelta(minutes=30)
MOST_STEPS = 200
LONGEST_SECONDS = 1_000_000


def note_step(learner_id: int, unit_usage_key: str, part_usage_key: str, *, now: datetime) -> datetime | None:
    """Note that the learner is at this step; when they were last seen in this unit, or nothing.

    Does nothing for a unit the learner has no progress in.
    """
    rows = list(
        StepVisit.objects.filter(progress__learner_id=learner_id, progress__unit_usage_key=unit_usage_key)
    )
    latest = max(rows, key=lambda row: row.last_seen_at, default=None)
    before = latest.last_seen_at if latest else None
    here = next((row for row in rows if row.part_usage_key == part_usage_key), None)
    if latest is not None:
        # A moment before the step that is opened now, so that the order stays clear.
        _stay(latest, now if here is latest else now - timedelta(milliseconds=1))
    if here is not None and here is not latest:
        here.last_seen_at = max(here.last_seen_at, now)
        here.save(update_fields=["last_seen_at"])
    elif here is None and len(rows) < MOST_STEPS:
        _open(learner_id, unit_usage_key, part_usage_key, now)
    return before


def _stay(row: StepVisit, now: datetime) -> None:
    """Count the time since the learner was last seen at the step they were at."""
    stayed = now - row.last_seen_at
    if stayed <= timedelta(0):
        return
    if stayed <= BREAK:
        row.seconds = min(LONGEST_SECONDS, row.seconds + round(stayed.total_seconds()))
    row.last_seen_at = now
    row.save(update_fields=["seconds", "last_seen_at"])


def _open(learner_id: int, unit_usage_key: str, part_usage_key: str, now: datetime) -> None:
    progress = UnitProgress.objects.filter(learner_id=learner_id, unit_usage_key=unit_usage_key)
    pk = progress.values_list("pk", flat=True).first()
    if pk is None:
        return
    try:
        with transaction.atomic():
            StepVisit.objects.create(
                progress_id=pk, part_usage_key=part_usage_key, first_seen_at=now, last_seen_at=now
            )
    except IntegrityError:
        return  # another window was faster; it says the same
