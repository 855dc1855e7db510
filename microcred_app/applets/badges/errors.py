"""What this room refuses."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

__all__ = ["BadgeError", "BadgeNotFound", "DefinitionRefused", "IssuerNotFound"]


class BadgeError(MicrocredError):
    """Base of what this applet refuses."""


class BadgeNotFound(BadgeError):
    """No badge, or no such version of it."""

    code = "badge_not_found"
    http_status = 404


class IssuerNotFound(BadgeError):
    """No issuer has this name."""

    code = "issuer_not_found"
    http_status = 404


class DefinitionRefused(BadgeError):
    """A definition cannot be published; ``problems`` maps each field to what is wrong with it."""

    code = "definition_refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        details = " ".join(f"{field}: {problem}" for field, problem in self.problems.items())
        super().__init__(_("The badge cannot be published yet. {details}").format(details=details))
