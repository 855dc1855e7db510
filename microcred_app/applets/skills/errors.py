"""What the skills room refuses, one class per decision a caller can take."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = [
    "FrameworkNotFound",
    "OutcomeNotFound",
    "OutcomeRefused",
    "RelationRefused",
    "SkillError",
    "SkillNotFound",
    "SkillRefused",
]


class SkillError(MicrocredError):
    """Base of what this applet refuses."""


class OutcomeNotFound(SkillError):
    """No outcome has this key."""

    code = "outcome_not_found"
    http_status = 404


class SkillNotFound(SkillError):
    """No skill has this key."""

    code = "skill_not_found"
    http_status = 404


class FrameworkNotFound(SkillError):
    """No framework has this key."""

    code = "framework_not_found"
    http_status = 404


class OutcomeRefused(SkillError):
    """The outcome cannot be written as given."""

    code = "outcome_refused"


class SkillRefused(SkillError):
    """The skill or framework cannot be written as given."""

    code = "skill_refused"


class RelationRefused(SkillError):
    """The two skills cannot be related like this."""

    code = "relation_refused"
