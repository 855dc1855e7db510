"""Whether a zip file (an archive, or an office document, which is one) may be let in.

Refused, each with a reason a person can act on:

* what is no whole zip file from the first byte to the last: data before or behind it makes it two files in one;
* encrypted entries: nobody could look into them;
* names that lead out of the folder it is unpacked in, and links;
* archives inside the archive, told by name and by their first bytes;
* bombs: too many entries, too much in all, a ratio no real work reaches, entries that share bytes, and entries
  that unpack to more than they say.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

__all__ = ["archive_problem", "document_problem"]

MOST_ENTRIES = 2_000
MOST_UNPACKED = 2_000_000_000
MOST_RATIO = 200
_RATIO_FROM = 10_000_000
_NESTED_NAMES = {
    "zip",
    "jar",
    "apk",
    "7z",
    "rar",
    "gz",
    "tgz",
    "bz2",
    "xz",
    "tar",
    "zst",
    "cab",
    "iso",
    "war",
    "ear",
}
_NESTED_MARKS = (
    b"PK\x03\x04",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
)
_CHUNK = 64 * 1024
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
#: What office documents must contain, by their extension.
_DOCUMENTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OPEN_DOCUMENTS = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}


def archive_problem(content: BinaryIO) -> str:
    """Why this archive is refused; empty when it may come in."""
    problem, _archive = _looked_through(content, nested_allowed=False)
    return problem


def document_problem(content: BinaryIO, extension: str) -> str:
    """Why this office document is refused; empty when it may come in. Macros are programs and stay outside."""
    problem, archive = _looked_through(content, nested_allowed=True)
    if problem or archive is None:
        return problem
    names = archive.namelist()
    if any(
        PurePosixPath(name).name.lower() == "vbaproject.bin" or name.startswith("Basic/") for name in names
    ):
        return _("It contains macros. Save it without them, or export it as PDF.")
    if extension in _DOCUMENTS:
        right = "[Content_Types].xml" in names and any(
            name.startswith(_DOCUMENTS[extension]) for name in names
        )
    else:
        right = "mimetype" in names and archive.read("mimetype") == _OPEN_DOCUMENTS.get(extension)
    return "" if right else _("Its content is not what its name says. Save it again, or export it as PDF.")


def _looked_through(content: BinaryIO, *, nested_allowed: bool) -> tuple[str, zipfile.ZipFile | None]:
    broken = _("The archive is damaged or is two files in one. Make it anew.")
    content.seek(0)
    if content.read(4) != b"PK\x03\x04" or not _ends_as_zip(content):
        return broken, None
    try:
        archive = zipfile.ZipFile(content)
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            return _("The archive has more than {count} files in it.").format(count=MOST_ENTRIES), None
        problem = _entries_problem(entries, _size(content)) or _contents_problem(
            archive, entries, nested_allowed=nested_allowed
        )
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        struct.error,
    ):
        return broken, None
    return problem, None if problem else archive


def _size(content: BinaryIO) -> int:
    content.seek(0, 2)
    return content.tell()


def _ends_as_zip(content: BinaryIO) -> bool:
    """Whether the end record is the last thing in the file, its comment included."""
    size = _size(content)
    tail = min(size, 22 + 65_535)
    content.seek(size - tail)
    data = content.read(tail)
    at = data.rfind(b"PK\x05\x06")
    return (
        at >= 0
        and len(data) >= at + 22
        and at + 22 + int.from_bytes(data[at + 20 : at + 22], "little") == len(data)
    )


def _entries_problem(entries: list[zipfile.ZipInfo], size: int) -> str:
    reached = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        # The local head has at least 30 bytes: entries that begin inside another share its bytes.
        if entry.header_offset < reached:
            return _("The archive unpacks to far more than it holds. Make it anew.")
        reached = entry.header_offset + 30 + entry.compress_size
        if entry.flag_bits & 0x1:
            return _("The archive is encrypted, so nobody could look into it. Make it without a password.")
        if _leads_out(entry):
            return _("“{name}” in the archive leads out of its folder. Make the archive anew.").format(
                name=entry.filename[:80]
            )
    unpacked = sum(entry.file_size for entry in entries)
    if (
        reached > size
        or unpacked > MOST_UNPACKED
        or (unpacked > _RATIO_FROM and unpacked > MOST_RATIO * size)
    ):
        return _("The archive unpacks to far more than it holds. Make it anew.")
    return ""


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.replace("\\", "/")
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return (
        is_link
        or name.startswith("/")
        or ":" in name.split("/")[0]
        or ".." in name.split("/")
        or "\x00" in entry.orig_filename
    )


def _contents_problem(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], *, nested_allowed: bool
) -> str:
    """Unpack everything in small pieces, keeping none: what it really is, not what the list says."""
    for entry in entries:
        if entry.is_dir():
            continue
        nested = entry.filename.rpartition(".")[2].lower() in _NESTED_NAMES
        count = 0
        with archive.open(entry) as handle:
            while chunk := handle.read(_CHUNK):
                if not count:
                    nested = nested or chunk.startswith(_NESTED_MARKS)
                    if nested and not nested_allowed:
                        return _(
                            "“{name}” in the archive is an archive itself. Put its files in directly."
                        ).format(name=entry.filename[:80])
                count += len(chunk)
                if count > entry.file_size:
                    return _("The archive unpacks to far more than it holds. Make it anew.")
    return ""
