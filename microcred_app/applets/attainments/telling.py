"""What the tracking log is told about units: that one was begun, and that an outcome was attained."""

from __future__ import annotations

from microcred_app.tracking import TrackedEvent, track

from .models import Attainment, UnitProgress

__all__ = ["tell_attained", "tell_started"]


def tell_started(row: UnitProgress) -> None:
    """The learner is in this unit for the first time."""
    track(
        TrackedEvent.STARTED,
        {
            "unit": row.unit_usage_key,
            "course": row.course_key,
            "outcome": row.outcome_key,
            "title": row.title,
        },
        user_id=row.learner_id,
        course_key=row.course_key,
    )


def tell_attained(row: Attainment) -> None:
    """The learner met the outcome, or met it once more."""
    track(
        TrackedEvent.ATTAINED,
        {
            "attainment": str(row.pk),
            "outcome": row.outcome.key,
            "statement": row.outcome.statement,
            "unit": row.source_usage_key,
            "course": row.course_key,
            "score": row.score,
            "refresher": row.refresher,
            "at": row.attained_at.isoformat(),
        },
        user_id=row.learner_id,
        course_key=row.course_key,
    )
