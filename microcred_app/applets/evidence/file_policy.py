"""Which files are let in: decided by their bytes, not by what a browser claims about them.

Rules, in the order they are applied:

1. not empty, and not above the task's limit;
2. the name is reduced to its last component, without control characters, and shortened;
3. the extension is one of those the task accepts;
4. the bytes are what the extension says: images are opened and checked by Pillow, a PDF starts with its
   signature, a text is UTF-8 without markup at its start.

Formats a browser would execute (HTML, SVG) are never accepted, under any name: an ``.png`` that is HTML is
refused by rule 4. Pillow's decompression-bomb guard bounds the work for images.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image

from .errors import FileRefused

__all__ = ["ACCEPTABLE", "CheckedFile", "check_file", "clean_name", "extensions_for"]

#: What a task may accept, by the words authors choose: extension to media type.
ACCEPTABLE: dict[str, dict[str, str]] = {
    "image": {
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "webp": "image/webp",
        "gif": "image/gif",
    },
    "pdf": {"pdf": "application/pdf"},
    "text": {"txt": "text/plain", "md": "text/plain", "csv": "text/csv"},
}

_PILLOW_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF"}
MAX_NAME = 120
MAX_PIXELS = 60_000_000
_MARKUP = re.compile(rb"^\s*(<!doctype|<html|<script|<svg|<\?xml|<head|<body|<iframe)", re.IGNORECASE)


@dataclass(frozen=True)
class CheckedFile:
    """What is known of a file that may come in."""

    name: str
    media_type: str
    size: int


def extensions_for(accept: tuple[str, ...]) -> dict[str, str]:
    """Extensions and media types for the author's choice; an unknown choice adds nothing."""
    allowed: dict[str, str] = {}
    for choice in accept:
        allowed.update(ACCEPTABLE.get(choice, {}))
    return allowed


def clean_name(name: str) -> str:
    """The last component of *name*, printable, at most 120 characters, never empty."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem, dot, extension = printable.strip(" .").rpartition(".")
    if not dot:
        return (extension or "file")[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(extension) - 1]}.{extension}"[:MAX_NAME]


def check_file(name: str, content: BinaryIO, *, accept: tuple[str, ...], max_bytes: int) -> CheckedFile:
    """Judge one upload; leaves *content* at its start. Raises :class:`FileRefused` with what to do."""
    name = clean_name(name)
    content.seek(0, 2)
    size = content.tell()
    content.seek(0)
    if size == 0:
        raise FileRefused(_("“{name}” is empty. Choose the file again.").format(name=name))
    if size > max_bytes:
        raise FileRefused(
            _("“{name}” is {size} MB; the limit is {limit} MB. Make it smaller and try again.").format(
                name=name, size=_megabytes(size), limit=_megabytes(max_bytes)
            )
        )
    allowed = extensions_for(accept)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    media_type = allowed.get(extension)
    if media_type is None:
        raise FileRefused(
            _("“{name}” is not of an accepted type. Accepted are: {types}.").format(
                name=name, types=", ".join(sorted(f".{known}" for known in allowed)) or "—"
            )
        )
    if not _is_what_it_says(content, media_type):
        raise FileRefused(
            _(
                "The content of “{name}” is not what its name says. Save it again as a real {type} file."
            ).format(name=name, type=extension.upper())
        )
    content.seek(0)
    return CheckedFile(name, media_type, size)


def _is_what_it_says(content: BinaryIO, media_type: str) -> bool:
    if media_type in _PILLOW_FORMATS:
        return _is_image(content, _PILLOW_FORMATS[media_type])
    head = content.read(2048)
    if media_type == "application/pdf":
        return head.startswith((b"%PDF-1.", b"%PDF-2."))
    return _is_text(head) and _rest_is_text(content)


def _is_image(content: BinaryIO, expected: str) -> bool:
    """Whether Pillow recognises the format from the bytes and finds the structure whole."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(content, formats=(expected,)) as image:
                width, height = image.size
                image.verify()
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return False
    return 0 < width * height <= MAX_PIXELS


def _is_text(head: bytes) -> bool:
    return not _MARKUP.match(head) and b"\x00" not in head


def _rest_is_text(content: BinaryIO) -> bool:
    content.seek(0)
    try:
        text = content.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}"
