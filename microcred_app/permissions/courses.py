"""What somebody may do in a course. Who is what to a course, the platform says, through its one door."""

from __future__ import annotations

from collections.abc import Callable

from microcred_app.compat import platform

from .actions import Action, CourseAction
from .organisations import may
from .roles import ACTIONS_OF_COURSE_ROLE, CourseRole

__all__ = ["courses_with", "may_in_course", "role_in_course", "takes_course"]


def may_in_course(
    user_id: int, action: CourseAction, course_key: str, *, lent_to: Callable[[], str] | None = None
) -> bool:
    """Whether this person may do this in this course."""
    return role_in_course(user_id, action, course_key, lent_to=lent_to) is not None


def role_in_course(
    user_id: int, action: CourseAction, course_key: str, *, lent_to: Callable[[], str] | None = None
) -> CourseRole | None:
    """As what this person may do this in this course, the strongest first; None when they may not.

    *lent_to* says to which organisation the course's team opened it (empty for none), and is only called when nothing
    nearer decides.
    """
    if not course_key:  # a form that named no course; staff of the whole site are staff of courses only
        return None
    for role, actions in ACTIONS_OF_COURSE_ROLE.items():
        if action in actions and _is(user_id, role, course_key, lent_to):
            return role
    return None


def courses_with(user_id: int, action: CourseAction) -> tuple[str, ...]:
    """Keys of the courses in which this person may do this by a role of the platform, sorted as the platform does.

    Courses that were opened to an organisation are known to the room that keeps that. Global staff have no such list.
    """
    keys = platform().reviewable_courses(user_id)
    if action is CourseAction.JUDGE:
        return keys
    return tuple(key for key in keys if may_in_course(user_id, action, key))


def takes_course(user_id: int, course_key: str) -> bool:
    """Whether this person is a learner of the course."""
    return platform().is_enrolled(user_id, course_key)


def _is(user_id: int, role: CourseRole, course_key: str, lent_to: Callable[[], str] | None) -> bool:
    match role:
        case CourseRole.LEARNER:
            return takes_course(user_id, course_key)
        case CourseRole.STAFF:
            return platform().is_course_staff(user_id, course_key)
        case CourseRole.REVIEWER:
            return platform().is_reviewer(user_id, course_key)
        case CourseRole.ORGANISATION:
            slug = lent_to() if lent_to else ""
            return bool(slug) and may(user_id, Action.JUDGE_EVIDENCE, slug)
