"""Calls from a block's script to the block, under the rules of the LMS.

A session's POST needs the CSRF token; a visitor may GET but nothing else; too large files are refused
before the block sees them; enrolment is *not* checked here, so a block must; and no transaction surrounds
the handler, so a block that needs one must open it.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock
from xblock.django.request import django_to_webob_request, webob_to_django_response
from xblock.exceptions import (
    JsonHandlerError,
    NoSuchHandlerError,
    NoSuchUsage,
    NotFoundError,
    ProcessingError,
)
from xblock.runtime import Runtime

from demo_site.lms import masquerade
from demo_site.runtime.runtime import LmsRuntime

__all__ = ["handler", "handler_noauth", "refuse_large_files", "run_handler"]

log = logging.getLogger(__name__)


@transaction.non_atomic_requests
def handler(
    request: HttpRequest, course_key: CourseKey, usage_key: UsageKey, name: str, suffix: str = ""
) -> HttpResponse:
    """Run a handler for whoever is signed in, or for a visitor who only reads."""
    if not request.user.is_authenticated and request.method not in ("GET", "HEAD"):
        return JsonResponse({"error": _("Sign in first.")}, status=403)
    refusal = refuse_large_files(request)
    if refusal is not None:
        return refusal
    request.user.known = request.user.is_authenticated  # type: ignore[union-attr]
    runtime = LmsRuntime(course_key, masquerade.current_viewer(request, course_key))
    return run_handler(runtime, _block(runtime, course_key, usage_key), request, name, suffix)


@csrf_exempt
@transaction.non_atomic_requests
def handler_noauth(
    request: HttpRequest, course_key: CourseKey, usage_key: UsageKey, name: str, suffix: str = ""
) -> HttpResponse:
    """Run a handler for a third party: no session, no user, no CSRF token. The block must know its caller."""
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    refusal = refuse_large_files(request)
    if refusal is not None:
        return refusal
    runtime = LmsRuntime(course_key, masquerade.current_viewer(request, course_key))
    return run_handler(runtime, _block(runtime, course_key, usage_key), request, name, suffix)


def refuse_large_files(request: HttpRequest) -> JsonResponse | None:
    """The LMS's answer to too many or too large files, or None when all is well."""
    count = 0
    for name in request.FILES:
        uploads = request.FILES.getlist(name)
        count += len(uploads)
        if count > settings.MAX_FILEUPLOADS_PER_INPUT:
            message = _("Submission aborted! Maximum {count} files may be submitted at once.")
            return JsonResponse(
                {"success": message.format(count=settings.MAX_FILEUPLOADS_PER_INPUT)}, status=413
            )
        for upload in uploads:
            if isinstance(upload, UploadedFile) and (upload.size or 0) > settings.STUDENT_FILEUPLOAD_MAX_SIZE:
                message = _("Submission aborted! Your file “{name}” is too large (at most {limit} MB).")
                limit = settings.STUDENT_FILEUPLOAD_MAX_SIZE / 1_000_000
                return JsonResponse(
                    {"success": message.format(name=upload.name, limit=f"{limit:g}")}, status=413
                )
    return None


def run_handler(
    runtime: Runtime, block: XBlock, request: HttpRequest, name: str, suffix: str
) -> HttpResponse:
    """Call the handler and translate what it answers or raises as the LMS does."""
    try:
        response = runtime.handle(block, name, django_to_webob_request(request), suffix)
    except JsonHandlerError as error:
        response = error.get_response()
    except (NoSuchHandlerError, NotFoundError) as error:
        raise Http404 from error
    except ProcessingError as error:
        return JsonResponse({"success": str(error)})
    except Exception:
        log.exception("Handler %s of %s failed", name, block.scope_ids.usage_id)
        return JsonResponse({"error": _("Something failed here. Please try again.")}, status=500)
    answer: HttpResponse = webob_to_django_response(response)
    return answer


def _block(runtime: LmsRuntime, course_key: CourseKey, usage_key: UsageKey) -> XBlock:
    """The block if this viewer may see it and all blocks above it."""
    if usage_key.course_key != course_key:
        raise Http404
    try:
        block = runtime.get_block(usage_key)
    except NoSuchUsage as error:
        raise Http404 from error
    if block is None:
        raise Http404
    return block
