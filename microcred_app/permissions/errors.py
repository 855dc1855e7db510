"""What this room refuses. Rooms above that refuse in words of their own ask first and raise theirs."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["Masquerading", "NotAllowed", "NotEnrolled", "NotSignedIn", "PermissionRefused"]


class PermissionRefused(MicrocredError):
    """Base of what this room refuses."""

    http_status = 403


class NotAllowed(PermissionRefused):
    """This person may not do this for this organisation."""

    code = "not_allowed"


class NotSignedIn(PermissionRefused):
    """Nobody is signed in, or somebody else than the request says."""

    code = "not_signed_in"


class NotEnrolled(PermissionRefused):
    """The course's handlers accept requests of people who are not enrolled; we do not."""

    code = "not_enrolled"


class Masquerading(PermissionRefused):
    """Staff looking through a learner's eyes must not write into the learner's record."""

    code = "masquerading"
