"""The learner's half: collect evidence, change one's mind, hand it in.

States: ``draft`` → ``in_review`` → ``accepted`` | ``returned``. Only a draft can be changed. After ``returned``
the next change opens a new attempt that starts with the text and the link of the last one. With review mode
``auto`` handing in leads straight to ``accepted``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .data import (
    EvidenceDigest,
    EvidenceTask,
    Judgement,
    SubmissionInfo,
    standing_review,
    submission_info,
)
from .errors import EvidenceClosed, EvidenceMissing, FileRefused, SubmissionNotFound
from .file_policy import check_file
from .models import EvidenceFile, Submission
from .signals import submission_accepted
from .storage import delete_file, store_file

__all__ = [
    "EvidenceSlot",
    "HandedInInfo",
    "accepted_digests",
    "accepted_judgements",
    "add_file",
    "current_submission",
    "hand_in",
    "latest_states",
    "newest_handed_in",
    "remove_file",
    "save_text",
]

MAX_TEXT = 20_000


@dataclass(frozen=True)
class EvidenceSlot:
    """Whose evidence, for which task: the address of a submission."""

    learner_id: int
    course_key: str
    unit_usage_key: str
    part_usage_key: str
    unit_title: str
    outcome_key: str = ""


@dataclass(frozen=True)
class HandedInInfo:
    """Where an attempt stands."""

    id: str
    course_key: str
    state: str
    submitted_at: datetime | None


def current_submission(learner_id: int, part_usage_key: str) -> SubmissionInfo | None:
    """The newest attempt, or nothing."""
    row = _newest(learner_id, part_usage_key)
    return submission_info(row) if row else None


def newest_handed_in(learner_id: int, part_usage_key: str) -> HandedInInfo | None:
    """The newest attempt that was handed in, whatever became of it; nothing before the first."""
    rows = Submission.objects.filter(learner_id=learner_id, part_usage_key=part_usage_key)
    row = rows.exclude(state=Submission.DRAFT).order_by("-attempt").first()
    return HandedInInfo(str(row.pk), row.course_key, row.state, row.submitted_at) if row else None


def latest_states(learner_id: int, part_usage_keys: Iterable[str]) -> dict[str, str]:
    """State of the newest attempt of each part that has one."""
    rows = Submission.objects.filter(learner_id=learner_id, part_usage_key__in=list(part_usage_keys))
    return dict(rows.order_by("attempt").values_list("part_usage_key", "state"))


def add_file(
    slot: EvidenceSlot, task: EvidenceTask, *, filename: str, content: BinaryIO, now: datetime
) -> SubmissionInfo:
    """Check and keep one file. The same bytes twice are kept once. Nothing is stored when it is refused."""
    limit = min(task.max_bytes, settings().evidence_max_bytes)
    checked = check_file(filename, content, accept=task.accept, max_bytes=limit)
    most = min(task.max_files, settings().evidence_max_files)
    stored_as, sha256 = store_file(content)
    try:
        with transaction.atomic():
            draft = _open_draft(slot, task, now)
            Submission.objects.select_for_update().get(pk=draft.pk)
            if draft.files.filter(sha256=sha256).exists():
                delete_file(stored_as)
                return submission_info(draft)
            if draft.files.count() >= most:
                raise FileRefused(
                    _("At most {count} files can be handed in. Remove one before adding “{name}”.").format(
                        count=most, name=checked.name
                    )
                )
            EvidenceFile.objects.create(
                submission=draft,
                name=checked.name,
                media_type=checked.media_type,
                size=checked.size,
                sha256=sha256,
                stored_as=stored_as,
                added_at=now,
            )
            return submission_info(draft)
    except Exception:
        delete_file(stored_as)
        raise


def remove_file(learner_id: int, part_usage_key: str, file_id: str) -> SubmissionInfo:
    """Take a file out of a draft; the stored bytes go when the change is committed."""
    with transaction.atomic():
        draft = _newest(learner_id, part_usage_key)
        try:
            row = EvidenceFile.objects.select_related("submission").get(pk=file_id, submission=draft)
        except (EvidenceFile.DoesNotExist, ValidationError, ValueError) as error:
            raise SubmissionNotFound(_("This file is not there any more. Reload the page.")) from error
        _refuse_unless_draft(row.submission)
        stored_as = row.stored_as
        row.delete()
        transaction.on_commit(lambda: delete_file(stored_as))
        return submission_info(row.submission)


def save_text(
    slot: EvidenceSlot, task: EvidenceTask, *, text: str, link: str, now: datetime
) -> SubmissionInfo:
    """Keep the draft's words and link."""
    text, link = text.replace("\x00", ""), link.strip()
    if len(text) > MAX_TEXT:
        raise FileRefused(_("The text is longer than {limit} characters. Shorten it.").format(limit=MAX_TEXT))
    if link:
        _check_link(link)
    with transaction.atomic():
        draft = _open_draft(slot, task, now)
        draft.text = text if task.allow_text else ""
        draft.link = link if task.allow_link else ""
        draft.save(update_fields=["text", "link"])
        return submission_info(draft)


def hand_in(slot: EvidenceSlot, task: EvidenceTask, *, now: datetime) -> SubmissionInfo:
    """Close the draft. Handing in twice at once closes it once; an empty draft is refused."""
    with transaction.atomic():
        draft = _newest(slot.learner_id, slot.part_usage_key, lock=True)
        if draft is None or draft.state == Submission.RETURNED:
            raise EvidenceMissing(_("Add your evidence first: there is nothing to hand in yet."))
        if draft.state != Submission.DRAFT:
            return submission_info(draft)
        if not (draft.files.exists() or draft.text.strip() or draft.link):
            raise EvidenceMissing(_("Add your evidence first: there is nothing to hand in yet."))
        draft.rubric = task.rubric
        draft.second_marker_percent = max(0, min(100, task.second_marker_percent))
        draft.outcome_key = slot.outcome_key[:150]
        draft.submitted_at = now
        draft.task_title = task.title[:255]
        draft.state = Submission.ACCEPTED if task.review_mode == "auto" else Submission.IN_REVIEW
        draft.decided_at = now if task.review_mode == "auto" else None
        draft.save()
        if draft.state == Submission.ACCEPTED:
            submission_accepted.send(
                sender=Submission,
                learner_id=slot.learner_id,
                unit_usage_key=slot.unit_usage_key,
                part_usage_key=slot.part_usage_key,
                score=1.0,
                by_reviewer=False,
                now=now,
            )
        return submission_info(draft)


def accepted_digests(learner_id: int, part_usage_keys: Iterable[str]) -> tuple[EvidenceDigest, ...]:
    """Digests of what was accepted for these parts: every file, and the text or link by its UTF-8 bytes."""
    rows = Submission.objects.filter(
        learner_id=learner_id, part_usage_key__in=list(part_usage_keys), state=Submission.ACCEPTED
    )
    rows = rows.prefetch_related("files", "reviews")
    return tuple(digest for row in rows.order_by("submitted_at", "pk") for digest in _digests(row))


def accepted_judgements(learner_id: int, part_usage_keys: Iterable[str]) -> tuple[Judgement, ...]:
    """What reviewers found in what was accepted for these parts; nothing for what was accepted unread."""
    rows = Submission.objects.filter(
        learner_id=learner_id, part_usage_key__in=list(part_usage_keys), state=Submission.ACCEPTED
    )
    found = []
    for row in rows.prefetch_related("reviews").order_by("submitted_at", "pk"):
        review = standing_review(row)
        if review is not None and review.levels:
            found.append(
                Judgement(
                    submission_id=str(row.pk),
                    part_usage_key=row.part_usage_key,
                    task_title=row.task_title,
                    rubric=row.rubric,
                    levels=dict(review.levels),
                    points=review.points,
                )
            )
    return tuple(found)


def _digests(row: Submission) -> list[EvidenceDigest]:
    # Sorted here: another order in the query would throw the prefetched files away.
    files = sorted(row.files.all(), key=lambda file: (file.added_at, str(file.pk)))
    pieces = [("file", file.media_type, file.size, file.sha256) for file in files]
    for kind, words in (("text", row.text), ("link", row.link)):
        if words.strip():
            data = words.encode()
            pieces.append((kind, "text/plain", len(data), hashlib.sha256(data).hexdigest()))
    review = standing_review(row)
    return [
        EvidenceDigest(
            submission_id=str(row.pk),
            part_usage_key=row.part_usage_key,
            task_title=row.task_title,
            kind=kind,
            media_type=media_type,
            size=size,
            sha256=sha256,
            reviewed=review is not None,
            reviewer_role=review.role if review is not None else "",
        )
        for kind, media_type, size, sha256 in pieces
    ]


def _newest(learner_id: int, part_usage_key: str, *, lock: bool = False) -> Submission | None:
    """The newest attempt. A lock is taken by primary key only: locking what a search passes over invites deadlocks."""
    rows = Submission.objects.filter(learner_id=learner_id, part_usage_key=part_usage_key)
    newest = rows.order_by("-attempt").first()
    if newest is None or not lock:
        return newest
    return Submission.objects.select_for_update().get(pk=newest.pk)


def _open_draft(slot: EvidenceSlot, task: EvidenceTask, now: datetime) -> Submission:
    """The draft to write to; two requests at once end in the same one."""
    newest = _newest(slot.learner_id, slot.part_usage_key)
    if newest is not None and newest.state != Submission.RETURNED:
        _refuse_unless_draft(newest)
        return newest
    attempt = newest.attempt + 1 if newest else 1
    try:
        with transaction.atomic():
            return Submission.objects.create(
                learner_id=slot.learner_id,
                course_key=slot.course_key,
                unit_usage_key=slot.unit_usage_key,
                part_usage_key=slot.part_usage_key,
                unit_title=slot.unit_title[:255],
                task_title=task.title[:255],
                attempt=attempt,
                text=newest.text if newest else "",
                link=newest.link if newest else "",
                created_at=now,
            )
    except IntegrityError:
        return Submission.objects.get(
            learner_id=slot.learner_id, part_usage_key=slot.part_usage_key, attempt=attempt
        )


def _refuse_unless_draft(row: Submission) -> None:
    if row.state == Submission.IN_REVIEW:
        raise EvidenceClosed(_("Your evidence is with a reviewer and cannot be changed now."))
    if row.state == Submission.ACCEPTED:
        raise EvidenceClosed(_("Your evidence was accepted. There is nothing more to do."))
    if row.state == Submission.RETURNED:
        raise EvidenceClosed(_("This attempt was sent back. Add new evidence to start the next one."))


def _check_link(link: str) -> None:
    try:
        URLValidator(schemes=["http", "https"])(link)
        has_secret = bool(urlsplit(link).password)
    except (ValidationError, ValueError):
        has_secret = True
    if has_secret or len(link) > 500:
        raise FileRefused(_("This link does not work. Paste a full address that starts with https://."))
