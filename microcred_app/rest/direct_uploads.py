"""Pieces of an upload by way of the object store: an address for the next one, and word that it has arrived.

Beside the protocol (:mod:`.tus`), whose addresses begin, describe and end these uploads too. A client that cannot reach
the store goes on with PATCH at any time.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from microcred_app.api import MicrocredError
from microcred_app.applets.evidence import api as evidence

from .tus import endpoint, request_method, upload_state

__all__ = ["direct_urls"]


class _NotUnderstood(MicrocredError):
    """The request is not one of the two that are understood here."""

    code = "upload_protocol"


class _NotAllowed(_NotUnderstood):
    http_status = 405


@endpoint
def address(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Where the next piece goes, for a quarter of an hour."""
    found = evidence.address_for(_learner(request), upload_id, now=timezone.now())
    return JsonResponse({"url": found.url, "offset": found.offset, "size": found.size})


@endpoint
def arrived(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Count the piece at ``Upload-Offset``. After the last one the file is judged, and a refusal is the answer."""
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 19):
        raise _NotUnderstood(
            _("{name} must be a whole number that is not negative.").format(name="Upload-Offset")
        )
    info = evidence.count_arrived(_learner(request), upload_id, offset=int(offset), now=timezone.now())
    if info.complete:
        evidence.finish_upload(_learner(request), upload_id, now=timezone.now())
    return upload_state(info, 204)


def _learner(request: HttpRequest) -> int:
    if request_method(request) != "POST":
        raise _NotAllowed(_("Send this request with POST."))
    return int(request.user.pk or 0)


direct_urls = [
    path("uploads/<str:upload_id>/address", address, name="upload-address"),
    path("uploads/<str:upload_id>/arrived", arrived, name="upload-arrived"),
]
