"""Values that leave the evidence room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from .models import EvidenceFile, Review, Submission
from .rubric import read_rubric

__all__ = [
    "EvidenceDigest",
    "EvidenceTask",
    "FileInfo",
    "Judgement",
    "SubmissionInfo",
    "file_info",
    "standing_review",
    "submission_info",
]


@dataclass(frozen=True)
class EvidenceTask:
    """What an evidence block asks for. Sizes in bytes; ``accept`` holds keys of ``file_policy.ACCEPTABLE``."""

    max_files: int
    max_bytes: int
    accept: tuple[str, ...]
    allow_text: bool
    allow_link: bool
    review_mode: str
    rubric: dict[str, Any]
    title: str = ""
    #: ``any``: one of the accepted forms is enough; ``all``: each of them is needed.
    needs: str = "any"
    #: Pictures lose the place and the device they carry.
    clean_pictures: bool = False
    #: Hand-ins allowed, and days for another one after being sent back; 0 is no limit.
    attempts: int = 0
    resubmit_days: int = 0
    #: When the first hand-in is due, and when it is too late (``refuse``) or late (``mark``).
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late_work: str = "mark"
    #: Of a hundred submissions, how many a second person judges too.
    second_marker_percent: int = 0


@dataclass(frozen=True)
class FileInfo:
    """One file of a submission; ``url`` is a download that asks who is there."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    url: str
    #: Digest of the bytes as they were sent, where they were cleaned; empty when they were kept as they came.
    sent_sha256: str = ""
    #: Whether the bytes were removed since; digest, size and type stay.
    removed: bool = False


@dataclass(frozen=True)
class SubmissionInfo:
    """A submission as its owner and its reviewers see it; ``comment`` and ``rubric_result`` are the reviewer's."""

    id: str
    attempt: int
    state: str
    files: tuple[FileInfo, ...]
    text: str
    link: str
    submitted_at: datetime | None
    comment: str
    rubric_result: tuple[tuple[str, str], ...]
    points: float | None = None
    late: bool = False


@dataclass(frozen=True)
class EvidenceDigest:
    """What may be told in public about one piece of accepted evidence: no name, no content."""

    submission_id: str
    part_usage_key: str
    task_title: str
    kind: str
    media_type: str
    size: int
    sha256: str
    reviewed: bool
    reviewer_role: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a reviewer found, by the rubric as it was at hand-in: the level of each criterion, and the points."""

    submission_id: str
    part_usage_key: str
    task_title: str
    rubric: dict[str, Any]
    levels: dict[str, str]
    points: float | None


def file_info(row: EvidenceFile) -> FileInfo:
    """One file, with the address of its guarded download."""
    url = reverse("microcred_app:evidence-file", args=[row.pk])
    return FileInfo(
        str(row.pk),
        row.name,
        row.media_type,
        row.size,
        row.sha256,
        url,
        row.sent_sha256,
        row.removed_at is not None,
    )


def standing_review(row: Submission) -> Review | None:
    """The judgement that decides: the first, or what replaced it. Second marks are only compared.

    Read from all reviews of the row, so that a prefetch serves it.
    """
    reviews = list(row.reviews.all())
    successors = {review.replaces_id: review for review in reviews if review.replaces_id is not None}
    # Without a first judgement it was accepted unread, or reset before anybody judged it.
    begun = [r for r in reviews if r.replaces_id is None and r.purpose not in (Review.SECOND, Review.THIRD)]
    standing = min(begun, key=lambda review: (review.purpose != Review.FIRST, review.pk), default=None)
    while standing is not None and standing.pk in successors:
        standing = successors[standing.pk]
    return standing


def _as_added(file: EvidenceFile) -> tuple[datetime, str]:
    return file.added_at, str(file.pk)


def submission_info(row: Submission) -> SubmissionInfo:
    """A submission with its files and, once it is decided, the judgement that decided."""
    review = standing_review(row) if row.state in (Submission.ACCEPTED, Submission.RETURNED) else None
    result: list[tuple[str, str]] = []
    if review is not None:
        for criterion in read_rubric(row.rubric).criteria:
            for level in criterion.levels:
                if review.levels.get(criterion.id) == level.id:
                    result.append((criterion.name, level.name))
    return SubmissionInfo(
        id=str(row.pk),
        attempt=row.attempt,
        state=row.state,
        # Sorted here: an order in the query would throw the files away that were fetched for a whole page.
        files=tuple(file_info(file) for file in sorted(row.files.all(), key=_as_added)),
        text=row.text,
        link=row.link,
        submitted_at=row.submitted_at,
        comment=review.comment if review else "",
        rubric_result=tuple(result),
        points=review.points if review else None,
        late=row.late,
    )
