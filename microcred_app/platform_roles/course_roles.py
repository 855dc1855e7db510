"""Who is staff of a course on Open edX: the one place that knows the platform's two ways to say so.

Roles stand in the LMS's table of course roles, or, for courses that were moved, in openedx-authz (:mod:`.authz`): then
the table counts for nothing. Which of the two answers is asked for each course, when one course is asked about and
when somebody's courses are listed.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import Any

from . import authz

__all__ = ["ROLES_OF_OFFICE", "CourseOffice", "courses_of", "holds_course_office"]


class CourseOffice(StrEnum):
    """What somebody is to a course, in our rooms."""

    #: Sees and decides everything in the course.
    STAFF = "staff"
    #: Judges evidence of the course.
    REVIEWER = "reviewer"


#: The platform's roles that make somebody this. A role of its own for reviewers is an operator's choice.
ROLES_OF_OFFICE: dict[CourseOffice, tuple[str, ...]] = {
    CourseOffice.STAFF: ("staff", "instructor"),
    CourseOffice.REVIEWER: ("staff", "instructor"),
}


def holds_course_office(user: Any, course_key: Any, office: CourseOffice) -> bool:
    """Whether this account is that to the course; global staff are everything to every course."""
    if user is None or not user.is_active:
        return False
    if user.is_staff or user.is_superuser:
        return True
    roles = ROLES_OF_OFFICE[office]
    if authz.answers_for(course_key):
        return authz.allows(user.username, roles, course_key)
    platform_roles = import_module("common.djangoapps.student.roles")

    kinds = {"staff": platform_roles.CourseStaffRole, "instructor": platform_roles.CourseInstructorRole}
    return any(bool(kinds[role](course_key).has_user(user)) for role in roles)


def courses_of(user: Any, office: CourseOffice) -> tuple[str, ...]:
    """Keys of the courses to which this account is that by a role, sorted; global staff have no such list.

    Whoever was given a role for an organisation or for all courses is listed with each of those courses.
    """
    if user is None or not user.is_active:
        return ()
    from common.djangoapps.student.models import CourseAccessRole

    roles = ROLES_OF_OFFICE[office]
    rows = CourseAccessRole.objects.filter(user_id=user.pk, role__in=roles)
    # A row that stayed in the table when its course was moved counts for nothing, as it does when one course is asked.
    in_table = {str(row.course_id) for row in rows if row.course_id and not authz.answers_for(row.course_id)}
    return tuple(sorted(in_table | authz.courses_where(user.username, roles)))
