"""Answers to quick checks, and attempts given to single learners."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from microcred_app.applets.responses import api as responses
from microcred_app.errors import MicrocredError
from microcred_app.permissions import api as permissions

__all__ = ["NotCourseStaff", "attempts_recorded", "extra_attempts", "give_attempts", "record_response"]


class NotCourseStaff(MicrocredError):
    """Only whoever runs the course gives attempts."""

    code = "not_course_staff"
    http_status = 403


def record_response(
    learner_id: int, response: responses.Response, *, now: datetime
) -> responses.ResponseInfo:
    """The attempt as it stands in the record: this one, or the one that came first under its number."""
    return responses.record_response(learner_id, response, now=now)


def attempts_recorded(learner_id: int, part_usage_key: str) -> int:
    """The number of the last attempt at the check."""
    return responses.last_attempt(learner_id, part_usage_key)


def extra_attempts(learner_id: int, part_usage_key: str) -> int:
    """Attempts on top of what the check allows."""
    return responses.extra_attempts(learner_id, part_usage_key)


def give_attempts(
    learner_id: int,
    part_usage_key: str,
    course_key: str,
    *,
    attempts: int,
    reason: str,
    acting_user_id: int | None,
    now: datetime,
) -> int:
    """Give attempts as course staff; how many there are on top now.

    Nobody gives themselves attempts, and only a learner of the course can be given any.
    """
    if (
        acting_user_id is None
        or acting_user_id == learner_id
        or not permissions.may_in_course(acting_user_id, permissions.CourseAction.GIVE_ATTEMPTS, course_key)
    ):
        raise NotCourseStaff(_("Only the course team can give attempts to a learner."))
    if not permissions.takes_course(learner_id, course_key):
        raise NotCourseStaff(_("This person is not enrolled in the course."))
    return responses.give_attempts(
        learner_id,
        part_usage_key,
        course_key,
        attempts=attempts,
        reason=reason,
        actor_id=acting_user_id,
        now=now,
    )
