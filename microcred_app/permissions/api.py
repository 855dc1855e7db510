"""What everybody else asks: see the package for what belongs here."""

from __future__ import annotations

from .actions import Action, CourseAction, SiteAction
from .courses import courses_with, may_in_course, role_in_course, takes_course
from .errors import Masquerading, NotAllowed, NotEnrolled, NotSignedIn, PermissionRefused
from .organisations import acting_for, holds_office, may, require, require_somewhere, scope_of
from .other_eyes import looks_through_other_eyes, refuse_other_eyes
from .own_record import may_act
from .roles import (
    ACTIONS_OF_COURSE_ROLE,
    ACTIONS_OF_ROLE,
    SITE_PERMISSIONS,
    SITE_WIDE_PERMISSIONS,
    CourseRole,
    Role,
    role_title,
)
from .scope import EVERYWHERE, Scope
from .site import may_on_site

__all__ = [
    "ACTIONS_OF_COURSE_ROLE",
    "ACTIONS_OF_ROLE",
    "EVERYWHERE",
    "SITE_PERMISSIONS",
    "SITE_WIDE_PERMISSIONS",
    "Action",
    "CourseAction",
    "CourseRole",
    "Masquerading",
    "NotAllowed",
    "NotEnrolled",
    "NotSignedIn",
    "PermissionRefused",
    "Role",
    "Scope",
    "SiteAction",
    "acting_for",
    "courses_with",
    "holds_office",
    "looks_through_other_eyes",
    "may",
    "may_act",
    "may_in_course",
    "may_on_site",
    "refuse_other_eyes",
    "require",
    "require_somewhere",
    "role_in_course",
    "role_title",
    "scope_of",
    "takes_course",
]
