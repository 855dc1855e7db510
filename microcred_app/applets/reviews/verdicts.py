"""One judgement and what follows from it, in one transaction.

Nobody judges their own work, nor that of somebody they declined to judge. A submission has one first, one second and
one third judgement, each by somebody else: of two reviewers who press the button at the same time the later is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.tracking import TrackedEvent, track

from ..audit import api as audit
from ..evidence.data import SubmissionInfo, submission_info
from ..evidence.models import Review, Submission
from ..evidence.reviewers import reviewer_role, rules_of
from ..evidence.rubric import Rubric, read_rubric
from ..evidence.signals import submission_accepted, submission_rejudged
from .access import Marks, load, purpose_for, refuse_unless_reviewer
from .claims import forget_claim, refuse_unless_free
from .drafts import clean_comment, forget_draft
from .errors import AlreadyReviewed, ReviewIncomplete
from .marking import Following, after_first, after_second, after_third, is_sampled

__all__ = ["announce", "check_verdict", "correct", "decide", "score_of"]


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

    Every criterion of the rubric needs a level. Passing below the pass line is refused, as is sending back without a
    comment: the learner must know what to do. Refused as well while somebody else has reserved it. A second judgement
    is not told to the learner; see :mod:`.marking` for what follows from it.
    """
    comment = clean_comment(comment)
    try:
        with transaction.atomic():
            row = load(submission_id, lock=True)
            refuse_unless_reviewer(reviewer_id, row)
            marks = Marks(row)
            purpose = purpose_for(reviewer_id, row, marks)
            refuse_unless_free(reviewer_id, row, now)
            rubric = read_rubric(row.rubric)
            points = rubric.points(levels) if rubric.criteria else None
            check_verdict(passed, points, rubric, comment)
            standing = marks.standing()
            following = _following(row, marks, purpose, passed)
            review = Review.objects.create(
                submission=row,
                reviewer_id=reviewer_id,
                purpose=purpose,
                role=reviewer_role(reviewer_id, row.course_key),
                verdict=Review.PASSED if passed else Review.RETURNED,
                levels={criterion.id: levels[criterion.id] for criterion in rubric.criteria},
                points=points,
                comment=comment,
                decided_at=now,
                # A third judgement takes the first one's place where it tells the learner something.
                replaces=standing if purpose == Review.THIRD and following.tell_passed is not None else None,
            )
            row.waits_for = following.waits_for
            row.save(update_fields=["waits_for"])
            _trace(row, review, now)
            _tell(row, marks, review, following, now)
            forget_claim(row)
            forget_draft(reviewer_id, row)
            return submission_info(Submission.objects.get(pk=row.pk))
    except IntegrityError as error:  # two at once, where rows cannot be locked
        if Review.objects.filter(submission_id=submission_id).exists():
            raise AlreadyReviewed(
                _("This submission has been judged already. Go back to the queue.")
            ) from error
        raise


def check_verdict(passed: bool, points: float | None, rubric: Rubric, comment: str) -> None:
    """Raise :class:`ReviewIncomplete` for a verdict that contradicts the rubric or leaves the learner alone."""
    if passed and points is not None and points < rubric.pass_points:
        raise ReviewIncomplete(
            _(
                "These levels give {points:g} points; passing needs {needed:g}. Send it back, or check the levels."
            ).format(points=points, needed=rubric.pass_points)
        )
    if not passed and not comment:
        raise ReviewIncomplete(_("Write what the learner should change before you send it back."))


def score_of(row: Submission, review: Review) -> float:
    """The judgement as a score from 0 to 1; flawless where the rubric gives no points."""
    maximum = read_rubric(row.rubric).maximum
    return review.points / maximum if review.points is not None and maximum else 1.0


def announce(row: Submission, review: Review, now: datetime) -> None:
    """The learner is told for the first time: state, and credit for what passed."""
    passed = review.verdict == Review.PASSED
    row.state = Submission.ACCEPTED if passed else Submission.RETURNED
    row.decided_at = now
    row.save(update_fields=["state", "decided_at"])
    if passed:
        submission_accepted.send(
            sender=Submission,
            learner_id=row.learner_id,
            unit_usage_key=row.unit_usage_key,
            part_usage_key=row.part_usage_key,
            score=score_of(row, review),
            by_reviewer=True,
            now=now,
        )


def correct(row: Submission, review: Review, now: datetime) -> None:
    """The learner was told something else before: state, and what was credited, follow the new judgement."""
    passed = review.verdict == Review.PASSED
    row.state = Submission.ACCEPTED if passed else Submission.RETURNED
    row.decided_at = now
    row.save(update_fields=["state", "decided_at"])
    submission_rejudged.send(
        sender=Submission,
        learner_id=row.learner_id,
        unit_usage_key=row.unit_usage_key,
        part_usage_key=row.part_usage_key,
        score=score_of(row, review) if passed else None,
        review_id=review.pk,
        now=now,
    )


def _following(row: Submission, marks: Marks, purpose: str, passed: bool) -> Following:
    if purpose == Review.FIRST:
        return after_first(
            passed,
            sampled=is_sampled(str(row.pk), row.second_marker_percent),
            both_needed=rules_of(row.course_key).both_needed,
        )
    first = marks.of(Review.FIRST)
    told = row.state in (Submission.ACCEPTED, Submission.RETURNED)
    if purpose == Review.SECOND:
        return after_second(first is not None and first.verdict == Review.PASSED, passed, told=told)
    return after_third(passed, row.state == Submission.ACCEPTED if told else None)


def _tell(row: Submission, marks: Marks, review: Review, following: Following, now: datetime) -> None:
    """Tell the learner what follows; two who agreed speak with the first one's words."""
    if following.tell_passed is None:
        return
    first = marks.of(Review.FIRST)
    deciding = first if review.purpose == Review.SECOND and first is not None else review
    if row.state == Submission.IN_REVIEW:
        announce(row, deciding, now)
    else:
        correct(row, deciding, now)


def _trace(row: Submission, review: Review, now: datetime) -> None:
    passed = review.verdict == Review.PASSED
    track(
        TrackedEvent.REVIEWED,
        {
            "submission": str(row.pk),
            "unit": row.unit_usage_key,
            "step": row.part_usage_key,
            "course": row.course_key,
            "learner": row.learner_id,
            "passed": passed,
            "score": round(score_of(row, review), 4),
            "attempt": row.attempt,
            "judgement": review.purpose,
            "at": now.isoformat(),
        },
        user_id=review.reviewer_id,
        course_key=row.course_key,
    )
    audit.record(
        "evidence.passed" if passed else "evidence.returned",
        object_type="submission",
        object_id=str(row.pk),
        actor_id=review.reviewer_id,
        now=now,
        details={"points": review.points, "attempt": row.attempt}
        | ({"judgement": review.purpose} if review.purpose != Review.FIRST else {}),
        issuer_slug=rules_of(row.course_key).issuer_slug,
    )
