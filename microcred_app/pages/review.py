"""The reviewer's pages, and the guarded download of evidence."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.evidence import api as evidence

from .review_comments import comment_urls
from .review_desk import desk_urls
from .review_queue import queue_urls
from .review_report import report_urls
from .shell import person_id, signed_in_page

__all__ = ["review_urls"]


@require_safe
@never_cache
@signed_in_page
def evidence_file(request: HttpRequest, file_id: str) -> FileResponse:
    """The bytes, for owner and reviewers only, in a form that no browser executes.

    Pictures may be shown in place (``?inline=1``): their bytes were checked when they came in, and the
    sandbox policy holds even if a browser disagrees about what they are.
    """
    info, content = evidence.open_evidence_file(person_id(request), file_id)
    inline = request.GET.get("inline") == "1" and info.media_type.startswith("image/")
    response = FileResponse(
        content, as_attachment=not inline, filename=info.name, content_type=info.media_type
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


review_urls = [
    *queue_urls,
    *report_urls,
    *comment_urls,
    *desk_urls,
    path("evidence/<str:file_id>", evidence_file, name="evidence-file"),
]
