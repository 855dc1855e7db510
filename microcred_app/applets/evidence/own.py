"""A learner's own evidence: what they handed in anywhere, who can see it, and what shall be told with a badge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..audit import api as audit
from .access import LinkInfo, links_of
from .data import FileInfo, SubmissionInfo, submission_info
from .errors import SubmissionNotFound
from .models import Submission
from .submissions import words_of

__all__ = ["OwnEvidence", "OwnFile", "list_own", "publish_with_credential", "read_own"]


@dataclass(frozen=True)
class OwnFile:
    """A file with the links its owner made."""

    info: FileInfo
    links: tuple[LinkInfo, ...]


@dataclass(frozen=True)
class OwnEvidence:
    """One hand-in, or draft, as its owner sees it."""

    info: SubmissionInfo
    course_key: str
    unit_usage_key: str
    part_usage_key: str
    unit_title: str
    task_title: str
    decided_at: datetime | None
    publish: bool
    files: tuple[OwnFile, ...]
    words_removed: bool
    #: Text and link by their fingerprints: ``(kind, bytes, SHA-256)``.
    words: tuple[tuple[str, int, str], ...] = ()


def list_own(learner_id: int, *, now: datetime, limit: int = 200) -> tuple[OwnEvidence, ...]:
    """Everything of this learner, newest first."""
    rows = Submission.objects.filter(learner_id=learner_id).prefetch_related("files", "reviews")
    links = links_of(learner_id, now=now)
    return tuple(_own(row, links) for row in rows.order_by("-created_at", "pk")[:limit])


def read_own(learner_id: int, submission_id: str, *, now: datetime) -> OwnEvidence:
    """One of them."""
    return _own(_load(learner_id, submission_id), links_of(learner_id, now=now))


def publish_with_credential(learner_id: int, submission_id: str, *, wanted: bool, now: datetime) -> None:
    """Note whether the learner wants this evidence to be published with the credential that it proves."""
    with transaction.atomic():
        row = _load(learner_id, submission_id)
        if row.publish_with_credential == wanted:
            return
        row.publish_with_credential = wanted
        row.save(update_fields=["publish_with_credential"])
        audit.record(
            "evidence.publishing_chosen",
            object_type="submission",
            object_id=str(row.pk),
            actor_id=learner_id,
            now=now,
            details={"publish": wanted},
        )


def _load(learner_id: int, submission_id: str) -> Submission:
    try:
        return Submission.objects.get(pk=submission_id, learner_id=learner_id)
    except (Submission.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("There is no such submission.")) from error


def _own(row: Submission, links: dict[str, tuple[LinkInfo, ...]]) -> OwnEvidence:
    info = submission_info(row)
    return OwnEvidence(
        info=info,
        course_key=row.course_key,
        unit_usage_key=row.unit_usage_key,
        part_usage_key=row.part_usage_key,
        unit_title=row.unit_title,
        task_title=row.task_title,
        decided_at=row.decided_at,
        publish=row.publish_with_credential,
        files=tuple(OwnFile(file, links.get(file.id, ())) for file in info.files),
        words_removed=bool(row.kept_digests),
        words=tuple((kind, size, digest) for kind, _media, size, digest in words_of(row)),
    )
