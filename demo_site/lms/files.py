"""Files that pages load: public files of blocks, a course's pictures, texts of fragments."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from opaque_keys.edx.keys import CourseKey
from xblock.exceptions import DisallowedFileError
from xblock.plugin import PluginMissingError

from demo_site.blocks import BUILT_IN
from demo_site.courses import assets, roles
from demo_site.lms.page_resources import open_text

__all__ = ["block_resource", "course_asset", "fragment_text"]


@transaction.non_atomic_requests
@gzip_page  # as the web server in front of a platform does
@require_safe
def block_resource(request: HttpRequest, block_type: str, path: str) -> HttpResponseBase:
    """A file below the block's public folder; the block class itself refuses every other."""
    from xblock.core import XBlock

    try:
        block_class = BUILT_IN.get(block_type) or XBlock.load_class(block_type)
        data = block_class.open_local_resource(path)
    except (PluginMissingError, DisallowedFileError, FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    return _file_response(data, path)


@transaction.non_atomic_requests
@require_safe
def course_asset(request: HttpRequest, course_key: CourseKey, path: str) -> HttpResponseBase:
    """A file of the course, for its learners and staff."""
    user_id = request.user.pk
    if not (roles.is_enrolled(user_id, course_key) or roles.is_reviewer(user_id, course_key)):
        raise Http404
    try:
        if not assets.asset_exists(course_key, path):
            raise Http404
        return _file_response(assets.open_asset(course_key, path), path)
    except (SuspiciousFileOperation, IsADirectoryError) as error:
        raise Http404 from error


@transaction.non_atomic_requests
@require_safe
def fragment_text(request: HttpRequest, digest: str, kind: str) -> HttpResponse:
    """A style sheet or script that a block gave as text; its address changes with its content."""
    data = open_text(digest, kind)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="text/css" if kind == "css" else "text/javascript")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _file_response(file: object, path: str) -> FileResponse:
    content_type = mimetypes.guess_type(PurePosixPath(path).name)[0] or "application/octet-stream"
    if content_type in ("text/javascript", "application/javascript", "text/css", "application/json"):
        content_type += "; charset=utf-8"
    return FileResponse(file, content_type=content_type)
