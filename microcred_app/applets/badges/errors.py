"""What this room refuses."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

__all__ = [
    "BadgeError",
    "BadgeNotFound",
    "ConfirmationNeeded",
    "DefinitionRefused",
    "DraftNotFound",
    "DraftRefused",
    "IssuerNotFound",
    "IssuerRefused",
    "LifeRefused",
    "NotReady",
    "SecondPersonNeeded",
    "TransitionRefused",
]


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


class IssuerRefused(BadgeError):
    """An organisation's profile cannot be stored as given."""

    code = "issuer_refused"


class LifeRefused(BadgeError):
    """The badge cannot take this turn in its life."""

    code = "life_refused"
    http_status = 409


class DraftNotFound(BadgeError):
    """Nobody drafts a badge under this key."""

    code = "draft_not_found"
    http_status = 404


class DraftRefused(BadgeError):
    """A draft cannot be stored as given; ``problems`` maps each field to what is wrong with it."""

    code = "draft_refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(f"{field}: {problem}" for field, problem in self.problems.items()))


class TransitionRefused(BadgeError):
    """The draft is in another state than the step needs."""

    code = "transition_refused"
    http_status = 409


class SecondPersonNeeded(BadgeError):
    """Approval has to come from somebody who neither edited nor submitted last."""

    code = "second_person_needed"
    http_status = 403


class NotReady(BadgeError):
    """What is required before publishing is missing; ``codes`` names the items of the
    readiness list, ``details`` says how to mend each."""

    code = "not_ready"

    def __init__(self, missing: Mapping[str, str]) -> None:
        self.codes = tuple(missing)
        self.details = tuple(missing.values())
        details = " ".join(self.details)
        super().__init__(_("The badge cannot be published yet. {details}").format(details=details))


class ConfirmationNeeded(BadgeError):
    """The rule would award everybody, or nobody; publishing it needs a second, explicit yes."""

    code = "confirmation_needed"
    http_status = 409
