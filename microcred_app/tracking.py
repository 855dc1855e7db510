"""Tells the platform's tracking log what happened, after it is committed, and never at anybody's cost.

The platform's log, and whatever is behind it (event-routing-backends makes xAPI and Caliper of it), may be absent,
slow or broken: what the learner did stands. Names and fields are a public promise, see ``docs/reference/events.rst``.
Nothing that a learner typed is in an event.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import transaction

__all__ = ["TrackedEvent", "emit", "track"]

log = logging.getLogger(__name__)


class TrackedEvent(StrEnum):
    """What the app tells."""

    STARTED = "microcred.unit.started"
    ANSWERED = "microcred.check.answered"
    SUBMITTED = "microcred.evidence.submitted"
    REVIEWED = "microcred.evidence.reviewed"
    ATTAINED = "microcred.outcome.attained"
    EARNED = "microcred.badge.earned"
    REVOKED = "microcred.badge.revoked"
    SHARED = "microcred.badge.shared"
    VERIFIED = "microcred.badge.verified"


def track(event: TrackedEvent, data: Mapping[str, Any], *, user_id: int | None, course_key: str = "") -> None:
    """Tell it once the change is committed; a change that is rolled back is not told. *user_id* is who did it."""
    tell = partial(_emit_safely, event, dict(data), user_id, course_key)
    transaction.on_commit(tell, robust=True)


def emit(event: TrackedEvent, data: Mapping[str, Any], *, user_id: int | None, course_key: str = "") -> None:
    """Tell it now; raises what the tracking log raises. For whoever tries again."""
    try:
        from eventtracking import tracker
    except ImportError:
        return
    told = {**data, **({"user_id": user_id} if user_id is not None else {})}
    course = course_key if course_key.startswith(("course-v1:", "ccx-v1:")) else ""
    # The request's own context may be somebody else's: a reviewer's, or nobody's in a worker.
    context = {
        "user_id": user_id,
        "username": "",
        "course_id": course,
        "org_id": course.partition(":")[2].partition("+")[0],
    }
    with tracker.get_tracker().context("microcred", context):
        tracker.emit(str(event), told)


def _emit_safely(event: TrackedEvent, data: Mapping[str, Any], user_id: int | None, course_key: str) -> None:
    try:
        emit(event, data, user_id=user_id, course_key=course_key)
    except Exception:
        log.exception("The tracking log did not take %s.", event)
