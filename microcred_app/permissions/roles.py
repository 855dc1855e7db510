"""Which role may do which action: the tables, read by the decisions, the pages and the documentation alike."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .actions import Action, CourseAction, SiteAction

__all__ = [
    "ACTIONS_OF_COURSE_ROLE",
    "ACTIONS_OF_ROLE",
    "SITE_PERMISSIONS",
    "SITE_WIDE_PERMISSIONS",
    "CourseRole",
    "Role",
    "role_title",
]


class Role(StrEnum):
    """An office that somebody holds for one organisation."""

    REGISTRAR = "registrar"
    STEWARD = "steward"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


class CourseRole(StrEnum):
    """What somebody is to a course. The platform says so; what was opened to an organisation, our own table does."""

    #: Takes the course.
    LEARNER = "learner"
    #: Of the course's team: staff and instructors of the course, and global staff.
    STAFF = "staff"
    #: Judges in the course, where the platform has such a role apart.
    REVIEWER = "reviewer"
    #: Judges for the organisation to which the course's team opened it.
    ORGANISATION = "organisation"


#: A registrar answers for everything. A steward looks after definitions and sees no learner. A reviewer judges:
#: drafts of others, learners where a rule asks for a sign-off, and evidence of courses that were opened to the
#: organisation. An auditor sees everything and changes nothing.
#: That nobody approves what they wrote themselves is a rule about people, not about roles; badges keeps it.
ACTIONS_OF_ROLE: dict[Role, frozenset[Action]] = {
    Role.REGISTRAR: frozenset(Action),
    Role.STEWARD: frozenset(
        {Action.VIEW_DEFINITIONS, Action.EDIT_DRAFTS, Action.SUBMIT_DRAFTS, Action.MANAGE_SKILLS}
    ),
    Role.REVIEWER: frozenset(
        {Action.VIEW_DEFINITIONS, Action.APPROVE_DRAFTS, Action.SIGN_OFF, Action.JUDGE_EVIDENCE}
    ),
    Role.AUDITOR: frozenset(
        {Action.VIEW_DEFINITIONS, Action.VIEW_AWARDS, Action.VIEW_JOBS, Action.VIEW_AUDIT}
    ),
}

#: Staff decide everything in their course, but learn only where they are enrolled. Whoever judges does nothing else.
ACTIONS_OF_COURSE_ROLE: dict[CourseRole, frozenset[CourseAction]] = {
    CourseRole.LEARNER: frozenset({CourseAction.LEARN, CourseAction.SEE_OWN_BADGES}),
    CourseRole.STAFF: frozenset(CourseAction) - {CourseAction.LEARN},
    CourseRole.REVIEWER: frozenset({CourseAction.JUDGE}),
    CourseRole.ORGANISATION: frozenset({CourseAction.JUDGE}),
}

#: Django permissions that grant an action for every organisation of the site.
SITE_WIDE_PERMISSIONS: dict[Action, str] = {
    Action.VIEW_DEFINITIONS: "microcred_app.view_award",
    Action.VIEW_AWARDS: "microcred_app.view_award",
    Action.REVOKE_AWARDS: "microcred_app.add_reversal",
    Action.VIEW_AUDIT: "microcred_app.view_auditentry",
}

#: Django permissions that are what the site asks for.
SITE_PERMISSIONS: dict[SiteAction, str] = {SiteAction.SIGN_DOCUMENTS: "microcred_app.add_credential"}

_TITLES: dict[Role, Promise] = {
    Role.REGISTRAR: _("registrar"),
    Role.STEWARD: _("steward"),
    Role.REVIEWER: _("reviewer"),
    Role.AUDITOR: _("auditor"),
}


def role_title(role: Role) -> str:
    """The role in the reader's language."""
    return str(_TITLES[role])
