"""What an evidence block asks besides progress: its learner's desk, permission to upload, rubrics to use again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.evidence import api as evidence
from microcred_app.conf import settings

from .units import slot_of

__all__ = [
    "EvidenceDesk",
    "UploadGrant",
    "end_upload",
    "evidence_desk",
    "evidence_limit",
    "finish_upload",
    "list_rubrics",
    "save_rubric",
    "upload_grant",
]


@dataclass(frozen=True)
class UploadGrant:
    """Where a browser sends a file in pieces, and what it shows there."""

    url: str
    grant: str
    chunk_bytes: int


@dataclass(frozen=True)
class EvidenceDesk:
    """Everything that lies on a learner's desk for one task."""

    submission: evidence.SubmissionInfo | None
    standing: evidence.Standing
    uploads: tuple[evidence.UploadInfo, ...]
    own_url: str


def evidence_desk(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    task: evidence.EvidenceTask,
    *,
    now: datetime,
) -> EvidenceDesk:
    """The newest attempt, the limits that hold for this learner, and uploads that wait for more bytes."""
    return EvidenceDesk(
        submission=evidence.current_submission(learner_id, part_usage_key),
        standing=evidence.standing_of(slot_of(learner_id, unit, part_usage_key), task, now=now),
        uploads=evidence.open_uploads(learner_id, part_usage_key, now=now),
        own_url=reverse("microcred_app:my-evidence"),
    )


def evidence_limit() -> int:
    """Bytes of the largest file this site takes."""
    return settings().evidence_max_bytes


def upload_grant(
    learner_id: int, unit: attainments.UnitSpec, part_usage_key: str, task: evidence.EvidenceTask
) -> UploadGrant:
    """Permission to send one file for this task; good for this learner and for a day."""
    return UploadGrant(
        url=reverse("microcred_app:uploads"),
        grant=evidence.grant_upload(slot_of(learner_id, unit, part_usage_key), task),
        chunk_bytes=settings().evidence_chunk_bytes,
    )


def finish_upload(learner_id: int, upload_id: str, *, now: datetime) -> evidence.SubmissionInfo | None:
    """The draft with the uploaded file in it. Asked twice it happens once."""
    return evidence.finish_upload(learner_id, upload_id, now=now)


def end_upload(learner_id: int, upload_id: str, *, now: datetime) -> None:
    """Give an upload up."""
    evidence.end_upload(learner_id, upload_id, now=now)


def list_rubrics(organisation: str) -> tuple[evidence.RubricInfo, ...]:
    """Rubrics that authors of an organisation saved to use again."""
    return evidence.list_rubrics(organisation)


def save_rubric(
    organisation: str, title: str, content: dict[str, Any], *, actor_id: int | None, now: datetime
) -> evidence.RubricInfo:
    """Save a rubric under a title, over one of the same title."""
    return evidence.save_rubric(organisation, title, content, actor_id=actor_id, now=now)
