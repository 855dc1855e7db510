"""What the offices refuse."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["NotAllowed", "OfficeError", "RoleRefused"]


class OfficeError(MicrocredError):
    """Base of what this applet refuses."""


class NotAllowed(OfficeError):
    """This person may not do this for this organisation."""

    code = "not_allowed"
    http_status = 403


class RoleRefused(OfficeError):
    """The role cannot be given or taken as asked."""

    code = "role_refused"
