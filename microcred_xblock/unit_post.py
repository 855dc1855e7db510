"""A unit without our scripts: the button that says a part was worked through, as a plain form."""

from __future__ import annotations

from typing import Any

from webob import Response
from xblock.exceptions import JsonHandlerError

from . import bridge
from .evidence_post import way_back
from .rendering import render, translator

__all__ = ["receive"]


def receive(block: Any, request: Any) -> Response:
    """Count the part whose button was pressed, and lead back to the page; a refusal is a page with the reason."""
    back = way_back(request)
    try:
        if request.method != "POST":
            raise JsonHandlerError(405, translator(block).gettext("Send this request with POST."))
        block.mark_seen(str(request.params.get("seen", ""))[:500])
    except JsonHandlerError as error:
        return _refusal(block, error.message, error.status_code, back)
    except bridge.RefusalError as refusal:
        return _refusal(block, str(refusal), refusal.http_status, back)
    return Response(status=303, location=back or "/")


def _refusal(block: Any, message: str, status: int, back: str) -> Response:
    html = render(block, "check_refused.html", {"message": message, "back": back or "/", "of_unit": True})
    return Response(html, status=status, content_type="text/html", charset="utf-8")
