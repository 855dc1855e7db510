"""What this room refuses, and what must never happen."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["CredentialNotFound", "IssuanceError", "SelfCheckFailed", "StatusListNotFound"]


class IssuanceError(MicrocredError):
    """Base of what this applet refuses."""


class CredentialNotFound(IssuanceError):
    """No credential has this id, or not one this person may change."""

    code = "credential_not_found"
    http_status = 404


class StatusListNotFound(IssuanceError):
    """No status list has this id."""

    code = "status_list_not_found"
    http_status = 404


class SelfCheckFailed(IssuanceError):
    """What was just signed does not verify. Nothing is stored; the award waits and is tried again."""

    code = "self_check_failed"
    http_status = 500
