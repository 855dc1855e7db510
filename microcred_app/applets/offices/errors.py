"""What the offices refuse."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["OfficeError", "RoleRefused"]


class OfficeError(MicrocredError):
    """Base of what this applet refuses."""


class RoleRefused(OfficeError):
    """The role cannot be given or taken as asked."""

    code = "role_refused"
