"""What many learners handed in, as one zip file: written while it is sent, bounded, with names that stay inside it.

Names are made here from digests and counters, and from what is left of a learner's words when everything is taken out
that a file system or an archive tool could take for something else. The list (``manifest.csv``) names every file with
its digest and whether its bytes still have it; its cells are harmless in a spreadsheet.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.growing_file import GrowingFile
from microcred_app.spreadsheet import cell

from ..audit import api as audit
from ..evidence.models import EvidenceFile, Submission
from ..evidence.storage import open_file
from .errors import ArchiveTooLarge
from .queue import QueueFilter, filtered

__all__ = ["MAX_BYTES", "MAX_SUBMISSIONS", "Archive", "Member", "plan_archive", "safe_name", "write_archive"]

MAX_SUBMISSIONS = 500
MAX_BYTES = 2_000_000_000
CHUNK = 256 * 1024
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
_HEADER = ("file", "learner", "course", "unit", "task", "attempt", "handed in", "original name", "type",
           "bytes", "sha256", "digest holds")  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One file of the archive; ``stored_as`` is empty for a text that is written here."""

    path: str
    stored_as: str
    content: bytes
    name: str
    media_type: str
    size: int
    sha256: str
    row: Submission


@dataclass(frozen=True)
class Archive:
    """What the archive will hold; nothing is opened yet."""

    members: tuple[Member, ...]
    submissions: int
    size: int
    learners: dict[int, str]


def plan_archive(reviewer_id: int, wanted: QueueFilter, *, now: datetime) -> Archive:
    """Everything the filtered queue shows this reviewer, within bounds, and its trace in the audit log.

    Raises :class:`ArchiveTooLarge` before anything is opened.
    """
    rows = list(
        filtered(reviewer_id, wanted, now)
        .prefetch_related("files")
        .order_by("submitted_at", "pk")[: MAX_SUBMISSIONS + 1]
    )
    if len(rows) > MAX_SUBMISSIONS:
        raise ArchiveTooLarge(
            _("One download holds at most {limit} submissions. Narrow the list first.").format(
                limit=MAX_SUBMISSIONS
            )
        )
    people = platform().people({row.learner_id for row in rows})
    learners = {pk: person.name for pk, person in people.items()}
    members = tuple(
        member
        for number, row in enumerate(rows, start=1)
        for member in _members(number, row, learners.get(row.learner_id, ""))
    )
    size = sum(member.size for member in members)
    if size > MAX_BYTES:
        raise ArchiveTooLarge(
            _("One download holds at most {limit} GB. Narrow the list first.").format(
                limit=MAX_BYTES // 1_000_000_000
            )
        )
    audit.record(
        "evidence.downloaded",
        object_type="submissions",
        object_id=wanted.course_key,
        actor_id=reviewer_id,
        now=now,
        details={"submissions": [str(row.pk) for row in rows], "files": len(members), "bytes": size},
    )
    return Archive(members, len(rows), size, learners)


def write_archive(archive: Archive) -> Iterator[bytes]:
    """The zip file, piece by piece. Files are stored as they are: pictures and PDF do not shrink."""
    sink = GrowingFile()
    lines: list[list[object]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as target:
        for member in archive.members:
            digest = hashlib.sha256()
            found = True
            entry = _entry(member)
            with target.open(entry, "w", force_zip64=member.size > 1_000_000_000) as place:
                try:
                    for chunk in _chunks(member):
                        digest.update(chunk)
                        place.write(chunk)
                        yield sink.taken()
                except FileNotFoundError:
                    found = False
            holds = ("yes" if digest.hexdigest() == member.sha256 else "NO") if found else "MISSING"
            lines.append(_line(member, archive.learners.get(member.row.learner_id, ""), holds))
        target.writestr("manifest.csv", _manifest(lines), zipfile.ZIP_DEFLATED)
    yield sink.taken()


def safe_name(text: str, *, otherwise: str = "file", longest: int = 80) -> str:
    """*text* as one name of a file or folder on any system: letters, digits, ``-``, ``_`` and single inner dots."""
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(c if c.isalnum() or c in "-_." else " " for c in plain)
    kept = re.sub(r"\.{2,}", ".", kept)
    kept = re.sub(r"[ _]+", "_", kept).strip("._- ")
    if len(kept) > longest:
        stem, dot, ending = kept.rpartition(".")
        kept = f"{stem[: longest - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else kept[:longest]
        kept = kept.strip("._- ")
    if not kept or kept.split(".")[0].lower() in _RESERVED:
        return f"{otherwise}_{kept}".rstrip("_")
    return kept


def _members(number: int, row: Submission, learner: str) -> Iterator[Member]:
    folder = f"{number:04d}_{safe_name(learner, otherwise='learner', longest=40)}_attempt{row.attempt}"
    kept = (file for file in row.files.all() if file.removed_at is None)
    files = sorted(kept, key=lambda file: (file.added_at, str(file.pk)))
    for place, file in enumerate(files, start=1):
        yield _file(f"{folder}/{place:02d}_{safe_name(file.name)}", file, row)
    for name, text in (("text.txt", row.text), ("link.txt", row.link)):
        if text.strip():
            data = text.encode()
            digest = hashlib.sha256(data).hexdigest()
            yield Member(f"{folder}/{name}", "", data, name, "text/plain", len(data), digest, row)


def _file(path: str, file: EvidenceFile, row: Submission) -> Member:
    return Member(path, file.stored_as, b"", file.name, file.media_type, file.size, file.sha256, row)


def _entry(member: Member) -> zipfile.ZipInfo:
    moment = member.row.submitted_at or member.row.created_at
    return zipfile.ZipInfo(member.path, (max(1980, moment.year), *moment.timetuple()[1:6]))


def _chunks(member: Member) -> Iterator[bytes]:
    if not member.stored_as:
        yield member.content
        return
    with open_file(member.stored_as) as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _line(member: Member, learner: str, holds: str) -> list[object]:
    row = member.row
    return [member.path, learner, row.course_key, row.unit_title, row.task_title, row.attempt, row.submitted_at,
            member.name, member.media_type, member.size, member.sha256, holds]  # fmt: skip


def _manifest(lines: list[list[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    writer.writerows([cell(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")
