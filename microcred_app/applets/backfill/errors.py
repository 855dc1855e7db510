"""What can be refused."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["BackfillError", "BatchNotFound", "BatchRefused"]


class BackfillError(MicrocredError):
    """Base of what this applet refuses."""


class BatchNotFound(BackfillError):
    """No back-fill has this id."""

    code = "batch_not_found"
    http_status = 404


class BatchRefused(BackfillError):
    """The back-fill cannot do that where it stands; the text says where it stands."""

    code = "batch_refused"
    http_status = 409
