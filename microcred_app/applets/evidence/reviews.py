"""The reviewer's half: a queue, one submission, one verdict.

Nobody judges their own work. A submission is judged once: the second of two reviewers who press the button
at the same time is told so. Who may review is asked of the platform by course.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from microcred_app.compat import platform

from ..audit import api as audit
from .data import SubmissionInfo, submission_info
from .errors import AlreadyReviewed, MayNotReview, ReviewIncomplete, SubmissionNotFound
from .models import Review, Submission
from .rubric import Rubric, read_rubric
from .signals import submission_accepted

__all__ = ["QueueItem", "count_queue", "decide", "list_queue", "open_for_review"]

MAX_COMMENT = 5_000


@dataclass(frozen=True)
class QueueItem:
    """One line of the queue, and the head of the page that opens from it."""

    submission_id: str
    learner_id: int
    learner_name: str
    course_key: str
    course_title: str
    unit_title: str
    task_title: str
    attempt: int
    submitted_at: datetime
    state: str


def list_queue(reviewer_id: int, *, limit: int = 100) -> tuple[QueueItem, ...]:
    """Submissions that wait for this reviewer, oldest first; never the reviewer's own."""
    return tuple(_queue_item(row) for row in _waiting(reviewer_id).order_by("submitted_at", "pk")[:limit])


def count_queue(reviewer_id: int) -> int:
    """How many submissions wait for this reviewer."""
    return _waiting(reviewer_id).count()


def open_for_review(
    reviewer_id: int, submission_id: str
) -> tuple[QueueItem, SubmissionInfo, Rubric, tuple[SubmissionInfo, ...]]:
    """One submission with its rubric and the earlier attempts; raises when this person may not see it."""
    row = _load(submission_id)
    _refuse_unless_reviewer(reviewer_id, row)
    earlier = Submission.objects.filter(
        learner_id=row.learner_id, part_usage_key=row.part_usage_key, attempt__lt=row.attempt
    ).order_by("-attempt")
    return (
        _queue_item(row),
        submission_info(row),
        read_rubric(row.rubric),
        tuple(map(submission_info, earlier)),
    )


def decide(
    reviewer_id: int,
    submission_id: str,
    *,
    passed: bool,
    levels: Mapping[str, str],
    comment: str,
    now: datetime,
) -> SubmissionInfo:
    """Pass a submission or send it back.

    Every criterion of the rubric needs a level. Passing below the pass line is refused, as is sending back
    without a comment: the learner must know what to do.
    """
    comment = comment.replace("\x00", "").strip()
    if len(comment) > MAX_COMMENT:
        raise ReviewIncomplete(_("Keep the comment below {limit} characters.").format(limit=MAX_COMMENT))
    with transaction.atomic():
        row = _load(submission_id, lock=True)
        _refuse_unless_reviewer(reviewer_id, row)
        if row.state != Submission.IN_REVIEW:
            raise AlreadyReviewed(_("This submission has been judged already. Go back to the queue."))
        rubric = read_rubric(row.rubric)
        points = rubric.points(levels) if rubric.criteria else None
        _check_verdict(passed, points, rubric, comment)
        Review.objects.create(
            submission=row,
            reviewer_id=reviewer_id,
            verdict=Review.PASSED if passed else Review.RETURNED,
            levels={criterion.id: levels[criterion.id] for criterion in rubric.criteria},
            points=points,
            comment=comment,
            decided_at=now,
        )
        row.state = Submission.ACCEPTED if passed else Submission.RETURNED
        row.decided_at = now
        row.save(update_fields=["state", "decided_at"])
        audit.record(
            "evidence.passed" if passed else "evidence.returned",
            object_type="submission",
            object_id=str(row.pk),
            actor_id=reviewer_id,
            now=now,
            details={"points": points, "attempt": row.attempt},
        )
        if passed:
            score = points / rubric.maximum if points is not None and rubric.maximum else 1.0
            submission_accepted.send(
                sender=Submission,
                learner_id=row.learner_id,
                unit_usage_key=row.unit_usage_key,
                part_usage_key=row.part_usage_key,
                score=score,
                by_reviewer=True,
                now=now,
            )
        return submission_info(Submission.objects.get(pk=row.pk))


def _waiting(reviewer_id: int) -> QuerySet[Submission]:
    courses = platform().reviewable_courses(reviewer_id)
    rows = Submission.objects.filter(state=Submission.IN_REVIEW, course_key__in=courses)
    return rows.exclude(learner_id=reviewer_id)


def _load(submission_id: str, *, lock: bool = False) -> Submission:
    rows = Submission.objects.select_for_update() if lock else Submission.objects.all()
    try:
        return rows.get(pk=submission_id)
    except (Submission.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("There is no such submission.")) from error


def _refuse_unless_reviewer(reviewer_id: int, row: Submission) -> None:
    if row.state == Submission.DRAFT or not platform().is_reviewer(reviewer_id, row.course_key):
        raise SubmissionNotFound(_("There is no such submission."))
    if row.learner_id == reviewer_id:
        raise MayNotReview(_("You cannot review your own work. Leave it to somebody else."))


def _check_verdict(passed: bool, points: float | None, rubric: Rubric, comment: str) -> None:
    if passed and points is not None and points < rubric.pass_points:
        raise ReviewIncomplete(
            _(
                "These levels give {points:g} points; passing needs {needed:g}. Send it back, or check the levels."
            ).format(points=points, needed=rubric.pass_points)
        )
    if not passed and not comment:
        raise ReviewIncomplete(_("Write what the learner should change before you send it back."))


def _queue_item(row: Submission) -> QueueItem:
    return QueueItem(
        submission_id=str(row.pk),
        learner_id=row.learner_id,
        learner_name=platform().learner_name(row.learner_id),
        course_key=row.course_key,
        course_title=platform().course_title(row.course_key),
        unit_title=row.unit_title,
        task_title=row.task_title,
        attempt=row.attempt,
        submitted_at=row.submitted_at or row.created_at,
        state=row.state,
    )
