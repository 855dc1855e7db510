"""From bytes that arrived to a file of a draft: judged, scanned, cleaned, counted. Once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .accommodations import allowance_of
from .data import EvidenceTask, SubmissionInfo, submission_info
from .errors import EvidenceClosed, FileRefused, SubmissionNotFound, UploadGone, WrongOffset
from .file_policy import CheckedFile, check_file
from .grants import read_task
from .models import EvidenceFile, Submission
from .pictures import FORMATS, without_hidden_data
from .quota import give_back, open_counters, take
from .running_digest import digest_at
from .scanner import scan
from .slots import EvidenceSlot
from .storage import delete_file, delete_files, digest_of, forget_one, join_pieces, open_pieces, store_file
from .submissions import open_draft, refuse_unless_open
from .upload_models import Upload

__all__ = ["add_file", "finish_upload"]


@dataclass(frozen=True)
class _Judged:
    """A file that may come in; ``cleaned`` is what to store instead of the bytes that were sent."""

    checked: CheckedFile
    sha256: str
    sent_sha256: str = ""
    cleaned: str = ""
    size: int = 0


def add_file(
    slot: EvidenceSlot, task: EvidenceTask, *, filename: str, content: BinaryIO, now: datetime
) -> SubmissionInfo:
    """Check and keep one file that came whole. The same bytes twice are kept once. Nothing is stored when refused."""
    refuse_unless_open(slot, task, allowance_of(slot.learner_id, slot.course_key, slot.part_usage_key), now)
    judged = _judge(filename, content, task)
    stored_as = judged.cleaned or store_file(content)[0]
    open_counters(slot.learner_id, slot.course_key)
    try:
        with transaction.atomic():
            take(slot.learner_id, slot.course_key, judged.size)
            info, kept = _enter(slot, task, judged, lambda: stored_as, now)
            if not kept:
                give_back(slot.learner_id, slot.course_key, judged.size)
    except Exception:
        delete_file(stored_as)
        raise
    if not kept:
        delete_file(stored_as)
    return info


def finish_upload(learner_id: int, upload_id: str, *, now: datetime) -> SubmissionInfo | None:
    """Make the file of an upload whose bytes are all there.

    Asked twice, also at once, it happens once. A refusal ends the upload and is remembered with it; when the scanner
    is away (:class:`ScannerAway`) the upload stays as it is.
    """
    try:
        row = Upload.objects.get(pk=upload_id, learner_id=learner_id)
    except (Upload.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("There is no such upload. Choose the file again.")) from error
    if row.state == Upload.DONE:
        return _of_part(row)
    if row.state == Upload.REFUSED:
        raise FileRefused(row.problem)
    if row.offset != row.length:
        raise WrongOffset(_("The file has not arrived completely. Choose it again to go on."))
    pieces = list(row.parts.order_by("offset").values_list("stored_as", "size"))
    task = read_task(row.task)
    try:
        with open_pieces(pieces) as content:
            judged = _judge(row.name, content, task, digest_at(str(row.pk), row.length))
    except FileRefused as refusal:
        _refuse(row, str(refusal), [name for name, _size in pieces])
        raise
    except FileNotFoundError:  # somebody else has finished or ended it meanwhile
        row.refresh_from_db()
        if row.state == Upload.DONE:
            return _of_part(row)
        raise UploadGone(_("This upload has ended. Choose the file again.")) from None
    return _hand_over(row, task, judged, pieces, now)


def _hand_over(
    row: Upload, task: EvidenceTask, judged: _Judged, pieces: list[tuple[str, int]], now: datetime
) -> SubmissionInfo | None:
    """Enter the judged file and end its upload, in one transaction."""
    slot = EvidenceSlot(
        row.learner_id, row.course_key, row.unit_usage_key, row.part_usage_key, row.unit_title
    )
    names = [name for name, _size in pieces]
    lists: list[str] = []

    def stored_as() -> str:
        """Under which name the file is kept; pieces stay where they are and a list leads to them."""
        if judged.cleaned:
            return judged.cleaned
        joined = join_pieces(pieces)
        lists.extend([joined] if joined not in names else [])
        return joined

    try:
        with transaction.atomic():
            locked = Upload.objects.select_for_update().get(pk=row.pk)
            if locked.state != Upload.OPEN:
                delete_files([judged.cleaned])
                return _of_part(row)
            info, kept = _enter(slot, task, judged, stored_as, now)
            _settle_room(row, judged.size if kept else 0)
            needless = ([] if kept and not judged.cleaned else names) + ([] if kept else [judged.cleaned])
            transaction.on_commit(lambda: delete_files(needless))
            locked.parts.all().delete()
            locked.state = Upload.DONE
            locked.save(update_fields=["state"])
            return info
    except Exception as error:
        # A list's pieces are still the upload's: only the list goes.
        for name in lists:
            forget_one(name)
        delete_files([judged.cleaned])
        if isinstance(error, FileRefused | EvidenceClosed):
            _refuse(row, str(error), names)
        raise


def _settle_room(row: Upload, size: int) -> None:
    """From the room that was taken for the promised length to the room the kept file takes."""
    if size < row.length:
        give_back(row.learner_id, row.course_key, row.length - size)
    elif size > row.length:
        take(row.learner_id, row.course_key, size - row.length)


def _judge(name: str, content: BinaryIO, task: EvidenceTask, known_sha256: str = "") -> _Judged:
    limit = min(task.max_bytes, settings().evidence_max_bytes)
    checked = check_file(name, content, accept=task.accept, max_bytes=limit, cleaned=task.clean_pictures)
    sha256 = known_sha256 or digest_of(content)
    scan(checked.name, content)
    if task.clean_pictures and checked.media_type in FORMATS:
        try:
            cleaned = without_hidden_data(content, checked.media_type)
        except ValueError as error:
            raise FileRefused(
                _(
                    "“{name}” holds hidden data that cannot be taken out. Save the picture anew and try again."
                ).format(name=checked.name)
            ) from error
        if cleaned is not None:
            with cleaned:
                stored_as, new_digest = store_file(cleaned)
                size = cleaned.seek(0, 2)
            return _Judged(checked, new_digest, sha256, stored_as, size)
    content.seek(0)
    return _Judged(checked, sha256, size=checked.size)


def _enter(
    slot: EvidenceSlot, task: EvidenceTask, judged: _Judged, stored_as: Callable[[], str], now: datetime
) -> tuple[SubmissionInfo, bool]:
    """Enter the file into the draft; whether it was kept: the same bytes are there once."""
    draft = open_draft(slot, task, now)
    Submission.objects.select_for_update().get(pk=draft.pk)
    if draft.files.filter(sha256=judged.sha256).exists():
        return submission_info(draft), False
    most = min(task.max_files, settings().evidence_max_files)
    if draft.files.count() >= most:
        raise FileRefused(
            _("At most {count} files can be handed in. Remove one before adding “{name}”.").format(
                count=most, name=judged.checked.name
            )
        )
    EvidenceFile.objects.create(
        submission=draft,
        name=judged.checked.name,
        media_type=judged.checked.media_type,
        size=judged.size,
        sha256=judged.sha256,
        sent_sha256=judged.sent_sha256,
        stored_as=stored_as(),
        added_at=now,
    )
    return submission_info(draft), True


def _refuse(row: Upload, problem: str, names: list[str]) -> None:
    with transaction.atomic():
        locked = Upload.objects.select_for_update().filter(pk=row.pk, state=Upload.OPEN).first()
        if locked is None:
            return
        locked.state = Upload.REFUSED
        locked.problem = problem[:500]
        locked.save(update_fields=["state", "problem"])
        locked.parts.all().delete()
        give_back(row.learner_id, row.course_key, row.length)
        transaction.on_commit(lambda: delete_files(names))


def _of_part(row: Upload) -> SubmissionInfo | None:
    newest = (
        Submission.objects.filter(learner_id=row.learner_id, part_usage_key=row.part_usage_key)
        .order_by("-attempt")
        .first()
    )
    return submission_info(newest) if newest else None
