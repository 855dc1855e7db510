"""What the room of lists refuses, one class per decision a caller can take."""

from __future__ import annotations

from microcred_app.errors import MicrocredError

__all__ = ["ListError", "ListFileRefused", "ListNotFound", "ListRefused"]


class ListError(MicrocredError):
    """Base of what this room refuses."""


class ListFileRefused(ListError):
    """The file as a whole cannot be taken: nothing was kept of it."""

    code = "list_file_refused"


class ListRefused(ListError):
    """The list does not stand where this can be done with it, or what was confirmed is not what stands there."""

    code = "list_refused"
    http_status = 409


class ListNotFound(ListError):
    """No list has this id, or it is not for this person to see."""

    code = "list_not_found"
    http_status = 404
