"""Files that arrive in pieces: each piece is kept when it came, and nothing else is believed.

Guarantees:

* A piece counts when it begins where the last one ended, in one short transaction; of two that come at once for
  the same place one counts and the other is told so. Replayed, reordered and overlapping pieces change nothing.
* No lock and no transaction is held while bytes travel: a slow learner delays nobody.
* What arrived before a connection broke stays, to the byte.
* Only the learner who began an upload sees it; for others it does not exist.
* When the last byte is there the file is judged (:mod:`.intake`). That may be asked again at any time and happens
  once; a refused file leaves nothing behind but the reason.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .accommodations import allowance_of
from .data import EvidenceTask
from .direct_storage import waiting_name
from .errors import (
    ChecksumWrong,
    EvidenceClosed,
    EvidenceError,
    FileRefused,
    PieceTooLong,
    SubmissionNotFound,
    UploadGone,
    WrongOffset,
)
from .file_policy import check_name
from .grants import task_as_data
from .models import EvidenceFile, Submission
from .quota import give_back, open_counters, take
from .running_digest import Beside, digest_from, remember
from .slots import EvidenceSlot
from .storage import delete_file, delete_files, keep_stream
from .submissions import refuse_unless_open
from .upload_models import Upload, UploadPart

__all__ = [
    "CHECKSUMS",
    "UploadInfo",
    "add_piece",
    "begin_upload",
    "count_piece",
    "end_upload",
    "expire_uploads",
    "living_upload",
    "open_uploads",
    "read_upload",
    "upload_info",
    "wrong_offset",
]

#: Digests a client may send with a piece, by the upload protocol's names.
CHECKSUMS = ("sha256", "sha1", "md5")
MOST_OPEN = 20
#: An upload that goes on is waited for, but not for ever.
MOST_DAYS = 7


@dataclass(frozen=True)
class UploadInfo:
    """An upload as its owner sees it. Sizes in bytes."""

    id: str
    name: str
    fingerprint: str
    length: int
    offset: int
    state: str
    problem: str
    expires_at: datetime

    @property
    def complete(self) -> bool:
        """Whether every byte is there."""
        return self.offset == self.length


def begin_upload(
    slot: EvidenceSlot, task: EvidenceTask, *, filename: str, length: int, fingerprint: str, now: datetime
) -> UploadInfo:
    """Make room for a file and wait for its bytes. What can be refused by name, size and number is refused here."""
    limits = settings()
    name = check_name(
        filename, length, accept=task.accept, max_bytes=min(task.max_bytes, limits.evidence_max_bytes)
    )
    expire_uploads(now, learner_id=slot.learner_id)
    open_counters(slot.learner_id, slot.course_key)
    with transaction.atomic():
        # Also queues the learner's uploads one behind the other.
        take(slot.learner_id, slot.course_key, length)
        _refuse_unless_takes_one_more(slot, task, name, now)
        row = Upload.objects.create(
            learner_id=slot.learner_id,
            course_key=slot.course_key,
            unit_usage_key=slot.unit_usage_key,
            part_usage_key=slot.part_usage_key,
            unit_title=slot.unit_title[:255],
            task=task_as_data(task),
            name=name,
            fingerprint=fingerprint[:100],
            length=length,
            created_at=now,
            expires_at=now + timedelta(hours=limits.evidence_upload_hours),
        )
    return upload_info(row)


def read_upload(learner_id: int, upload_id: str, *, now: datetime) -> UploadInfo:
    """How much has arrived. Raises :class:`SubmissionNotFound`, or :class:`UploadGone` when it ended."""
    return upload_info(living_upload(learner_id, upload_id, now))


def add_piece(
    learner_id: int,
    upload_id: str,
    *,
    offset: int,
    chunks: Iterable[bytes],
    announced: int | None,
    checksum: str,
    now: datetime,
) -> UploadInfo:
    """Keep what comes out of *chunks*, which begins at *offset*.

    *announced*: the number of bytes the request says it has, if it does. *checksum*: the protocol's
    ``algorithm base64`` or nothing.
    """
    row = living_upload(learner_id, upload_id, now)
    if row.state == Upload.DONE or offset != row.offset:
        raise wrong_offset(row.offset)
    room = row.length - offset
    if announced is not None and announced > room:
        raise PieceTooLong(_("More was sent than the upload has left."))
    if room == 0:
        return upload_info(row)
    judge = _Checksum(checksum) if checksum else None
    digest = digest_from(str(row.pk), offset)
    with Beside(digest) as beside:
        stored_as, size = keep_stream(beside.watch(_bounded(chunks, room, judge)))
    kept = False
    try:
        if judge is not None:
            judge.require(complete=announced is None or size == announced)
        if size:
            row = count_piece(row, offset, size, stored_as, now)
            kept = True
            remember(str(row.pk), row.offset, digest)
    finally:
        if not kept:
            delete_file(stored_as)
    return upload_info(row)


def count_piece(row: Upload, offset: int, size: int, stored_as: str, now: datetime) -> Upload:
    """Let a stored piece count, if its place is still free."""
    try:
        with transaction.atomic():
            row.offset = offset + size
            latest = row.created_at + timedelta(days=MOST_DAYS)
            row.expires_at = min(latest, now + timedelta(hours=settings().evidence_upload_hours))
            # One statement asks and answers: whoever comes second finds no row at this offset any more.
            here = Upload.objects.filter(pk=row.pk, state=Upload.OPEN, offset=offset)
            if not here.update(offset=row.offset, expires_at=row.expires_at):
                raise wrong_offset(Upload.objects.get(pk=row.pk).offset)
            UploadPart.objects.create(upload=row, offset=offset, size=size, stored_as=stored_as)
    except IntegrityError as error:  # the same place, taken a moment ago
        raise wrong_offset(offset) from error
    except Upload.DoesNotExist as error:
        raise UploadGone(_gone()) from error
    return row


def end_upload(learner_id: int, upload_id: str, *, now: datetime) -> None:
    """Give an upload up, with everything that arrived. A file that was handed over already stays."""
    row = living_upload(learner_id, upload_id, now)
    if row.state == Upload.DONE:
        raise UploadGone(_gone())
    _remove([row.pk])


def open_uploads(learner_id: int, part_usage_key: str, *, now: datetime) -> tuple[UploadInfo, ...]:
    """Uploads of a task that wait for more bytes, oldest first."""
    rows = Upload.objects.filter(
        learner_id=learner_id, part_usage_key=part_usage_key, state=Upload.OPEN, expires_at__gt=now
    )
    return tuple(upload_info(row) for row in rows.order_by("created_at", "pk"))


def expire_uploads(now: datetime, *, learner_id: int | None = None, limit: int = 500) -> int:
    """Remove uploads whose time is over, with their pieces; how many."""
    rows = Upload.objects.filter(expires_at__lte=now)
    if learner_id is not None:
        rows = rows.filter(learner_id=learner_id)
    found = list(rows.order_by("expires_at").values_list("pk", flat=True)[:limit])
    return _remove(found)


def _remove(keys: list[Any]) -> int:
    removed = 0
    for key in keys:
        with transaction.atomic():
            row = Upload.objects.select_for_update().filter(pk=key).first()
            if row is None:
                continue
            pieces = list(row.parts.values_list("stored_as", flat=True))
            if row.state == Upload.OPEN:
                pieces += waiting_name(str(row.pk), row.offset)
                give_back(row.learner_id, row.course_key, row.length)
            row.delete()
            removed += 1
            transaction.on_commit(lambda names=pieces: delete_files(names))  # type: ignore[misc]
    return removed


def _refuse_unless_takes_one_more(slot: EvidenceSlot, task: EvidenceTask, name: str, now: datetime) -> None:
    newest = refuse_unless_open(
        slot, task, allowance_of(slot.learner_id, slot.course_key, slot.part_usage_key), now
    )
    if newest is not None and newest.state in (Submission.IN_REVIEW, Submission.ACCEPTED):
        raise EvidenceClosed(_("Your evidence was handed in already."))
    kept = (
        EvidenceFile.objects.filter(submission=newest, submission__state=Submission.DRAFT).count()
        if newest
        else 0
    )
    waiting = Upload.objects.filter(learner_id=slot.learner_id, state=Upload.OPEN)
    here = waiting.filter(part_usage_key=slot.part_usage_key).count()
    most = min(task.max_files, settings().evidence_max_files)
    if kept + here >= most:
        raise FileRefused(
            _("At most {count} files can be handed in. Remove one before adding “{name}”.").format(
                count=most, name=name
            )
        )
    if waiting.count() >= MOST_OPEN:
        raise EvidenceError(_("Finish or remove your other uploads first: too many are under way."))


def living_upload(learner_id: int, upload_id: str, now: datetime) -> Upload:
    """The learner's own upload that has not ended; anybody else's does not exist."""
    try:
        row = Upload.objects.get(pk=upload_id, learner_id=learner_id)
    except (Upload.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("There is no such upload. Choose the file again.")) from error
    if row.state == Upload.REFUSED:
        raise UploadGone(row.problem or _gone())
    if row.state == Upload.OPEN and row.expires_at <= now:
        raise UploadGone(_gone())
    return row


def _bounded(chunks: Iterable[bytes], room: int, judge: _Checksum | None) -> Iterator[bytes]:
    """The chunks as far as they were promised; one byte more is an error, and what came so far is not kept."""
    for chunk in chunks:
        room -= len(chunk)
        if room < 0:
            raise PieceTooLong(_("More was sent than the upload has left."))
        if judge is not None:
            judge.update(chunk)
        yield chunk


class _Checksum:
    """The digest a client promised for a piece."""

    def __init__(self, header: str) -> None:
        algorithm, _sep, encoded = header.strip().partition(" ")
        if algorithm not in CHECKSUMS:
            raise EvidenceError(_("Unknown checksum. Known are: {names}.").format(names=", ".join(CHECKSUMS)))
        try:
            self._wanted = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError) as error:
            raise EvidenceError(_("The checksum cannot be read.")) from error
        self._digest = hashlib.new(algorithm, usedforsecurity=False)

    def update(self, chunk: bytes) -> None:
        self._digest.update(chunk)

    def require(self, *, complete: bool) -> None:
        if not complete:
            raise ChecksumWrong(_("The piece was cut short. Send it again."))
        if self._digest.digest() != self._wanted:
            raise ChecksumWrong(_("The piece was damaged on its way. Send it again."))


def wrong_offset(offset: int) -> WrongOffset:
    """What is said to whoever comes too early, too late or twice."""
    return WrongOffset(_("The next piece begins at byte {offset}.").format(offset=offset))


def _gone() -> str:
    return _("This upload has ended. Choose the file again.")


def upload_info(row: Upload) -> UploadInfo:
    """The upload as a value."""
    return UploadInfo(
        str(row.pk), row.name, row.fingerprint, row.length, row.offset, row.state, row.problem, row.expires_at
    )
