"""Courses in which units came, changed or went: remembered with the change, looked through after it is committed."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from microcred_app.applets.authoring import api as authoring

from .proposal import NoSuchCourse, sync_sources

__all__ = ["note_course_changed", "waiting_courses", "walk_changed"]

log = logging.getLogger(__name__)


def note_course_changed(course_key: str, *, now: datetime) -> None:
    """Units of this course may have come, changed or gone; many such notes before it is looked through are one."""
    authoring.ask_walk(course_key, now=now)


def walk_changed(course_key: str, *, now: datetime) -> authoring.SourceSync | None:
    """Look through the course if it was asked for; None when it was not, or somebody else did.

    A copy is another unit with the same outcome, what is gone offers its outcome no more. A failure leaves the course
    asked for. In Studio only: other processes do not see what is in draft.
    """
    with transaction.atomic():
        if not authoring.take_walk(course_key):
            return None
        try:
            return sync_sources(course_key, now=now)
        except NoSuchCourse:
            return authoring.sync_course(course_key, (), now=now)


def waiting_courses() -> tuple[str, ...]:
    """Courses that were not looked through since they changed."""
    return authoring.waiting_walks()
