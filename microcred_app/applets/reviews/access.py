"""May this person judge this submission, and as which judgement? Every function of the room begins here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..evidence.data import standing_review
from ..evidence.models import Review, Submission
from ..evidence.reviewers import may_review, recused_learners
from .errors import AlreadyReviewed, MayNotReview, SubmissionNotFound

__all__ = ["Marks", "load", "purpose_for", "refuse_unless_reviewer", "why_not"]


@dataclass(frozen=True)
class Marks:
    """The judgements that a submission has."""

    row: Submission

    @cached_property
    def all(self) -> tuple[Review, ...]:
        """Oldest first."""
        return tuple(self.row.reviews.order_by("decided_at", "pk"))

    def of(self, purpose: str) -> Review | None:
        """The judgement of this purpose; the last one, where there can be several."""
        return next((review for review in reversed(self.all) if review.purpose == purpose), None)

    def standing(self) -> Review | None:
        """The one that decides."""
        return standing_review(self.row)

    def reviewers(self) -> frozenset[int]:
        """Who judged already."""
        return frozenset(review.reviewer_id for review in self.all)


def load(submission_id: str, *, lock: bool = False) -> Submission:
    """The submission; raises :class:`SubmissionNotFound`."""
    rows = Submission.objects.select_for_update() if lock else Submission.objects.all()
    try:
        return rows.get(pk=submission_id)
    except (Submission.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("There is no such submission.")) from error


def refuse_unless_reviewer(reviewer_id: int, row: Submission) -> None:
    """Raise unless this person may see this as a reviewer: never a draft, their own, or one they declined."""
    if row.state == Submission.DRAFT or not may_review(reviewer_id, row.course_key):
        raise SubmissionNotFound(_("There is no such submission."))
    if row.learner_id == reviewer_id:
        raise MayNotReview(_("You cannot review your own work. Leave it to somebody else."))
    if row.learner_id in recused_learners(reviewer_id):
        raise MayNotReview(
            _("You said that you should not judge this learner’s work. Leave it to somebody else.")
        )


def purpose_for(reviewer_id: int, row: Submission, marks: Marks) -> str:
    """Which judgement this person would give now; raises :class:`AlreadyReviewed` when none is asked of them."""
    problem = why_not(reviewer_id, row, marks)
    if problem:
        raise AlreadyReviewed(problem)
    return row.waits_for


def why_not(reviewer_id: int, row: Submission, marks: Marks) -> str:
    """Why this person has nothing to judge here, as a sentence; empty when they have."""
    open_ = row.waits_for in (Submission.SECOND, Submission.THIRD) or (
        row.waits_for == Submission.FIRST and row.state == Submission.IN_REVIEW
    )
    if not open_:
        return _("This submission has been judged already. Go back to the queue.")
    if reviewer_id in marks.reviewers():
        return _("You have judged this submission. Somebody else judges it once more.")
    return ""
