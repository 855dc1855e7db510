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
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .accommodations import allowance_of
from .data import (
    EvidenceDigest,
    EvidenceTask,
    Judgement,
    SubmissionInfo,
    standing_review,
    submission_info,
)
from .deadlines import Allowance, Standing, standing
from .errors import EvidenceClosed, EvidenceMissing, FileRefused, SubmissionNotFound
from .file_policy import kind_of
from .models import EvidenceFile, Submission
from .quota import give_back
from .signals import submission_accepted
from .slots import EvidenceSlot
from .storage import delete_file

__all__ = [
    "HandedInInfo",
    "accepted_digests",
    "accepted_judgements",
    "current_submission",
    "hand_in",
    "latest_states",
    "newest_handed_in",
    "open_draft",
    "refuse_unless_open",
    "remove_file",
    "save_text",
    "standing_of",
    "words_of",
]

MAX_TEXT = 20_000


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


def standing_of(slot: EvidenceSlot, task: EvidenceTask, *, now: datetime) -> Standing:
    """Until when and how often this learner may hand in; accommodations are counted in."""
    newest = _newest(slot.learner_id, slot.part_usage_key)
    return _standing(newest, task, allowance_of(slot.learner_id, slot.course_key, slot.part_usage_key), now)


def refuse_unless_open(
    slot: EvidenceSlot, task: EvidenceTask, allowance: Allowance, now: datetime
) -> Submission | None:
    """The newest attempt, when the task's limits still let another hand-in through."""
    newest = _newest(slot.learner_id, slot.part_usage_key)
    _refuse_over(_standing(newest, task, allowance, now))
    return newest


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
        give_back(learner_id, row.submission.course_key, row.size)
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
        draft = open_draft(slot, task, now)
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
        _refuse_missing(draft, task)
        allowance = allowance_of(slot.learner_id, slot.course_key, slot.part_usage_key)
        limits = _standing(draft, task, allowance, now)
        _refuse_over(limits)
        draft.late = limits.late
        draft.closes_at = limits.closes_at
        draft.second_marker_percent = max(0, min(100, task.second_marker_percent))
        draft.rubric = task.rubric
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
    pieces += words_of(row)
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


def load_own(learner_id: int, submission_id: str) -> Submission:
    """One of the learner's own submissions; anybody else's does not exist."""
    try:
        return Submission.objects.get(pk=submission_id, learner_id=learner_id)
    except (Submission.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("There is no such submission.")) from error


def words_of(row: Submission) -> list[tuple[str, str, int, str]]:
    """Kind, media type, size and digest of text and link: as they are, or as was noted when they were removed."""
    found = []
    for kind, words in (("text", row.text), ("link", row.link)):
        if words.strip():
            data = words.encode()
            found.append((kind, "text/plain", len(data), hashlib.sha256(data).hexdigest()))
    found += [
        (str(kind), str(media), int(size), str(digest)) for kind, media, size, digest in row.kept_digests
    ]
    return found


def _newest(learner_id: int, part_usage_key: str, *, lock: bool = False) -> Submission | None:
    """The newest attempt. A lock is taken by primary key only: locking what a search passes over invites deadlocks."""
    rows = Submission.objects.filter(learner_id=learner_id, part_usage_key=part_usage_key)
    newest = rows.order_by("-attempt").first()
    if newest is None or not lock:
        return newest
    return Submission.objects.select_for_update().get(pk=newest.pk)


def open_draft(slot: EvidenceSlot, task: EvidenceTask, now: datetime) -> Submission:
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


def _standing(newest: Submission | None, task: EvidenceTask, allowance: Allowance, now: datetime) -> Standing:
    """The limits of the attempt that is open, or that would be opened next."""
    if newest is None:
        return standing(task, attempt=1, returned_at=None, allowance=allowance, now=now)
    if newest.state == Submission.RETURNED:
        attempt, returned_at = newest.attempt + 1, newest.decided_at
    else:
        attempt, returned_at = newest.attempt, None
        if attempt > 1 and task.resubmit_days:
            before = Submission.objects.filter(
                learner_id=newest.learner_id, part_usage_key=newest.part_usage_key, attempt=attempt - 1
            )
            returned_at = before.values_list("decided_at", flat=True).first()
    return standing(task, attempt=attempt, returned_at=returned_at, allowance=allowance, now=now)


def _refuse_over(limits: Standing) -> None:
    if limits.refused == "attempts":
        raise EvidenceClosed(_("You have used all your attempts for this task. Talk to your course team."))
    if limits.refused == "late":
        raise EvidenceClosed(_("The time for this task is over. Talk to your course team if you need more."))


def _refuse_missing(draft: Submission, task: EvidenceTask) -> None:
    """Refuse a draft without anything, or, where the task needs each form, without one of them."""
    files = list(draft.files.values_list("media_type", flat=True))
    has_text, has_link = bool(draft.text.strip()), bool(draft.link)
    if not (files or has_text or has_link):
        raise EvidenceMissing(_("Add your evidence first: there is nothing to hand in yet."))
    if task.needs != "all":
        return
    kinds = {kind_of(media_type) for media_type in files}
    missing = []
    if {"pdf", "text", "document", "archive"} & set(task.accept) and "file" not in kinds:
        missing.append(_("a document"))
    for kind, words in (
        ("image", _("a picture")),
        ("audio", _("a sound recording")),
        ("video", _("a video")),
    ):
        if kind in task.accept and kind not in kinds:
            missing.append(words)
    if task.allow_text and not has_text:
        missing.append(_("a text"))
    if task.allow_link and not has_link:
        missing.append(_("a link"))
    if missing:
        raise EvidenceMissing(_("This is still missing: {list}.").format(list=", ".join(missing)))


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
