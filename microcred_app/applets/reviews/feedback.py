"""The conversation between a learner and the reviewers about one submission.

The learner is told the role of whoever writes, not the name. Somebody who gives a second judgement reads nothing of it
and writes nothing into it before they have judged: they judge blind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.compat import platform

from ..evidence.data import SubmissionInfo, submission_info
from ..evidence.models import Submission
from ..evidence.rubric import Rubric, read_rubric
from .access import Marks, load, refuse_unless_reviewer
from .errors import FeedbackRefused, SubmissionNotFound
from .history import AttemptWork, Change, compare
from .models import FeedbackMessage

__all__ = [
    "Attempt",
    "FeedbackLine",
    "OwnWork",
    "attempts_of",
    "conversation",
    "is_blind",
    "learner_lines",
    "own_work",
    "say_as_learner",
    "say_as_reviewer",
]

MAX_TEXT = 4_000
MAX_MESSAGES = 200


@dataclass(frozen=True)
class FeedbackLine:
    """One message. ``author`` is a name for reviewers, and empty for the learner, who reads roles."""

    id: int
    at: datetime
    text: str
    by_reviewer: bool
    mine: bool
    author: str
    answers: int | None


@dataclass(frozen=True)
class Attempt:
    """One attempt, what it changed against the one before, and what was said about it."""

    submission: SubmissionInfo
    change: Change | None
    lines: tuple[FeedbackLine, ...]


@dataclass(frozen=True)
class OwnWork:
    """A learner's own work on one task: where it belongs, where it stands, and all attempts, newest first."""

    submission_id: str
    course_key: str
    unit_usage_key: str
    unit_title: str
    task_title: str
    state: str
    submitted_at: datetime | None
    rubric: Rubric
    attempts: tuple[Attempt, ...]


def learner_lines(learner_id: int, part_usage_key: str) -> tuple[FeedbackLine, ...]:
    """The messages about the learner's attempts at a task, oldest first."""
    rows = FeedbackMessage.objects.filter(
        submission__learner_id=learner_id, submission__part_usage_key=part_usage_key
    )
    return tuple(_line(row, learner_id, "") for row in rows.order_by("at", "pk")[:MAX_MESSAGES])


def own_work(learner_id: int, submission_id: str) -> OwnWork:
    """The submission, and all attempts at its task; for its owner only."""
    row = load(submission_id)
    if row.learner_id != learner_id or row.state == Submission.DRAFT:
        raise SubmissionNotFound(_("There is no such submission."))
    return OwnWork(
        submission_id=str(row.pk),
        course_key=row.course_key,
        unit_usage_key=row.unit_usage_key,
        unit_title=row.unit_title,
        task_title=row.task_title,
        state=row.state,
        submitted_at=row.submitted_at,
        rubric=read_rubric(row.rubric),
        attempts=attempts_of(row, viewer_id=learner_id, newest=None),
    )


def attempts_of(
    row: Submission, *, viewer_id: int, newest: int | None, with_names: bool = False, blind: bool = False
) -> tuple[Attempt, ...]:
    """Attempts at the same task up to number *newest*, newest first, without drafts."""
    rows = Submission.objects.filter(learner_id=row.learner_id, part_usage_key=row.part_usage_key)
    if newest is not None:
        rows = rows.filter(attempt__lte=newest)
    found = list(rows.exclude(state=Submission.DRAFT).prefetch_related("reviews").order_by("attempt"))
    attempts, before = [], None
    for one in found:
        info = submission_info(one)
        work = _work(info)
        attempts.append(
            Attempt(
                submission=_masked(info) if blind else info,
                change=compare(before, work) if before is not None else None,
                lines=() if blind else conversation(one, viewer_id, with_names=with_names),
            )
        )
        before = work
    return tuple(reversed(attempts))


def conversation(row: Submission, viewer_id: int, *, with_names: bool) -> tuple[FeedbackLine, ...]:
    """The messages about one submission, oldest first."""
    rows = list(row.messages.order_by("at", "pk")[:MAX_MESSAGES])
    names: dict[int, str] = {}
    if with_names and rows:
        people = platform().people({message.author_id for message in rows})
        names = {pk: person.name for pk, person in people.items()}
    return tuple(_line(message, viewer_id, names.get(message.author_id, "")) for message in rows)


@transaction.atomic
def say_as_learner(
    learner_id: int, submission_id: str, *, text: str, answers: str = "", now: datetime
) -> FeedbackLine:
    """Write to the reviewers about one's own submission."""
    row = load(submission_id, lock=True)
    if row.learner_id != learner_id or row.state == Submission.DRAFT:
        raise SubmissionNotFound(_("There is no such submission."))
    return _say(row, learner_id, text, answers, by_reviewer=False, now=now)


@transaction.atomic
def say_as_reviewer(
    reviewer_id: int, submission_id: str, *, text: str, answers: str = "", now: datetime
) -> FeedbackLine:
    """Write to the learner; refused to whoever judges blind."""
    row = load(submission_id, lock=True)
    refuse_unless_reviewer(reviewer_id, row)
    if is_blind(reviewer_id, row, Marks(row)):
        raise FeedbackRefused(
            _("You judge this blind. Write to the learner after you have given your judgement.")
        )
    return _say(row, reviewer_id, text, answers, by_reviewer=True, now=now)


def is_blind(reviewer_id: int, row: Submission, marks: Marks) -> bool:
    """Whether this person must not know yet what others found: it waits for a second judgement, not yet theirs."""
    return row.waits_for == Submission.SECOND and reviewer_id not in marks.reviewers()


def _say(
    row: Submission, author_id: int, text: str, answers: str, *, by_reviewer: bool, now: datetime
) -> FeedbackLine:
    text = text.replace("\x00", "").strip()
    if not text or len(text) > MAX_TEXT:
        raise FeedbackRefused(_("Write 1 to {limit} characters.").format(limit=MAX_TEXT))
    if row.messages.count() >= MAX_MESSAGES:
        raise FeedbackRefused(_("This conversation is full. Talk to each other in another way."))
    message = FeedbackMessage.objects.create(
        submission=row,
        author_id=author_id,
        by_reviewer=by_reviewer,
        answers=_answered(row, answers),
        text=text,
        at=now,
    )
    return _line(message, author_id, "")


def _answered(row: Submission, answers: str) -> FeedbackMessage | None:
    if not answers:
        return None
    try:
        found: FeedbackMessage | None = row.messages.filter(pk=answers).first()
    except (ValidationError, ValueError, OverflowError):
        found = None
    if found is None:
        raise FeedbackRefused(_("The message you answer is not there. Reload the page."))
    return found


def _line(row: FeedbackMessage, viewer_id: int, author: str) -> FeedbackLine:
    return FeedbackLine(
        id=row.pk,
        at=row.at,
        text=row.text,
        by_reviewer=row.by_reviewer,
        mine=row.author_id == viewer_id,
        author=author,
        answers=row.answers_id,
    )


def _work(info: SubmissionInfo) -> AttemptWork:
    return AttemptWork(tuple((file.name, file.sha256) for file in info.files), info.text, info.link)


def _masked(info: SubmissionInfo) -> SubmissionInfo:
    """What was handed in, without what anybody found."""
    return SubmissionInfo(
        id=info.id,
        attempt=info.attempt,
        state=Submission.IN_REVIEW,
        files=info.files,
        text=info.text,
        link=info.link,
        submitted_at=info.submitted_at,
        comment="",
        rubric_result=(),
        points=None,
    )
