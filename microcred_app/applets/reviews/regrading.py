"""A decided submission judged anew, or taken back, by the course's staff and with a reason.

Nothing is rewritten: a new judgement names the old one, the attainment is corrected by a new row, and the platform is
told the new grade once. Badges that were earned because of the old judgement stand until a registrar revokes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..evidence.data import SubmissionInfo, submission_info
from ..evidence.models import Review, Submission
from ..evidence.reviewers import reviewer_role, rules_of
from ..evidence.rubric import read_rubric
from .access import Marks, load, refuse_unless_reviewer
from .claims import forget_claim
from .drafts import clean_comment, forget_draft
from .errors import AlreadyReviewed, MayNotReview, ReviewIncomplete
from .verdicts import announce, check_verdict, correct

__all__ = ["may_regrade", "regrade", "reset"]

MAX_REASON = 2_000


def may_regrade(actor_id: int, row: Submission) -> bool:
    """Whether this person may judge a decided submission anew: the course's staff, never about themselves."""
    return actor_id != row.learner_id and permissions.may_in_course(
        actor_id, permissions.CourseAction.REGRADE, row.course_key
    )


def regrade(
    actor_id: int,
    submission_id: str,
    *,
    passed: bool,
    levels: Mapping[str, str],
    comment: str,
    reason: str,
    now: datetime,
) -> SubmissionInfo:
    """Judge a decided submission anew. *comment* is for the learner, *reason* for the log.

    Refused when the submission is not decided, when the learner has handed in a newer attempt, and when nothing would
    change. Of two people at once the second is told.
    """
    comment, reason = clean_comment(comment), _clean_reason(reason)
    with _one_at_a_time(), transaction.atomic():
        row = load(submission_id, lock=True)
        _refuse_unless_staff(actor_id, row)
        if row.state not in (Submission.ACCEPTED, Submission.RETURNED):
            raise AlreadyReviewed(_("This is not decided yet. Judge it from the queue."))
        _refuse_if_newer(row)
        rubric = read_rubric(row.rubric)
        points = rubric.points(levels) if rubric.criteria else None
        check_verdict(passed, points, rubric, comment)
        chosen = {criterion.id: levels[criterion.id] for criterion in rubric.criteria}
        marks = Marks(row)
        old = marks.standing()
        verdict = Review.PASSED if passed else Review.RETURNED
        if old is not None and (old.verdict, old.levels, old.comment) == (verdict, chosen, comment):
            raise ReviewIncomplete(_("This is the judgement that stands already. Nothing was changed."))
        review = _write(row, marks, Review.REGRADE, actor_id, verdict, chosen, points, comment, reason, now)
        correct(row, review, now)
        forget_draft(actor_id, row)
        return submission_info(Submission.objects.get(pk=row.pk))


def reset(actor_id: int, submission_id: str, *, reason: str, comment: str, now: datetime) -> SubmissionInfo:
    """Take a submission back, judged or not, so that the learner can hand in anew; what was credited goes.

    The learner reads *comment*, which must say what happens next.
    """
    comment, reason = clean_comment(comment), _clean_reason(reason)
    if not comment:
        raise ReviewIncomplete(_("Write to the learner why they should hand in again."))
    with _one_at_a_time(), transaction.atomic():
        row = load(submission_id, lock=True)
        _refuse_unless_staff(actor_id, row)
        _refuse_if_newer(row)
        marks = Marks(row)
        standing = marks.standing()
        if standing is not None and standing.purpose == Review.RESET:
            raise AlreadyReviewed(_("This was reset before. The learner can hand in anew."))
        decided = row.state in (Submission.ACCEPTED, Submission.RETURNED)
        review = _write(row, marks, Review.RESET, actor_id, Review.RETURNED, {}, None, comment, reason, now)
        if decided:
            correct(row, review, now)
        else:
            announce(row, review, now)
        return submission_info(Submission.objects.get(pk=row.pk))


def _write(
    row: Submission,
    marks: Marks,
    purpose: str,
    actor_id: int,
    verdict: str,
    levels: dict[str, str],
    points: float | None,
    comment: str,
    reason: str,
    now: datetime,
) -> Review:
    review = Review.objects.create(
        submission=row,
        reviewer_id=actor_id,
        purpose=purpose,
        number=1 + sum(found.purpose == purpose for found in marks.all),
        role=reviewer_role(actor_id, row.course_key),
        verdict=verdict,
        levels=levels,
        points=points,
        comment=comment,
        reason=reason,
        decided_at=now,
        replaces=marks.standing(),
    )
    row.waits_for = Submission.NOBODY
    row.save(update_fields=["waits_for"])
    forget_claim(row)
    audit.record(
        "evidence.regraded" if purpose == Review.REGRADE else "evidence.reset",
        object_type="submission",
        object_id=str(row.pk),
        actor_id=actor_id,
        now=now,
        reason=reason,
        details={"verdict": verdict, "points": points, "attempt": row.attempt},
        issuer_slug=rules_of(row.course_key).issuer_slug,
    )
    return review


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Turns the constraint that keeps two of the same moment apart into a sentence."""
    try:
        yield
    except IntegrityError as error:
        raise AlreadyReviewed(
            _("Somebody else judged this anew at the same moment. Reload the page.")
        ) from error


def _refuse_unless_staff(actor_id: int, row: Submission) -> None:
    refuse_unless_reviewer(actor_id, row)
    if not may_regrade(actor_id, row):
        raise MayNotReview(_("Only the staff of a course judge a decided submission anew."))


def _refuse_if_newer(row: Submission) -> None:
    newer = Submission.objects.filter(
        learner_id=row.learner_id, part_usage_key=row.part_usage_key, attempt__gt=row.attempt
    )
    if newer.exclude(state=Submission.DRAFT).exists():
        raise AlreadyReviewed(_("The learner has handed in a newer attempt. Judge that one."))


def _clean_reason(reason: str) -> str:
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > MAX_REASON:
        raise ReviewIncomplete(_("Give a reason of at most {limit} characters.").format(limit=MAX_REASON))
    return reason
