"""Which files are let in: decided by their bytes, not by what a browser claims about them.

Rules, in the order they are applied:

1. not empty, and not above the task's limit;
2. the name is reduced to its last component, without control characters, and shortened;
3. the extension is one of those the task accepts;
4. the bytes are what the extension says: images are opened and checked by Pillow, a PDF has its first and its last
   line, a text is UTF-8 without markup at its start, sound and video are told by their container
   (:mod:`.media_sniffing`), archives and office documents are looked through (:mod:`.archive_policy`);
5. the file is one file: nothing that carries an archive or another file behind itself comes in.

Formats a browser would execute (HTML, SVG) are never accepted, under any name: an ``.png`` that is HTML is
refused by rule 4. Pillow's decompression-bomb guard bounds the work for images.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from .archive_policy import archive_problem, document_problem
from .errors import FileRefused, TooLarge
from .media_sniffing import sniff_media
from .pictures import FORMATS, ends_with_picture, is_picture

__all__ = [
    "ACCEPTABLE",
    "CheckedFile",
    "check_file",
    "check_name",
    "clean_name",
    "extensions_for",
    "kind_of",
    "may_be_shown",
]

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
    "audio": {
        "mp3": "audio/mpeg",
        "m4a": "audio/mp4",
        "ogg": "audio/ogg",
        "oga": "audio/ogg",
        "opus": "audio/ogg",
        "wav": "audio/wav",
        "flac": "audio/flac",
        "webm": "audio/webm",
        "weba": "audio/webm",
    },
    "video": {
        "mp4": "video/mp4",
        "m4v": "video/mp4",
        "mov": "video/quicktime",
        "ogv": "video/ogg",
        "webm": "video/webm",
        "mkv": "video/x-matroska",
    },
    "document": {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odp": "application/vnd.oasis.opendocument.presentation",
    },
    "archive": {"zip": "application/zip"},
}

MAX_NAME = 120
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


def kind_of(media_type: str, name: str = "") -> str:
    """The author's word for a kept file: ``image``, ``audio``, ``video``, or ``file`` for everything else."""
    kind = media_type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "file"


def may_be_shown(media_type: str) -> bool:
    """Whether a browser may show the file in place: pictures, sound, video and PDF of the kinds that are let in."""
    kinds = ("image", "audio", "video", "pdf")
    return any(media_type in ACCEPTABLE[kind].values() for kind in kinds)


def check_name(name: str, size: int, *, accept: tuple[str, ...], max_bytes: int) -> str:
    """The name under which a file of that size may come in; asked before its bytes are sent."""
    name = clean_name(name)
    if size <= 0:
        raise FileRefused(_("“{name}” is empty. Choose the file again.").format(name=name))
    if size > max_bytes:
        raise TooLarge(
            _("“{name}” is {size} MB; the limit is {limit} MB. Make it smaller and try again.").format(
                name=name, size=_megabytes(size), limit=_megabytes(max_bytes)
            )
        )
    if not _types_for(name, accept):
        types = ", ".join(sorted(f".{known}" for known in extensions_for(accept))) or "—"
        raise FileRefused(
            _("“{name}” is not of an accepted type. Accepted are: {types}.").format(name=name, types=types)
        )
    return name


def check_file(
    name: str, content: BinaryIO, *, accept: tuple[str, ...], max_bytes: int, cleaned: bool = False
) -> CheckedFile:
    """Judge one upload; leaves *content* at its start. Raises :class:`FileRefused` with what to do.

    *cleaned*: pictures are written anew afterwards, so what hides behind one does not come in anyway.
    """
    content.seek(0, 2)
    size = content.tell()
    name = check_name(name, size, accept=accept, max_bytes=max_bytes)
    content.seek(0)
    media_type = _what_it_is(name, content, _types_for(name, accept), cleaned=cleaned)
    content.seek(0)
    return CheckedFile(name, media_type, size)


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _types_for(name: str, accept: tuple[str, ...]) -> frozenset[str]:
    """The media types a name may stand for: ``.webm`` is sound or video, as the task accepts."""
    extension = _extension(name)
    found = (ACCEPTABLE.get(choice, {}).get(extension) for choice in accept)
    return frozenset(kind for kind in found if kind)


def _what_it_is(name: str, content: BinaryIO, allowed: frozenset[str], *, cleaned: bool) -> str:
    media_type = min(allowed)
    if media_type.startswith(("audio/", "video/")):
        sniffed = sniff_media(content)
        if sniffed not in allowed or _carries_archive(content):
            raise _not_what_it_says(name)
        return sniffed
    if media_type == "application/zip":
        _refuse_for(name, archive_problem(content))
        return media_type
    if media_type.startswith("application/vnd."):
        _refuse_for(name, document_problem(content, _extension(name)))
        return media_type
    if not _is_what_it_says(content, media_type):
        raise _not_what_it_says(name)
    if media_type in FORMATS and cleaned:
        return media_type
    if _carries_archive(content) or (media_type in FORMATS and not ends_with_picture(content, media_type)):
        raise FileRefused(
            _("“{name}” carries another file behind its own content. Open it and save it anew.").format(
                name=name
            )
        )
    return media_type


def _refuse_for(name: str, problem: str) -> None:
    if problem:
        raise FileRefused(f"{_('“{name}” was not added.').format(name=name)} {problem}")


def _not_what_it_says(name: str) -> FileRefused:
    return FileRefused(
        _("The content of “{name}” is not what its name says. Save it again as a real {type} file.").format(
            name=name, type=_extension(name).upper()
        )
    )


def _is_what_it_says(content: BinaryIO, media_type: str) -> bool:
    if media_type in FORMATS:
        return is_picture(content, media_type)
    content.seek(0)
    head = content.read(2048)
    if media_type == "application/pdf":
        return head.startswith((b"%PDF-1.", b"%PDF-2.")) and b"%%EOF" in _tail(content, 2048)
    return not _MARKUP.match(head) and _is_text(content)


def _is_text(content: BinaryIO) -> bool:
    """UTF-8 without null bytes, read in pieces."""
    content.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := content.read(64 * 1024):
            if b"\x00" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _carries_archive(content: BinaryIO) -> bool:
    """Whether a zip reader would find an archive in it: such readers look for its end record from the back."""
    tail = _tail(content, 22 + 65_535)
    at = tail.rfind(b"PK\x05\x06")
    return (
        at >= 0
        and len(tail) >= at + 22
        and int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail) - at - 22
    )


def _tail(content: BinaryIO, count: int) -> bytes:
    content.seek(0, 2)
    content.seek(max(0, content.tell() - count))
    return content.read()


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}"
