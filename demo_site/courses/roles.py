"""Who may do what in a course. Global staff may do everything; everybody else needs a row."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey

from demo_site.courses.models import CourseRole, Enrolment, Role

__all__ = [
    "enrol",
    "give_role",
    "holds_staff_role",
    "is_course_staff",
    "is_enrolled",
    "is_reviewer",
    "reviewable_courses",
]


def enrol(user_id: int, course_key: CourseKey) -> None:
    """The user learns in the course from now on; enrolling twice changes nothing."""
    Enrolment.objects.get_or_create(user_id=user_id, course_key=str(course_key))


def give_role(user_id: int, course_key: CourseKey, role: Role) -> None:
    """The user holds the role in the course; giving it twice changes nothing."""
    CourseRole.objects.get_or_create(user_id=user_id, course_key=str(course_key), role=role)


def is_enrolled(user_id: int | None, course_key: CourseKey | str) -> bool:
    """Whether the user is a learner of the course. Course staff who did not enrol are not."""
    return (
        user_id is not None and Enrolment.objects.filter(user_id=user_id, course_key=str(course_key)).exists()
    )


def is_course_staff(user_id: int | None, course_key: CourseKey | str) -> bool:
    """Whether the user may author the course and see everything in it."""
    return _is_global_staff(user_id) or _has_role(user_id, course_key, (Role.STAFF,))


def holds_staff_role(user: Any, course_key: CourseKey | str) -> bool:
    """As :func:`is_course_staff` for an account that is at hand, so that it is not read again."""
    return bool(user.is_superuser) or _has_role(user.pk, course_key, (Role.STAFF,))


def is_reviewer(user_id: int | None, course_key: CourseKey | str) -> bool:
    """Whether the user may judge evidence of the course; course staff may too."""
    return _is_global_staff(user_id) or _has_role(user_id, course_key, (Role.STAFF, Role.REVIEWER))


def reviewable_courses(user_id: int) -> tuple[str, ...]:
    """Keys of the courses whose evidence the user may judge, sorted."""
    rows = CourseRole.objects.filter(user_id=user_id, role__in=(Role.STAFF, Role.REVIEWER))
    return tuple(sorted(set(rows.values_list("course_key", flat=True))))


def _has_role(user_id: int | None, course_key: CourseKey | str, roles: tuple[Role, ...]) -> bool:
    if user_id is None:
        return False
    return CourseRole.objects.filter(user_id=user_id, course_key=str(course_key), role__in=roles).exists()


def _is_global_staff(user_id: int | None) -> bool:
    return user_id is not None and get_user_model().objects.filter(pk=user_id, is_superuser=True).exists()
