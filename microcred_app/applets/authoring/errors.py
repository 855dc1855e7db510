"""What the authoring room refuses, one class per decision a caller can take."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["AuthoringError", "DraftTooLarge"]


class AuthoringError(MicrocredError):
    """Base of what this applet refuses."""


class DraftTooLarge(AuthoringError):
    """The unsaved form holds more than is kept between visits."""

    code = "form_draft_too_large"
    http_status = 413
