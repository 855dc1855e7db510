"""How long the bytes stay. Digest, size, type, time and judgement stay for ever: they are what a credential names.

* A course may say: so many days after its end. Without a word it keeps evidence until the learner asks.
* A learner may remove what was decided on, at any time.
* :func:`retire_learner` forgets a person: bytes, words, names of files, links, publications, traces of access, open
  uploads and accommodations go; rows with digests stay, so that every credential can still be checked.

A file's row is marked before its bytes go. A process that dies in between leaves an orphan, which
:func:`find_orphans` names; it never leaves a row that promises bytes that are gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from ..audit import api as audit
from .care_models import Accommodation, EvidenceLink, EvidencePublication, FileAccess, RetentionPolicy
from .errors import EvidenceClosed, EvidenceError, MayNotGrant
from .models import EvidenceFile, Submission
from .own import read_own
from .quota import give_back
from .storage import delete_file, delete_files, forget_one, is_older, list_stored
from .submissions import words_of
from .upload_models import StorageUse, Upload, UploadPart

__all__ = [
    "apply_retention",
    "find_orphans",
    "read_retention",
    "remove_orphans",
    "remove_own",
    "retire_learner",
    "set_retention",
]

MOST_DAYS = 36_500
YOUNG = timedelta(days=1)


@dataclass(frozen=True)
class _Outcome:
    files: int = 0
    texts: int = 0


def read_retention(course_key: str) -> int | None:
    """Days after the course's end, or None where evidence stays until the learner asks."""
    return (
        RetentionPolicy.objects.filter(course_key=course_key).values_list("days_after_end", flat=True).first()
    )


def set_retention(actor_id: int | None, course_key: str, *, days: int | None, now: datetime) -> None:
    """Say how long the course keeps evidence. *actor_id* None: an operator at the command line."""
    if actor_id is not None and not permissions.may_in_course(
        actor_id, permissions.CourseAction.CARE_FOR_EVIDENCE, course_key
    ):
        raise MayNotGrant(_("Only the course's staff decide about this."))
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise EvidenceError(_("Give a number of days from 0 to {most}, or none.").format(most=MOST_DAYS))
    with transaction.atomic():
        RetentionPolicy.objects.update_or_create(
            course_key=course_key, defaults={"days_after_end": days, "changed_at": now}
        )
        audit.record(
            "evidence.retention_set",
            object_type="course",
            object_id=course_key,
            actor_id=actor_id,
            now=now,
            details={"days": days},
        )


def apply_retention(now: datetime, *, limit: int = 200) -> int:
    """Remove what courses no longer keep, at most *limit* submissions at a time; how many were emptied."""
    emptied = 0
    for course_key, days in RetentionPolicy.objects.exclude(days_after_end=None).values_list(
        "course_key", "days_after_end"
    ):
        ended_at = platform().course_end(course_key)
        if ended_at is None or days is None or ended_at + timedelta(days=days) > now:
            continue
        rows = Submission.objects.filter(course_key=course_key).exclude(state=Submission.IN_REVIEW)
        full = rows.filter(files__removed_at=None, files__isnull=False) | rows.exclude(text="", link="")
        keys = list(full.order_by("pk").values_list("pk", flat=True).distinct()[: limit - emptied])
        done = _empty(keys, now)
        if done.files or done.texts:
            audit.record(
                "evidence.retention_applied",
                object_type="course",
                object_id=course_key,
                actor_id=None,
                now=now,
                details={"submissions": len(keys), "files": done.files, "days": days},
            )
        emptied += len(keys)
        if emptied >= limit:
            break
    return emptied


def remove_own(learner_id: int, submission_id: str, *, now: datetime) -> None:
    """Remove the bytes and words of one's own hand-in. Not while somebody is about to judge it."""
    found = read_own(learner_id, submission_id, now=now)
    if found.info.state == Submission.IN_REVIEW:
        raise EvidenceClosed(_("Your evidence is with a reviewer. Remove it once it was decided on."))
    with transaction.atomic():
        done = _empty([found.info.id], now)
        audit.record(
            "evidence.removed",
            object_type="submission",
            object_id=found.info.id,
            actor_id=learner_id,
            now=now,
            details={"files": done.files, "texts": done.texts},
        )


def retire_learner(learner_id: int, *, now: datetime) -> None:
    """Forget what this person handed in; may be repeated. Credentials stay verifiable: digests are kept."""
    with transaction.atomic():
        own = Submission.objects.filter(learner_id=learner_id)
        _empty(list(own.values_list("pk", flat=True)), now)
        EvidenceFile.objects.filter(submission__learner_id=learner_id).update(name="")
        EvidenceLink.objects.filter(file__submission__learner_id=learner_id).delete()
        EvidencePublication.objects.filter(submission__learner_id=learner_id, withdrawn_at=None).update(
            withdrawn_at=now
        )
        own.update(publish_with_credential=False)
        FileAccess.objects.filter(file__submission__learner_id=learner_id).delete()
        FileAccess.objects.filter(visitor=f"user:{learner_id}").delete()
        Accommodation.objects.filter(learner_id=learner_id).delete()
        uploads = Upload.objects.filter(learner_id=learner_id)
        pieces = list(UploadPart.objects.filter(upload__in=uploads).values_list("stored_as", flat=True))
        for course_key, length in uploads.filter(state=Upload.OPEN).values_list("course_key", "length"):
            give_back(learner_id, course_key, length)
        uploads.delete()
        StorageUse.objects.filter(scope=f"learner:{learner_id}").delete()
        transaction.on_commit(lambda: delete_files(pieces))


def find_orphans(now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Stored files that no row leads to, and rows whose bytes are missing from storage (by file id).

    A piece is stored a moment before its row says so: what is younger than a day is never called an orphan.
    """
    rows = list(EvidenceFile.objects.filter(removed_at=None).values_list("pk", "stored_as"))
    known = [name for _pk, name in rows] + list(UploadPart.objects.values_list("stored_as", flat=True))
    present, orphans = set(), []
    for name, is_known in list_stored(known):
        present.add(name)
        if not is_known and is_older(name, now - YOUNG):
            orphans.append(name)
    missing = tuple(str(pk) for pk, name in rows if name not in present)
    return tuple(sorted(orphans)), missing


def remove_orphans(names: Iterable[str], now: datetime) -> int:
    """Remove stored files that were orphans when they were found and still are; how many."""
    still, _missing = find_orphans(now)
    gone = [name for name in names if name in set(still)]
    for name in gone:
        forget_one(name)
    return len(gone)


def _empty(keys: list[Any], now: datetime) -> _Outcome:
    """Mark the files as removed, keep digests of the words, and let the bytes go when that is committed."""
    files = texts = 0
    for key in keys:
        with transaction.atomic():
            row = Submission.objects.select_for_update().get(pk=key)
            for file in row.files.filter(removed_at=None):
                stored_as = file.stored_as
                file.removed_at = now
                file.save(update_fields=["removed_at"])
                file.links.filter(revoked_at=None).update(revoked_at=now)
                give_back(row.learner_id, row.course_key, file.size)
                transaction.on_commit(lambda name=stored_as: delete_file(name))  # type: ignore[misc]
                files += 1
            kept = [list(piece) for piece in words_of(row)]
            texts += len(kept) - len(row.kept_digests)
            row.kept_digests, row.text, row.link = kept, "", ""
            row.save(update_fields=["kept_digests", "text", "link"])
    return _Outcome(files, texts)
