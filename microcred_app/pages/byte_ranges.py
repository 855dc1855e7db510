"""Answers with the bytes of a file, whole or one range of it, so that sound and video can be wound.

RFC 9110, section 14: one range is served; several, or what is no range, answer with the whole file, and a range
behind the end with 416. Nothing is read into memory beyond one small piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

__all__ = ["file_response"]

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file_response(
    request: HttpRequest, content: BinaryIO, *, size: int, media_type: str, etag: str
) -> HttpResponseBase:
    """200 with everything, 206 with the range asked for, or 416. *etag*: the file's digest."""
    tag = f'"{etag}"'
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.headers.get("If-Range", tag) != tag:
        wanted = None
    start, end, status = 0, size - 1, 200
    if wanted and (wanted[1] or wanted[2]):
        if wanted[1]:
            start, end = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
        else:
            start = max(0, size - int(wanted[2]))
        status = 206
        if start >= size or start > end:
            content.close()
            refused = HttpResponse(status=416)
            refused["Content-Range"] = f"bytes */{size}"
            return refused
    if request.method == "HEAD":
        content.close()
        response: HttpResponseBase = HttpResponse(status=status, content_type=media_type)
    else:
        response = StreamingHttpResponse(
            _pieces(content, start, end - start + 1), status=status, content_type=media_type
        )
    response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def _pieces(content: BinaryIO, start: int, count: int) -> Iterator[bytes]:
    with content:
        content.seek(start)
        while count > 0 and (piece := content.read(min(CHUNK, count))):
            count -= len(piece)
            yield piece
