"""Figures of a course's reviews: how long learners wait, who judges how much, and how well two markers agree.

Only the staff of a course read them: they are figures about people who work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from ..evidence.models import Review, Submission
from ..evidence.reviewers import ReviewRules, reviewable_courses, rules_of
from ..evidence.rubric import read_rubric
from .agreement import Agreement, agree
from .errors import MayNotReview
from .turnaround import Turnaround, by_name, summarise

__all__ = ["CourseFigures", "TaskAgreement", "course_figures", "courses_answered_for"]

#: Newest judgements that figures are made of; more would not change them and would cost memory.
NEWEST = 20_000


@dataclass(frozen=True)
class TaskAgreement:
    """How well first and second markers of one task agree: on passing, and on each criterion."""

    title: str
    verdict: Agreement
    criteria: tuple[Agreement, ...]
    to_third: int


@dataclass(frozen=True)
class CourseFigures:
    """The report of one course; ``oldest`` is the moment since which somebody waits for a first judgement."""

    course_key: str
    course_title: str
    rules: ReviewRules
    waiting: int
    waiting_second: int
    waiting_third: int
    oldest: datetime | None
    overdue: int
    whole: Turnaround
    reviewers: tuple[Turnaround, ...]
    tasks: tuple[Turnaround, ...]
    agreement: tuple[TaskAgreement, ...]


def courses_answered_for(actor_id: int) -> tuple[tuple[str, str], ...]:
    """Courses whose figures this person may read, with their titles."""
    keys = [key for key in reviewable_courses(actor_id) if _reads(actor_id, key)]
    return tuple(sorted(((key, platform().course_title(key)) for key in keys), key=lambda pair: pair[1]))


def _reads(actor_id: int, course_key: str) -> bool:
    return permissions.may_in_course(actor_id, permissions.CourseAction.READ_REVIEW_FIGURES, course_key)


def course_figures(actor_id: int, course_key: str, *, since: datetime | None, now: datetime) -> CourseFigures:
    """The report; judgements from *since* on. Raises :class:`MayNotReview` for whoever is not the course's staff."""
    if not _reads(actor_id, course_key):
        raise MayNotReview(_("Only the staff of a course read its review figures."))
    rows = Submission.objects.filter(course_key=course_key)
    first = rows.filter(state=Submission.IN_REVIEW, waits_for=Submission.FIRST)
    rules = rules_of(course_key)
    oldest = first.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    judged = _judged(course_key, since)
    return CourseFigures(
        course_key=course_key,
        course_title=platform().course_title(course_key),
        rules=rules,
        waiting=first.count(),
        waiting_second=rows.filter(waits_for=Submission.SECOND).count(),
        waiting_third=rows.filter(waits_for=Submission.THIRD).count(),
        oldest=oldest,
        overdue=first.filter(submitted_at__lt=now - timedelta(days=rules.answer_days)).count()
        if rules.answer_days
        else 0,
        whole=summarise(
            _("All"), [waited for _who, _task, waited, _ok in judged], passed=sum(ok for *_rest, ok in judged)
        ),
        reviewers=by_name(
            ((str(who), waited, ok) for who, _task, waited, ok in judged), _people(who for who, *_ in judged)
        ),
        tasks=by_name(((task, waited, ok) for _who, task, waited, ok in judged), {}),
        agreement=_agreements(course_key, since),
    )


def _judged(course_key: str, since: datetime | None) -> list[tuple[int, str, timedelta, bool]]:
    rows = Review.objects.filter(submission__course_key=course_key, purpose=Review.FIRST)
    if since is not None:
        rows = rows.filter(decided_at__gte=since)
    columns = rows.order_by("-decided_at").values_list(
        "reviewer_id",
        "submission__unit_title",
        "submission__task_title",
        "submission__submitted_at",
        "decided_at",
        "verdict",
    )[:NEWEST]
    return [
        (who, _title(unit, task), decided - handed_in, verdict == Review.PASSED)
        for who, unit, task, handed_in, decided, verdict in columns
        if handed_in is not None
    ]


def _people(ids: Iterable[int]) -> dict[str, str]:
    return {str(pk): person.name or str(pk) for pk, person in platform().people(set(ids)).items()}


def _agreements(course_key: str, since: datetime | None) -> tuple[TaskAgreement, ...]:
    """One entry for each task with a submission that two people judged."""
    seconds = Review.objects.filter(submission__course_key=course_key, purpose=Review.SECOND)
    if since is not None:
        seconds = seconds.filter(decided_at__gte=since)
    pairs: dict[str, list[tuple[Submission, Review, Review]]] = {}
    newest = list(seconds.select_related("submission").order_by("-decided_at")[:NEWEST])
    firsts = {
        review.submission_id: review
        for review in Review.objects.filter(
            purpose=Review.FIRST, submission_id__in=[review.submission_id for review in newest]
        )
    }
    for second in newest:
        first = firsts.get(second.submission_id)
        if first is not None:
            pairs.setdefault(second.submission.part_usage_key, []).append((second.submission, first, second))
    found = [_agreement(entries) for entries in pairs.values()]
    return tuple(sorted(found, key=lambda entry: entry.title))


def _agreement(entries: list[tuple[Submission, Review, Review]]) -> TaskAgreement:
    """A level is compared by its place in the rubric as it was at hand-in, so an edited rubric does no harm."""
    names: dict[str, str] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for row, first, second in entries:
        for criterion in read_rubric(row.rubric).criteria:
            order = [level.id for level in sorted(criterion.levels, key=lambda level: level.points)]
            a, b = first.levels.get(criterion.id), second.levels.get(criterion.id)
            if a in order and b in order:
                names.setdefault(criterion.id, criterion.name)
                places.setdefault(criterion.id, []).append((order.index(a), order.index(b)))
    verdicts = [
        (int(first.verdict == Review.PASSED), int(second.verdict == Review.PASSED))
        for _row, first, second in entries
    ]
    row = entries[0][0]
    return TaskAgreement(
        title=_title(row.unit_title, row.task_title),
        verdict=agree(_("Passed or not"), verdicts),
        criteria=tuple(agree(names[key], found) for key, found in places.items()),
        to_third=sum(a != b for a, b in verdicts),
    )


def _title(unit: str, task: str) -> str:
    return f"{unit}: {task}" if task else unit
