"""Progress in a unit, and the evidence that its parts ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.evidence import api as evidence
from microcred_app.compat import platform
from microcred_app.permissions import api as permissions
from microcred_app.tracking import TrackedEvent, track

from .earned import EarnedBadge, earned_badges

__all__ = [
    "UnitProgress",
    "add_evidence_file",
    "current_submission",
    "hand_in",
    "look_at_unit",
    "note_step",
    "record_part",
    "record_refresher",
    "remove_evidence_file",
    "reset_unit",
    "save_evidence_text",
    "slot_of",
    "unit_progress",
]


@dataclass(frozen=True)
class UnitProgress:
    """Progress in a unit, with the badges that came of it.

    ``late``: completed after the unit closed, so that the course gives no points. ``demonstrated_at``: when the outcome
    was last shown here.
    """

    usage_key: str
    parts: tuple[attainments.PartProgress, ...]
    done: int
    total: int
    complete: bool
    score: float | None
    attained_at: datetime | None
    earned: tuple[EarnedBadge, ...] = field(default=())
    late: bool = False
    demonstrated_at: datetime | None = None


def record_part(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    *,
    score: float,
    now: datetime,
    keep: str = "best",
) -> UnitProgress:
    """Count a part as done; evaluation, award and signing have happened when this returns."""
    report = attainments.record_part(learner_id, unit, part_usage_key, score=score, now=now, keep=keep)
    return _progress(learner_id, report)


def unit_progress(learner_id: int, unit: attainments.UnitSpec, *, now: datetime) -> UnitProgress:
    """Progress as it stands. Looking through a learner's eyes leaves no trace, not even that they began."""
    if permissions.looks_through_other_eyes():
        return _looked_at(learner_id, unit, now)
    return _progress(learner_id, attainments.unit_report(learner_id, unit, now=now))


def look_at_unit(learner_id: int, unit: attainments.UnitSpec, *, now: datetime) -> UnitProgress:
    """The same for whoever opens a unit's page or asks its block how it stands.

    Who does not take the course only looks: the platform shows a course to its team, and to everybody where it is open,
    and its handlers answer them. They begin nothing.
    """
    begun = attainments.has_begun(learner_id, unit.usage_key)
    if not begun and not permissions.takes_course(learner_id, unit.course_key):
        return _looked_at(learner_id, unit, now)
    return unit_progress(learner_id, unit, now=now)


def _looked_at(learner_id: int, unit: attainments.UnitSpec, now: datetime) -> UnitProgress:
    with transaction.atomic():
        report = attainments.unit_report(learner_id, unit, now=now)
        transaction.set_rollback(True)
    return _progress(learner_id, report)


def note_step(learner_id: int, unit_usage_key: str, part_usage_key: str, *, now: datetime) -> datetime | None:
    """Note where the learner is in a unit; when they were last seen in it before, or nothing."""
    return attainments.note_step(learner_id, unit_usage_key, part_usage_key, now=now)


def record_refresher(
    learner_id: int, unit: attainments.UnitSpec, *, score: float, now: datetime
) -> UnitProgress:
    """Record that the learner showed the outcome of a completed unit again; the progress after it."""
    attainments.record_refresher(learner_id, unit, score=score, now=now)
    return unit_progress(learner_id, unit, now=now)


def reset_unit(anonymous_id: str, course_key: str, unit_usage_key: str) -> bool:
    """Staff gave a learner the unit to do again: answers and visits go, what was proven stays; whether it was done.

    The platform names the learner by the id under which the course knows them.
    """
    learner_id = platform().learner_of_anonymous_id(anonymous_id, course_key)
    return learner_id is not None and attainments.reset_unit(learner_id, unit_usage_key)


def current_submission(learner_id: int, part_usage_key: str) -> evidence.SubmissionInfo | None:
    """The newest attempt at an evidence task."""
    return evidence.current_submission(learner_id, part_usage_key)


def add_evidence_file(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    task: evidence.EvidenceTask,
    *,
    filename: str,
    content: BinaryIO,
    now: datetime,
) -> evidence.SubmissionInfo:
    """Check and keep one file."""
    slot = slot_of(learner_id, unit, part_usage_key)
    return evidence.add_file(slot, task, filename=filename, content=content, now=now)


def remove_evidence_file(learner_id: int, part_usage_key: str, file_id: str) -> evidence.SubmissionInfo:
    """Take a file out of a draft."""
    return evidence.remove_file(learner_id, part_usage_key, file_id)


def save_evidence_text(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    task: evidence.EvidenceTask,
    *,
    text: str,
    link: str,
    now: datetime,
) -> evidence.SubmissionInfo:
    """Keep the words and the link of a draft."""
    return evidence.save_text(slot_of(learner_id, unit, part_usage_key), task, text=text, link=link, now=now)


def hand_in(
    learner_id: int,
    unit: attainments.UnitSpec,
    part_usage_key: str,
    task: evidence.EvidenceTask,
    *,
    now: datetime,
) -> tuple[evidence.SubmissionInfo, UnitProgress]:
    """Hand the draft in; with automatic acceptance the part is done when this returns."""
    attainments.unit_report(learner_id, unit, now=now)  # so that acceptance finds the unit as it is now
    submission = evidence.hand_in(slot_of(learner_id, unit, part_usage_key), task, now=now)
    track(
        TrackedEvent.SUBMITTED,
        {
            "submission": submission.id,
            "unit": unit.usage_key,
            "step": part_usage_key,
            "course": unit.course_key,
            "attempt": submission.attempt,
            "files": len(submission.files),
            "at": now.isoformat(),
        },
        user_id=learner_id,
        course_key=unit.course_key,
    )
    return submission, unit_progress(learner_id, unit, now=now)


def _progress(learner_id: int, report: attainments.UnitReport) -> UnitProgress:
    return UnitProgress(
        usage_key=report.usage_key,
        parts=report.parts,
        done=report.done,
        total=len(report.parts),
        complete=report.complete,
        score=report.score,
        attained_at=report.attained_at,
        earned=earned_badges(learner_id, report.outcome_key) if report.complete else (),
        late=report.late,
        demonstrated_at=report.demonstrated_at,
    )


def slot_of(learner_id: int, unit: attainments.UnitSpec, part_usage_key: str) -> evidence.EvidenceSlot:
    """The address of a submission; a part that left the unit has none."""
    if part_usage_key not in {part.usage_key for part in unit.parts}:
        raise attainments.PartNotFound(_("This part does not belong to the unit any more. Reload the page."))
    return evidence.EvidenceSlot(
        learner_id, unit.course_key, unit.usage_key, part_usage_key, unit.title, unit.outcome_key
    )
