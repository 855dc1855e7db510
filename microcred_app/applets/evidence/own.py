"""A learner's own evidence: what they handed in anywhere, who can see it, and what shall be told with a badge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .access import LinkInfo, links_of
from .data import FileInfo, SubmissionInfo, submission_info
from .models import Submission
from .publishing import publications_of, published_path
from .submissions import load_own, words_of

__all__ = ["OwnEvidence", "OwnFile", "list_own", "read_own"]


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
    #: While it is published: the paths of its pieces, ``(kind, path)``.
    addresses: tuple[tuple[str, str], ...] = ()


def list_own(learner_id: int, *, now: datetime, limit: int = 200) -> tuple[OwnEvidence, ...]:
    """Everything of this learner, newest first."""
    found = Submission.objects.filter(learner_id=learner_id).prefetch_related("files", "reviews")
    rows = list(found.order_by("-created_at", "pk")[:limit])
    links = links_of(learner_id, now=now)
    published = publications_of(str(row.pk) for row in rows if row.publish_with_credential)
    return tuple(_own(row, links, published.get(str(row.pk), "")) for row in rows)


def read_own(learner_id: int, submission_id: str, *, now: datetime) -> OwnEvidence:
    """One of them."""
    row = load_own(learner_id, submission_id)
    return _own(row, links_of(learner_id, now=now), publications_of([str(row.pk)]).get(str(row.pk), ""))


def _own(row: Submission, links: dict[str, tuple[LinkInfo, ...]], publication: str) -> OwnEvidence:
    info = submission_info(row)
    words = tuple((kind, size, digest) for kind, _media, size, digest in words_of(row))
    pieces = [("file", file.sha256) for file in info.files if not file.removed]
    pieces += [(kind, digest) for kind, _size, digest in words] if not row.kept_digests else []
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
        words=words,
        addresses=tuple((kind, published_path(publication, kind, digest)) for kind, digest in pieces)
        if publication
        else (),
    )
