"""Every refusal of a machine's request is a ProblemDetails object with the right status, never an HTML page.

RFC 9457. ``type`` is an address that standards give to the problem, or ``about:blank``; ``code`` is ours and stable;
``detail`` says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

__all__ = ["PARSING_ERROR", "Refusal", "problem"]

PARSING_ERROR = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"


class Refusal(Exception):
    """A request that is not answered, and with which status; a shell turns it into :func:`problem`."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        kind: str = "about:blank",
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.kind = status, code, detail, kind
        self.headers = dict(headers or {})
        #: What a program needs beside the sentence, such as which field is wrong (RFC 9457 section 3.2).
        self.members = dict(members or {})


def problem(refusal: Refusal) -> JsonResponse:
    """The refusal as ``application/problem+json``."""
    body = {
        "type": refusal.kind,
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
        **refusal.members,
    }
    return JsonResponse(
        body, status=refusal.status, content_type="application/problem+json", headers=refusal.headers
    )
