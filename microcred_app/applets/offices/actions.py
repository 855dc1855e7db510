"""Which role may do which action: the one table, read by the interface, the pages and the documentation alike."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["ACTIONS_OF_ROLE", "SITE_WIDE_PERMISSIONS", "Action", "Role", "role_title"]


class Role(StrEnum):
    """An office that somebody holds for one organisation."""

    REGISTRAR = "registrar"
    STEWARD = "steward"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


class Action(StrEnum):
    """Something that not everybody may do."""

    VIEW_DEFINITIONS = "definitions.view"
    EDIT_DRAFTS = "drafts.edit"
    SUBMIT_DRAFTS = "drafts.submit"
    APPROVE_DRAFTS = "drafts.approve"
    PUBLISH = "definitions.publish"
    RETIRE_DEFINITIONS = "definitions.retire"
    EDIT_ISSUER = "issuer.edit"
    MANAGE_SKILLS = "skills.manage"
    VIEW_AWARDS = "awards.view"
    REVOKE_AWARDS = "awards.revoke"
    SIGN_OFF = "signoffs.give"
    JUDGE_EVIDENCE = "evidence.judge"
    VIEW_JOBS = "jobs.view"
    RUN_JOBS = "jobs.run"
    VIEW_AUDIT = "audit.view"
    MANAGE_ROLES = "roles.manage"
    MANAGE_WEBHOOKS = "webhooks.manage"


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

#: Django permissions that grant an action for every organisation of the site.
SITE_WIDE_PERMISSIONS: dict[Action, str] = {
    Action.VIEW_DEFINITIONS: "microcred_app.view_award",
    Action.VIEW_AWARDS: "microcred_app.view_award",
    Action.REVOKE_AWARDS: "microcred_app.add_reversal",
    Action.VIEW_AUDIT: "microcred_app.view_auditentry",
}

_TITLES: dict[Role, Promise] = {
    Role.REGISTRAR: _("registrar"),
    Role.STEWARD: _("steward"),
    Role.REVIEWER: _("reviewer"),
    Role.AUDITOR: _("auditor"),
}


def role_title(role: Role) -> str:
    """The role in the reader's language."""
    return str(_TITLES[role])
