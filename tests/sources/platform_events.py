"""What the platform sends, of the classes of openedx-events; times are the senders'."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from opaque_keys.edx.keys import CourseKey
from openedx_events.learning import signals
from openedx_events.learning.data import (
    CertificateData,
    CohortData,
    CourseData,
    CoursePassingStatusData,
    PersistentCourseGradeData,
    UserData,
    UserPersonalData,
)

from tests.fixtures.catalogue import COURSE, NOW

__all__ = ["certificate", "cohort", "course_grade", "passing"]


def _user(user_id: int) -> UserData:
    return UserData(
        id=user_id, is_active=True, pii=UserPersonalData(username="u", email="u@example.org", name="U")
    )


def _course(key: str = COURSE) -> CourseData:
    return CourseData(course_key=CourseKey.from_string(key))


def course_grade(learner: int, share: float, *, at: datetime = NOW) -> None:
    signals.PERSISTENT_GRADE_SUMMARY_CHANGED.send_event(
        time=at,
        grade=PersistentCourseGradeData(
            user_id=learner,
            course=_course(),
            course_edited_timestamp=at,
            course_version="",
            grading_policy_hash="",
            percent_grade=share,
            letter_grade="",
            passed_timestamp=at,
        ),
    )


def passing(learner: int, is_passing: bool, *, at: datetime = NOW) -> None:
    signals.COURSE_PASSING_STATUS_UPDATED.send_event(
        time=at,
        course_passing_status=CoursePassingStatusData(
            is_passing=is_passing, course=_course(), user=_user(learner)
        ),
    )


def certificate(learner: int, status: str, *, at: datetime = NOW) -> None:
    signal: Any = {
        "downloadable": signals.CERTIFICATE_CREATED,
        "unavailable": signals.CERTIFICATE_REVOKED,
    }.get(status, signals.CERTIFICATE_CHANGED)
    signal.send_event(
        time=at,
        certificate=CertificateData(
            user=_user(learner),
            course=_course(),
            mode="verified",
            grade="0.8",
            download_url="",
            name="U",
            current_status=status,
        ),
    )


def cohort(learner: int, name: str, *, at: datetime = NOW) -> None:
    signals.COHORT_MEMBERSHIP_CHANGED.send_event(
        time=at, cohort=CohortData(user=_user(learner), course=_course(), name=name)
    )
