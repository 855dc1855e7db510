"""Resumable uploads by the published tus protocol, version 1.0.0 (https://tus.io/protocols/resumable-upload).

Core, and the extensions creation, creation-with-upload, expiration, checksum and termination. The protocol has no
idea of a task or a learner, so a creation brings both in its metadata: ``grant`` is what the block signed
(:mod:`..applets.evidence.grants`), ``filename`` and ``fingerprint`` are the client's own words.

The address uses the site's session, so every request that changes something carries the CSRF token. It runs outside a
transaction: a request lasts as long as a learner's connection is slow. When the last byte has come the file is judged
at once; a refusal is the answer to that last request, as JSON with a sentence.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
from collections.abc import Callable, Iterator

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from microcred_app.api import MicrocredError, may_act
from microcred_app.applets.evidence import api as evidence
from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

__all__ = ["endpoint", "request_method", "upload_state", "upload_urls"]

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
READ = 256 * 1024
MOST_METADATA = 16_384
_NUMBER = re.compile(r"[0-9]{1,18}")

View = Callable[..., HttpResponse]


class _Refusal(MicrocredError):
    """The request does not follow the protocol."""

    code = "upload_protocol"

    def __init__(self, message: str, http_status: int = 400) -> None:
        super().__init__(message)
        self.http_status = http_status


def endpoint(view: View) -> View:
    """The protocol's head of every answer; refusals as JSON with their own status."""

    @never_cache
    @transaction.non_atomic_requests
    @functools.wraps(view)
    def shell(request: HttpRequest, **names: str) -> HttpResponse:
        try:
            response = _options() if request.method == "OPTIONS" else _checked(view, request, **names)
        except MicrocredError as error:
            # The protocol has a status of its own for this; handlers answer 400 as for every refused file.
            status = 413 if isinstance(error, evidence.TooLarge) else error.http_status
            response = JsonResponse({"code": error.code, "message": str(error)}, status=status)
            if error.http_status == 412:
                response["Tus-Version"] = VERSION
        response["Tus-Resumable"] = VERSION
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return shell


def _checked(view: View, request: HttpRequest, **names: str) -> HttpResponse:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise _Refusal(_("This address speaks tus {version}.").format(version=VERSION), 412)
    if not request.user.is_authenticated:
        raise _Refusal(_("Sign in to save your work."), 403)
    if request_method(request) not in ("HEAD", "GET"):
        permissions.refuse_other_eyes()
    return view(request, **names)


def _options() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = EXTENSIONS
    response["Tus-Max-Size"] = str(settings().evidence_max_bytes)
    response["Tus-Checksum-Algorithm"] = ",".join(evidence.CHECKSUMS)
    return response


@endpoint
def uploads(request: HttpRequest) -> HttpResponse:
    """Creation."""
    if request_method(request) != "POST":
        raise _Refusal(_("Send this request with POST."), 405)
    if "Upload-Defer-Length" in request.headers:
        raise _Refusal(_("The length of the file must be known when the upload begins."))
    length = _number(request, "Upload-Length")
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    slot, task = evidence.read_grant(metadata.get("grant", ""))
    may_act(slot.learner_id, slot.course_key, acting_user_id=request.user.pk)
    info = evidence.begin_upload(
        slot,
        task,
        filename=metadata.get("filename", ""),
        length=length,
        fingerprint=metadata.get("fingerprint", ""),
        now=timezone.now(),
    )
    if request.headers.get("Content-Type") == "application/offset+octet-stream":
        info = _append(request, info.id, 0)
    response = upload_state(info, 201)
    response["Location"] = reverse("microcred_app:upload", args=[info.id])
    return response


@endpoint
def upload(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Where it stands, more of it, or the end of it."""
    method = request_method(request)
    learner_id = int(request.user.pk or 0)
    if method == "HEAD":
        response = upload_state(evidence.read_upload(learner_id, upload_id, now=timezone.now()), 200)
        response["Cache-Control"] = "no-store"
        return response
    if method == "DELETE":
        evidence.end_upload(learner_id, upload_id, now=timezone.now())
        return HttpResponse(status=204)
    if method != "PATCH":
        raise _Refusal(_("Send this request with HEAD, PATCH or DELETE."), 405)
    if request.headers.get("Content-Type") != "application/offset+octet-stream":
        raise _Refusal(_("Send pieces as application/offset+octet-stream."), 415)
    return upload_state(_append(request, upload_id, _number(request, "Upload-Offset")), 204)


def _append(request: HttpRequest, upload_id: str, offset: int) -> evidence.UploadInfo:
    announced = request.headers.get("Content-Length", "")
    learner_id = int(request.user.pk or 0)
    info = evidence.add_piece(
        learner_id,
        upload_id,
        offset=offset,
        chunks=_body(request),
        announced=int(announced) if _NUMBER.fullmatch(announced) else None,
        checksum=request.headers.get("Upload-Checksum", ""),
        now=timezone.now(),
    )
    if info.complete:
        evidence.finish_upload(learner_id, upload_id, now=timezone.now())
    return info


def _body(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes. A connection that breaks ends it: what has come so far counts."""
    while True:
        try:
            chunk = request.read(READ)
        except UnreadablePostError:
            return
        if not chunk:
            return
        yield chunk


def upload_state(info: evidence.UploadInfo, status: int) -> HttpResponse:
    """Where an upload stands, in the protocol's headers; ours says whether pieces may go straight to the store."""
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(info.offset)
    response["Upload-Length"] = str(info.length)
    if not info.complete:
        if evidence.is_offered():
            response["Microcred-Direct"] = "1"
        response["Upload-Expires"] = http_date(info.expires_at.timestamp())
    return response


def request_method(request: HttpRequest) -> str:
    """The method, or the one it stands for where a proxy lets only POST through."""
    meant = request.headers.get("X-HTTP-Method-Override", "") if request.method == "POST" else ""
    return meant or request.method or ""


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not _NUMBER.fullmatch(text):
        raise _Refusal(_("{name} must be a whole number that is not negative.").format(name=name))
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """The pairs of ``Upload-Metadata``. Twice the same key, or a value that is no UTF-8, is refused."""
    if len(header) > MOST_METADATA:
        raise _Refusal(_("Upload-Metadata is too long."))
    found: dict[str, str] = {}
    for pair in header.split(",") if header else []:
        key, _sep, value = pair.strip().partition(" ")
        try:
            text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError) as error:
            raise _Refusal(_("Upload-Metadata cannot be read.")) from error
        if not re.fullmatch(r"[!-+\--~]+", key) or key in found:
            raise _Refusal(_("Upload-Metadata cannot be read."))
        found[key] = text
    return found


upload_urls = [
    path("uploads/", uploads, name="uploads"),
    path("uploads/<str:upload_id>", upload, name="upload"),
]
