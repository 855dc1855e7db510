"""What can be refused."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = [
    "BackfillError",
    "BatchNotFound",
    "BatchRefused",
    "PreviewNotFound",
    "PreviewRefused",
    "RecallNotFound",
    "RecallRefused",
]


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


class PreviewNotFound(BackfillError):
    """No preview has this id, or none has it any more."""

    code = "preview_not_found"
    http_status = 404


class PreviewRefused(BackfillError):
    """Too many previews of this person are being computed; the text says what to do."""

    code = "preview_refused"
    http_status = 409


class RecallNotFound(BackfillError):
    """No recall has this id."""

    code = "recall_not_found"
    http_status = 404


class RecallRefused(BackfillError):
    """These awards cannot be taken back so; the text says what to do."""

    code = "recall_refused"
    http_status = 409
