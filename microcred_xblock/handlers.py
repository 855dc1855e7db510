"""Makes a method a JSON handler that answers every bad request with a sentence and never with a crash.

The stock decorator crashes on JSON nested deeper than Python's stack, on a body that is not an object, on a
form with files, and on half characters (lone surrogates) that no database stores. Any stranger can send those.
"""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http.request import RawPostDataException
from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError

from . import bridge
from .guards import reader_mark
from .rendering import translator

__all__ = ["answered", "json_response", "read_object", "reading", "text_of", "writing"]

MOST_BYTES = 512_000

Handler = Callable[..., Any]


def json_response(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body), status=status, content_type="application/json", charset="utf-8")


def read_object(block: Any, request: Any) -> dict[str, Any]:
    """The JSON object a request carries; ``JsonHandlerError`` when it carries none.

    A page says for whom it was made. Where somebody else has signed in since in that browser, what it sends is not
    theirs, and nothing is stored.
    """
    _ = translator(block).gettext
    if request.method != "POST":
        raise JsonHandlerError(405, _("Send this request with POST."))
    made_for = request.headers.get("X-Microcred-For", "")
    reader = reader_mark(block) if made_for else ""
    if reader and reader != made_for:
        raise JsonHandlerError(
            409, _("Somebody else is signed in here now, so nothing was saved. Reload the page.")
        )
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise JsonHandlerError(413, _("This is too much at once. Shorten it and try again.")) from error
    except RawPostDataException as error:  # a form with files: the platform has read it already
        raise JsonHandlerError(400, _("The request must be a JSON object.")) from error
    if len(body) > MOST_BYTES:
        raise JsonHandlerError(413, _("This is too much at once. Shorten it and try again."))
    try:
        data = json.loads(body.decode("utf-8") or "{}")
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise JsonHandlerError(
            400, _("The request could not be read. Reload the page and try again.")
        ) from error
    if not isinstance(data, dict):
        raise JsonHandlerError(400, _("The request must be a JSON object."))
    return data


def answered(block: Any, answer: Callable[[], Any]) -> Response:
    """The answer as JSON, with refusals as JSON errors of their own status."""
    try:
        body = answer()
    except JsonHandlerError as error:
        return json_response({"error": error.message, "code": "refused"}, error.status_code)
    except bridge.RefusalError as refusal:
        return json_response({"error": str(refusal), "code": refusal.code}, refusal.http_status)
    return body if isinstance(body, Response) else json_response(body)


def writing(method: Handler) -> Handler:
    """A JSON handler: ``method(self, data)`` with *data* a dict."""

    @functools.wraps(method)
    def handle(self: Any, request: Any, suffix: str = "") -> Response:
        return answered(self, lambda: method(self, read_object(self, request)))

    return cast(Handler, XBlock.handler(handle))


def reading(method: Handler) -> Handler:
    """A handler of a raw request (an upload): ``method(self, request)``; errors as for ``writing``."""

    @functools.wraps(method)
    def handle(self: Any, request: Any, suffix: str = "") -> Response:
        return answered(self, lambda: method(self, request))

    return cast(Handler, XBlock.handler(handle))


def text_of(block: Any, data: dict[str, Any], name: str, *, most: int) -> str:
    """The text under *name* without control characters; 400 when it is not text or longer than *most*."""
    _ = translator(block).gettext
    value = data.get(name, "")
    if not isinstance(value, str):
        raise JsonHandlerError(400, _("“{name}” must be text.").format(name=name))
    if len(value) > most:
        raise JsonHandlerError(400, _("This text is too long: at most {most} characters.").format(most=most))
    # Joiners stay: Persian words and family emoji are made with them.
    return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) != "Cc")
