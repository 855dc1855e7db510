"""Grades of whole courses, and what the platform tells when they change: its own events, of its own classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Sum
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import (
    CourseData,
    CoursePassingStatusData,
    PersistentCourseGradeData,
    UserData,
    UserPersonalData,
)
from openedx_events.learning.signals import COURSE_PASSING_STATUS_UPDATED, PERSISTENT_GRADE_SUMMARY_CHANGED

from demo_site.courses.models import Grade

__all__ = ["PASS_MARK", "course_share", "tell_course_grade"]

#: Share of the points of a course from which on it is passed.
PASS_MARK = 0.5


def course_share(user_id: int, course_key: str) -> float:
    """The share of points over everything that the learner was graded in."""
    sums = Grade.objects.filter(user_id=user_id, course_key=course_key).aggregate(
        earned=Sum("earned"), possible=Sum("possible")
    )
    return min(1.0, sums["earned"] / sums["possible"]) if sums["possible"] else 0.0


def tell_course_grade(user_id: int, course_key: CourseKey, *, at: datetime | None = None) -> None:
    """Send what the LMS sends when a course grade was worked out anew."""
    at = at or timezone.now()
    share = course_share(user_id, str(course_key))
    passed = share >= PASS_MARK
    course = CourseData(course_key=course_key)
    PERSISTENT_GRADE_SUMMARY_CHANGED.send_event(
        time=at,
        grade=PersistentCourseGradeData(
            user_id=user_id,
            course=course,
            course_edited_timestamp=at,
            course_version="",
            grading_policy_hash="",
            percent_grade=share,
            letter_grade="Pass" if passed else "",
            passed_timestamp=at if passed else None,
        ),
    )
    COURSE_PASSING_STATUS_UPDATED.send_event(
        time=at,
        course_passing_status=CoursePassingStatusData(
            is_passing=passed, course=course, user=_user_data(user_id)
        ),
    )


def _user_data(user_id: int) -> UserData:
    user: Any = get_user_model().objects.get(pk=user_id)
    pii = UserPersonalData(username=user.username, email=user.email, name=user.get_full_name())
    return UserData(id=user.pk, is_active=user.is_active, pii=pii)
