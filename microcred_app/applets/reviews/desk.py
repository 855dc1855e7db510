"""Everything the judging page shows, and nothing that its reader must not know yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from microcred_app.compat import platform

from ..evidence.accommodations import allowance_of
from ..evidence.data import SubmissionInfo
from ..evidence.models import Review, Submission
from ..evidence.rubric import Rubric, read_rubric
from ..evidence.storage import open_file
from .access import Marks, load, refuse_unless_reviewer, why_not
from .claims import ClaimInfo
from .drafts import Draft, draft_of
from .feedback import Attempt, FeedbackLine, attempts_of, is_blind
from .history import Change
from .queue import QueueItem, items_of
from .regrading import may_regrade

__all__ = ["Desk", "MarkInfo", "open_desk"]

#: So much of a text file is shown beside the rubric; the rest is a download away.
PREVIEW_BYTES = 20_000


@dataclass(frozen=True)
class MarkInfo:
    """One judgement as other reviewers see it."""

    purpose: str
    reviewer_name: str
    passed: bool
    levels: tuple[tuple[str, str], ...]
    points: float | None
    comment: str
    reason: str
    at: datetime
    decides: bool


@dataclass(frozen=True)
class Desk:
    """One submission in front of one reviewer.

    ``why_not`` says why this person has nothing to judge here; empty when they have. ``marks`` are the judgements so
    far, none of them while this person judges blind. ``previews`` holds the beginning of text files by file id, and
    ``extra_days`` and ``extra_attempts`` what this learner was granted for the task.
    """

    item: QueueItem
    submission: SubmissionInfo
    rubric: Rubric
    earlier: tuple[Attempt, ...]
    change: Change | None
    lines: tuple[FeedbackLine, ...]
    draft: Draft
    claim: ClaimInfo | None
    mine: bool
    why_not: str
    blind: bool
    marks: tuple[MarkInfo, ...]
    may_regrade: bool
    previews: dict[str, str]
    extra_days: int = 0
    extra_attempts: int = 0


def open_desk(reviewer_id: int, submission_id: str, *, now: datetime) -> Desk:
    """The submission for this reviewer; raises when they may not see it. Reads only: opening reserves nothing."""
    row = load(submission_id)
    refuse_unless_reviewer(reviewer_id, row)
    marks = Marks(row)
    blind = is_blind(reviewer_id, row, marks)
    attempts = attempts_of(row, viewer_id=reviewer_id, newest=row.attempt, with_names=True, blind=blind)
    item = items_of([row])[0]
    claim = item.claim
    granted = allowance_of(row.learner_id, row.course_key, row.part_usage_key)
    return Desk(
        item=item,
        submission=attempts[0].submission,
        rubric=read_rubric(row.rubric),
        earlier=attempts[1:],
        change=attempts[0].change,
        lines=attempts[0].lines,
        draft=draft_of(reviewer_id, row),
        claim=claim,
        mine=claim is not None and claim.reviewer_id == reviewer_id and claim.holds(now),
        why_not=why_not(reviewer_id, row, marks),
        blind=blind,
        marks=() if blind else _marks(row, marks),
        may_regrade=not blind
        and row.state in (Submission.ACCEPTED, Submission.RETURNED)
        and may_regrade(reviewer_id, row),
        previews=_previews(row),
        extra_days=granted.extra_days,
        extra_attempts=granted.extra_attempts,
    )


def _marks(row: Submission, marks: Marks) -> tuple[MarkInfo, ...]:
    rubric, standing = read_rubric(row.rubric), marks.standing()
    names = {pk: person.name for pk, person in platform().people(marks.reviewers()).items()}
    return tuple(
        MarkInfo(
            purpose=review.purpose,
            reviewer_name=names.get(review.reviewer_id, "") or _("Somebody"),
            passed=review.verdict == Review.PASSED,
            levels=_levels(rubric, review),
            points=review.points,
            comment=review.comment,
            reason=review.reason,
            at=review.decided_at,
            decides=standing is not None and review.pk == standing.pk,
        )
        for review in marks.all
    )


def _levels(rubric: Rubric, review: Review) -> tuple[tuple[str, str], ...]:
    return tuple(
        (criterion.name, level.name)
        for criterion in rubric.criteria
        for level in criterion.levels
        if review.levels.get(criterion.id) == level.id
    )


def _previews(row: Submission) -> dict[str, str]:
    """The beginning of each text file; nothing for one that is gone."""
    found: dict[str, str] = {}
    for file in row.files.filter(media_type__in=["text/plain", "text/csv"], removed_at=None):
        try:
            with open_file(file.stored_as) as content:
                data = content.read(PREVIEW_BYTES + 1)
        except FileNotFoundError:
            continue
        text = data[:PREVIEW_BYTES].decode("utf-8-sig", "replace")
        found[str(file.pk)] = text + (" …" if len(data) > PREVIEW_BYTES else "")
    return found
