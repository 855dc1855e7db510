"""From starting a unit to its badge: who stops where, how long a step takes, and how groups of starters fare.

Who started, completed and earned is counted over everybody; steps are counted over those who started last, so that a
course of any size is answered at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models import Count as Counting
from django.db.models.functions import Cast, Substr

from ..attainments.models import PartResult, StepVisit, UnitProgress
from ..awards.models import Award
from ..badges import api as badges
from .answers import counted
from .data import Cohort, Count, Funnel, Step
from .statistics import cohorts_of, spread
from .steps import StepCounts, StepTally, tally_steps
from .suppression import guard_column, guard_nested

__all__ = [
    "Totals",
    "UnitPart",
    "by_month",
    "cohorts",
    "parts_of",
    "progress_of",
    "read_funnel",
    "started",
    "totals_of",
]


@dataclass(frozen=True)
class UnitPart:
    """One step of the unit, as the learner who started last has it."""

    usage_key: str
    kind: str
    title: str


@dataclass(frozen=True)
class Totals:
    """Learners who started, completed, and hold a badge that asks for the unit's outcome; uncensored."""

    started: int
    completed: int
    earned: int


def progress_of(course_key: str, unit_usage_key: str) -> QuerySet[UnitProgress]:
    """Everybody's progress in the unit, inside this course."""
    return started(UnitProgress.objects.filter(unit_usage_key=unit_usage_key, course_key=course_key))


def started(progress: QuerySet[UnitProgress]) -> QuerySet[UnitProgress]:
    """Those who opened a step or did one. Staff who look without being learners leave a row, and do neither."""
    return progress.filter(
        Exists(StepVisit.objects.filter(progress=OuterRef("pk")))
        | Exists(PartResult.objects.filter(progress=OuterRef("pk")))
    )


def totals_of(months: Mapping[tuple[int, int], Totals]) -> Totals:
    """All months together."""
    return Totals(
        sum(one.started for one in months.values()),
        sum(one.completed for one in months.values()),
        sum(one.earned for one in months.values()),
    )


def by_month(progress: QuerySet[UnitProgress], outcome_key: str) -> dict[tuple[int, int], Totals]:
    """Totals of learners by the month (year, month; UTC) in which they started."""
    keys = [badge.key for badge in badges.badges_mentioning([("outcome", outcome_key)])]
    # The text of a moment begins with its month in every database; their own functions for dates are much slower.
    months = (
        progress.order_by().annotate(month=Substr(Cast("started_at", CharField()), 1, 7)).values_list("month")
    )
    counts = months.annotate(
        started=Counting("pk"), completed=Counting("pk", filter=Q(completed_at__isnull=False))
    )
    earned: dict[str, int] = {}
    if keys:
        holds = Award.objects.filter(
            learner_id=OuterRef("learner_id"), version__badge__key__in=keys, reversal__isnull=True
        )
        holders = months.filter(Exists(holds), completed_at__isnull=False)
        earned = dict(holders.annotate(n=Counting("pk")))
    return {
        (int(month[:4]), int(month[5:7])): Totals(started, completed, earned.get(month, 0))
        for month, started, completed in counts
    }


def read_funnel(
    progress: QuerySet[UnitProgress],
    parts: Sequence[UnitPart],
    totals: Totals,
    k: int,
    kept: StepTally | None = None,
) -> Funnel:
    """The funnel of the whole unit; its steps of those who started last, counted now unless they are *kept*."""
    started, completed, earned = guard_nested((totals.started, totals.completed, totals.earned), k)
    if started is None:
        nothing = Count(None)
        return Funnel(0, nothing, nothing, nothing, ())
    tally = kept or tally_steps(progress, totals.started, k)
    # Without *newest* those who are watched are those who started; steps may have been counted a moment later.
    watched = tally.watched if tally.newest else totals.started
    told = [watched] if tally.newest else [totals.started, totals.completed, totals.earned]
    steps = tuple(
        _step(part, tally.steps.get(part.usage_key, StepCounts()), watched, told, k) for part in parts
    )
    return Funnel(
        watched,
        Count(started),
        counted(completed, totals.started),
        counted(earned, totals.started),
        steps,
    )


def _step(part: UnitPart, counts: StepCounts, watched: int, told: Sequence[int], k: int) -> Step:
    opened, done, left = (min(number, watched) for number in (counts.opened, counts.done, counts.left))
    *_told, opened_shown, done_shown = guard_nested((*told, opened, done), k)
    # Who opened a step did it or was left there: of the three numbers two tell the third.
    told_both = opened_shown is not None and done_shown is not None
    left_shown = guard_nested((watched, left), k)[1] if told_both else None
    return Step(
        part.usage_key,
        part.kind,
        part.title,
        counted(opened_shown, watched),
        counted(done_shown, watched),
        counted(left_shown, watched),
        spread(counts.seconds, k),
    )


def cohorts(months: Mapping[tuple[int, int], Totals], k: int) -> tuple[Cohort, ...]:
    """Groups of months, each with *k* starters at least, newest first; none when one group is all there is."""
    groups = cohorts_of({month: one.started for month, one in months.items()}, k)
    if len(groups) < 2:
        return ()
    rows = [totals_of({month: months[month] for month in group}) for group in groups]
    whole = totals_of(months)
    whole_shown = guard_nested((whole.started, whole.completed, whole.earned), k)
    guarded = [guard_nested((row.started, row.completed, row.earned), k) for row in rows]
    completed = guard_column(
        [row.completed for row in rows],
        [row[1] is not None for row in guarded],
        k,
        total_shown=whole_shown[1] is not None,
    )
    earned = guard_column(
        [row.earned for row in rows],
        [row[2] is not None for row in guarded],
        k,
        total_shown=whole_shown[2] is not None,
    )
    found = [
        Cohort(
            date(*group[0], 1),
            date(*group[-1], 1),
            Count(row.started),
            counted(completed[place], row.started),
            counted(earned[place], row.started),
        )
        for place, (group, row) in enumerate(zip(groups, rows, strict=True))
    ]
    return tuple(reversed(found))


def parts_of(progress: QuerySet[UnitProgress]) -> tuple[str, str, tuple[UnitPart, ...]]:
    """The unit's outcome, title and steps, as the learner who started last has them; empty when nobody did."""
    row = progress.order_by("-started_at").values_list("outcome_key", "title", "parts").first()
    if row is None:
        return "", "", ()
    outcome_key, title, parts = row
    return (
        outcome_key,
        title,
        tuple(UnitPart(part["usage_key"], part["kind"], part["title"]) for part in parts),
    )
