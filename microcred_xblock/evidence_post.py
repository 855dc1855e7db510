"""The evidence panel as one plain form: files, words and hand-in in a single request, without our scripts.

The platform refuses files above its own limit for handlers (4 MB where nobody changed it); scripts send larger ones
in pieces. A refusal is a small page with the reason and the way back, and keeps what was typed by saving it first.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from webob import Response
from xblock.exceptions import JsonHandlerError

from . import bridge
from .evidence_task import clean_file_name
from .rendering import render, translator

__all__ = ["receive", "way_back"]


def receive(block: Any, request: Any) -> Response:
    """Do what the pressed button says, and lead back to the page."""
    _ = translator(block).gettext
    if request.method != "POST":
        raise JsonHandlerError(405, _("Send this request with POST."))
    back = way_back(request)
    try:
        _carry_out(block, request)
    except JsonHandlerError as error:
        return _page(block, error.message, error.status_code, back)
    except bridge.RefusalError as refusal:
        return _page(block, str(refusal), refusal.http_status, back)
    if not back:
        return _page(block, _("Done. Go back and reload the page."), 200, back)
    answer = Response(status=303)
    answer.headers["Location"] = back
    return answer


def _carry_out(block: Any, request: Any) -> None:
    action = str(request.params.get("action", "save"))
    if action.startswith("remove:"):
        block.remove_one(action.removeprefix("remove:")[:100])
        return
    words = {name: str(request.params[name]) for name in ("text", "link") if name in request.params}
    if words:
        block.keep_words(words)
    sent = (
        request.params.getall("file") if hasattr(request.params, "getall") else [request.params.get("file")]
    )
    for file in sent:
        if file is not None and not isinstance(file, (str, bytes)) and getattr(file, "filename", None):
            block.add_one(clean_file_name(file.filename), file.file)
    if action == "hand_in":
        block.hand_over(datetime.now(UTC))


def way_back(request: Any) -> str:
    """The path of the page the form was on, on this site; nothing when it is not told."""
    try:
        parts = urlsplit(str(request.headers.get("Referer", "") or ""))
    except ValueError:
        return ""
    if not parts.hostname or parts.hostname != str(request.host).rpartition("@")[2].partition(":")[0]:
        return ""
    # Two slashes at the start would lead to another site.
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def _page(block: Any, message: str, status: int, back: str) -> Response:
    html = render(block, "evidence_answer.html", {"message": message, "back": back})
    return Response(html, status=status, content_type="text/html", charset="utf-8")
