"""What the sources room refuses, one class per decision a caller can take."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["ReplayRunning", "SourcesError"]


class SourcesError(MicrocredError):
    """Base of what this applet refuses."""


class ReplayRunning(SourcesError):
    """Somebody else reads this course's tables at the moment."""

    code = "replay_running"
    http_status = 409
