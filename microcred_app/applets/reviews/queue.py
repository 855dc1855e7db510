"""What waits for a reviewer, across units and courses: narrowed, sorted, in slices, counted.

A list never shows more than its reader may judge: other courses, their own work, and learners they declined are not
in it. Where somebody is asked for a second judgement they see a submission like any other, and never the first one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from microcred_app.compat import platform

from ..evidence.models import Review, Submission
from ..evidence.reviewer_models import CourseReviewRules
from ..evidence.reviewers import recused_learners, reviewable_courses
from ..keyset import Slice, slice_after
from ..offices import api as offices
from ..skills import api as skills
from .claims import ClaimInfo
from .models import ReviewClaim

__all__ = [
    "SORTS",
    "STATES",
    "Choices",
    "QueueFilter",
    "QueueItem",
    "choices_for",
    "count_queue",
    "count_states",
    "filtered",
    "items_of",
    "list_queue",
    "neighbours",
    "next_free",
    "page_queue",
    "visible",
]

STATES = ("waiting", "mine", "second", "third", "decided", "all")
SORTS: dict[str, tuple[tuple[str, ...], bool]] = {
    "oldest": (("submitted_at", "pk"), False),
    "newest": (("submitted_at", "pk"), True),
    "task": (("unit_title", "task_title", "submitted_at", "pk"), False),
}
MAX_TEXT = 100


@dataclass(frozen=True)
class QueueFilter:
    """What a reviewer looks for. Empty texts and none do not narrow; ``min_days`` is how long it has waited."""

    state: str = "waiting"
    course_key: str = ""
    outcome_key: str = ""
    reviewer_id: int | None = None
    min_days: int | None = None
    text: str = ""
    sort: str = "oldest"


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
    waits_for: str = "first"
    outcome_key: str = ""
    claim: ClaimInfo | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Choices:
    """What the fields of the filter offer: pairs of value and title."""

    courses: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    reviewers: tuple[tuple[int, str], ...]


def list_queue(reviewer_id: int, *, limit: int = 100) -> tuple[QueueItem, ...]:
    """Submissions that wait for this reviewer, oldest first; never the reviewer's own."""
    rows = _of_state(visible(reviewer_id), "waiting", reviewer_id, None)
    return items_of(rows.order_by("submitted_at", "pk")[:limit])


def count_queue(reviewer_id: int) -> int:
    """How many submissions wait for this reviewer."""
    return _of_state(visible(reviewer_id), "waiting", reviewer_id, None).count()


def page_queue(
    reviewer_id: int,
    wanted: QueueFilter,
    *,
    now: datetime,
    after: Sequence[str] | None = None,
    limit: int = 50,
) -> Slice[QueueItem]:
    """A slice of what *wanted* finds; raises ``PlaceRefused`` for a place that is none of this list."""
    fields, descending = SORTS.get(wanted.sort, SORTS["oldest"])
    rows, place = slice_after(
        filtered(reviewer_id, wanted, now), fields, after, limit=limit, descending=descending
    )
    return Slice(items_of(rows), place)


def count_states(reviewer_id: int, wanted: QueueFilter, *, now: datetime) -> dict[str, int]:
    """How many each state would show with the rest of the filter as it is."""
    return {state: filtered(reviewer_id, replace(wanted, state=state), now).count() for state in STATES}


def neighbours(
    reviewer_id: int, submission_id: str, wanted: QueueFilter, *, now: datetime
) -> tuple[str, str]:
    """Ids of the submissions before and after this one in the filtered queue; empty where there is none."""
    fields, descending = SORTS.get(wanted.sort, SORTS["oldest"])
    try:
        row = Submission.objects.filter(pk=submission_id).first()
    except (ValidationError, ValueError):
        row = None
    if row is None or row.submitted_at is None:
        return "", ""
    place = [str(row.pk if field == "pk" else getattr(row, field)) for field in fields]
    rows = filtered(reviewer_id, wanted, now)
    before, _more = slice_after(rows, fields, place, limit=1, descending=not descending)
    after, _more = slice_after(rows, fields, place, limit=1, descending=descending)
    return (str(before[0].pk) if before else "", str(after[0].pk) if after else "")


def next_free(reviewer_id: int, wanted: QueueFilter, *, now: datetime, skip: str = "") -> str:
    """The first waiting submission of the filtered queue that nobody else holds; empty when there is none."""
    fields, descending = SORTS.get(wanted.sort, SORTS["oldest"])
    waiting = (
        wanted if wanted.state in ("waiting", "mine", "second", "third") else replace(wanted, state="waiting")
    )
    held = ReviewClaim.objects.filter(submission=OuterRef("pk"), until__gt=now).exclude(
        reviewer_id=reviewer_id
    )
    rows = filtered(reviewer_id, waiting, now).exclude(Exists(held))
    if skip:
        rows = rows.exclude(pk=skip)
    sign = "-" if descending else ""
    first = rows.order_by(*(f"{sign}{field}" for field in fields)).values_list("pk", flat=True).first()
    return str(first) if first else ""


def choices_for(reviewer_id: int) -> Choices:
    """What this reviewer can narrow by."""
    rows = visible(reviewer_id).order_by()
    courses = rows.values_list("course_key", flat=True).distinct()
    outcomes = {key for key in rows.values_list("outcome_key", flat=True).distinct()[:500] if key}
    titles = skills.outcome_statements(outcomes)
    people = set(
        Review.objects.filter(submission__in=rows).order_by().values_list("reviewer_id", flat=True).distinct()
    ) | set(ReviewClaim.objects.filter(submission__in=rows).values_list("reviewer_id", flat=True).distinct())
    names = platform().people(people)
    return Choices(
        courses=tuple(
            sorted(((key, platform().course_title(key)) for key in courses), key=lambda pair: pair[1])
        ),
        outcomes=tuple(sorted(((key, titles.get(key, key)) for key in outcomes), key=lambda pair: pair[1])),
        reviewers=tuple(
            sorted(((pk, person.name or str(pk)) for pk, person in names.items()), key=lambda pair: pair[1])
        ),
    )


def visible(reviewer_id: int) -> QuerySet[Submission]:
    """Everything handed in that this person may see as a reviewer."""
    rows = Submission.objects.filter(course_key__in=reviewable_courses(reviewer_id))
    return rows.exclude(state=Submission.DRAFT).exclude(
        learner_id__in=[reviewer_id, *recused_learners(reviewer_id)]
    )


def items_of(rows: Iterable[Submission]) -> tuple[QueueItem, ...]:
    """The rows as lines; names, titles, reservations and promised days are read once for all of them."""
    found = list(rows)
    claims = {
        claim.submission_id: claim
        for claim in ReviewClaim.objects.filter(submission__in=[r.pk for r in found])
    }
    people = platform().people(
        {row.learner_id for row in found} | {claim.reviewer_id for claim in claims.values()}
    )
    names = {pk: person.name for pk, person in people.items()}
    courses = {row.course_key for row in found}
    titles = {key: platform().course_title(key) for key in courses}
    days = dict(
        CourseReviewRules.objects.filter(course_key__in=courses, answer_days__isnull=False).values_list(
            "course_key", "answer_days"
        )
    )
    items = []
    for row in found:
        handed_in = row.submitted_at or row.created_at
        claim = claims.get(row.pk)
        promised = days.get(row.course_key)
        items.append(
            QueueItem(
                submission_id=str(row.pk),
                learner_id=row.learner_id,
                learner_name=names.get(row.learner_id, ""),
                course_key=row.course_key,
                course_title=titles[row.course_key],
                unit_title=row.unit_title,
                task_title=row.task_title,
                attempt=row.attempt,
                submitted_at=handed_in,
                # A second judgement is blind: how the first one ended is not told here either.
                state=Submission.IN_REVIEW if row.waits_for == Submission.SECOND else row.state,
                waits_for=row.waits_for,
                outcome_key=row.outcome_key,
                claim=ClaimInfo(claim.reviewer_id, names.get(claim.reviewer_id, ""), claim.since, claim.until)
                if claim is not None
                else None,
                due_at=handed_in + timedelta(days=promised) if promised else None,
            )
        )
    return tuple(items)


def filtered(reviewer_id: int, wanted: QueueFilter, now: datetime) -> QuerySet[Submission]:
    """What *wanted* finds for this reviewer, in no order."""
    rows = _of_state(visible(reviewer_id), wanted.state, reviewer_id, now)
    if wanted.course_key:
        rows = rows.filter(course_key=wanted.course_key)
    if wanted.outcome_key:
        rows = rows.filter(outcome_key=wanted.outcome_key)
    if wanted.min_days is not None:
        rows = rows.filter(submitted_at__lte=now - timedelta(days=wanted.min_days))
    if wanted.reviewer_id is not None:
        # Whoever is asked for a second judgement learns nothing here about who gave the first.
        judged = Review.objects.filter(submission=OuterRef("pk"), reviewer_id=wanted.reviewer_id)
        holds = ReviewClaim.objects.filter(
            submission=OuterRef("pk"), reviewer_id=wanted.reviewer_id, until__gt=now
        )
        rows = rows.filter(Q(Exists(holds)) | (Q(Exists(judged)) & ~Q(waits_for=Submission.SECOND)))
    text = wanted.text.replace("\x00", "").strip()[:MAX_TEXT]
    if text:
        rows = rows.filter(
            Q(learner_id__in=offices.people_called(text))
            | Q(unit_title__icontains=text)
            | Q(task_title__icontains=text)
        )
    return rows


def _of_state(
    rows: QuerySet[Submission], state: str, reviewer_id: int, now: datetime | None
) -> QuerySet[Submission]:
    own = Exists(Review.objects.filter(submission=OuterRef("pk"), reviewer_id=reviewer_id))
    first = Q(waits_for=Submission.FIRST, state=Submission.IN_REVIEW)
    again = Q(waits_for__in=[Submission.SECOND, Submission.THIRD]) & ~Q(own)
    # What waits for a second judgement is decided for nobody but the one who gave the first.
    done = Q(state__in=[Submission.ACCEPTED, Submission.RETURNED]) & (
        Q(waits_for__in=[Submission.NOBODY, Submission.FIRST]) | Q(own)
    )
    match state:
        case "mine":
            held = ReviewClaim.objects.filter(submission=OuterRef("pk"), reviewer_id=reviewer_id)
            if now is not None:
                held = held.filter(until__gt=now)
            return rows.filter(Exists(held)).filter(first | again)
        case "second":
            return rows.filter(again, waits_for=Submission.SECOND)
        case "third":
            return rows.filter(again, waits_for=Submission.THIRD)
        case "decided":
            return rows.filter(done)
        case "all":
            return rows.filter(first | again | done)
        case _:
            return rows.filter(first | again)
