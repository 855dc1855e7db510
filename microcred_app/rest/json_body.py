"""The body of a request is JSON within fixed bounds, or it is refused before any work is spent on it.

Size is judged twice: by what the request says, so that an honest giant is refused unread, and by what arrives.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from microcred_app.ob3.errors import InputError
from microcred_app.ob3.json_input import Limits, parse_json

from .problems import PARSING_ERROR, Refusal

__all__ = ["MAX_BODY", "read_body", "read_object"]

MAX_BODY = 1_000_000
#: One level and a few values more than a credential may have: what a request wraps around it.
_LIMITS = Limits(max_bytes=MAX_BODY, max_depth=28, max_values=8_000)


def read_object(request: HttpRequest, *, max_bytes: int = MAX_BODY) -> dict[str, Any]:
    """The JSON object in the body of *request*, or a :class:`Refusal` (400, 413, 415)."""
    kind = (request.content_type or "").lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Refusal(415, "content_type", "Send the request as application/json.")
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Refusal(415, "content_encoding", "Send the request without compression.")
    try:
        value = parse_json(read_body(request, max_bytes=max_bytes), _LIMITS)
    except InputError as error:
        raise Refusal(400, error.code, error.message, kind=PARSING_ERROR) from error
    if not isinstance(value, dict):
        raise Refusal(400, "not_an_object", "The request must be a JSON object.", kind=PARSING_ERROR)
    return value


def read_body(request: HttpRequest, *, max_bytes: int = MAX_BODY) -> bytes:
    """The bytes of the body, or a :class:`Refusal` (400, 413) when there are more than *max_bytes*."""
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    if not stated.isascii() or not stated.isdigit():
        raise Refusal(400, "content_length", "The length of the request is not a number.")
    if len(stated) > 12 or int(stated) > max_bytes:
        raise _too_large(max_bytes)
    try:
        body = request.read(max_bytes + 1)
    except UnreadablePostError as error:
        raise Refusal(400, "unreadable", "The request broke off before it was complete.") from error
    if len(body) > max_bytes:
        raise _too_large(max_bytes)
    return body


def _too_large(max_bytes: int) -> Refusal:
    return Refusal(413, "too_large", f"The request may have {max_bytes} bytes at most.")
