"""openedx-authz, where it is installed, for the courses whose flag ``authz.enable_course_authoring`` is on.

Roles of such courses were *moved* out of the LMS's table of course roles. A role is given for one course, for all
courses of an organisation (``course-v1:Org+*``), or for all courses (``course-v1:*``).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from importlib import import_module
from typing import Any

__all__ = ["PERMISSION_OF_ROLE", "allows", "answers_for", "courses_where", "is_installed"]

log = logging.getLogger(__name__)

#: The permissions that say what a role of the table said: they came with the roles that were moved.
PERMISSION_OF_ROLE: dict[str, str] = {
    "staff": "courses.legacy_staff_role_permissions",
    "instructor": "courses.legacy_instructor_role_permissions",
}
_ONE, _ALL = "course-v1:", "course-v1:*"


def is_installed() -> bool:
    """Whether the package is there, and the platform knows the flag."""
    try:
        toggles = import_module("openedx.core.toggles")
        import_module("openedx_authz.api")
    except ImportError:
        return False
    return getattr(toggles, "enable_authz_course_authoring", None) is not None


def answers_for(course_key: Any) -> bool:
    """Whether this package, and not the table, says who is who in the course."""
    return is_installed() and bool(
        import_module("openedx.core.toggles").enable_authz_course_authoring(course_key)
    )


def allows(username: str, roles: Iterable[str], course_key: Any) -> bool:
    """Whether somebody has one of these roles in the course, however widely it was given."""
    users = import_module("openedx_authz.api.users")
    return any(
        bool(users.is_user_allowed(username, PERMISSION_OF_ROLE[role], str(course_key))) for role in roles
    )


def courses_where(username: str, roles: Iterable[str]) -> frozenset[str]:
    """Keys of the courses in which somebody has one of these roles, those that a wide role reaches included.

    Only courses that this package answers for. The platform's list is read once, and only for somebody who has a wide
    role.
    """
    if not is_installed():
        return frozenset()
    users = import_module("openedx_authz.api.users")
    asked = getattr(users, "get_scopes_for_user_and_permission", None)
    if asked is None:
        log.info("This openedx-authz cannot list somebody's courses; those of moved roles are not listed.")
        return frozenset()
    scopes = {
        str(scope.external_key) for role in roles for scope in asked(username, PERMISSION_OF_ROLE[role])
    }
    named = {key for key in scopes if key.startswith(_ONE) and not key.endswith("*")}
    wide = tuple(key.removesuffix("*") for key in scopes if key.startswith(_ONE) and key.endswith("*"))
    if wide:
        named |= {key for key in _courses_of_organisations(wide) if key.startswith(wide)}
    return frozenset(key for key in named if _answers_for_text(key))


def _courses_of_organisations(beginnings: tuple[str, ...]) -> list[str]:
    from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

    rows = CourseOverview.objects.all()
    if _ALL.removesuffix("*") not in beginnings:
        rows = rows.filter(org__in={one.removeprefix(_ONE).removesuffix("+") for one in beginnings})
    return [str(key) for key in rows.values_list("id", flat=True)]


def _answers_for_text(course_key: str) -> bool:
    from opaque_keys import InvalidKeyError
    from opaque_keys.edx.keys import CourseKey

    try:
        return answers_for(CourseKey.from_string(course_key))
    except InvalidKeyError:
        return False
