"""From starting a unit to its badge: who stops where, how long a step takes, and how groups of starters fare.

Who started, completed and earned is counted over everybody; steps are counted over those who started last, so that a
course of any size is answered at once.
"""

from __future__ import annotations

from collections import defaultdict
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

#: Seconds above an hour are told in steps of a minute: that many different values would say nothing more.
HOUR = 3_600
#: Learners who started last, of whom steps are told: that many tell a share to two percent.
NEWEST = 4_000


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
    progress: QuerySet[UnitProgress], parts: Sequence[UnitPart], totals: Totals, k: int
) -> Funnel:
    """The funnel of the whole unit; its steps of those who started last."""
    started, completed, earned = guard_nested((totals.started, totals.completed, totals.earned), k)
    if started is None:
        nothing = Count(None)
        return Funnel(0, nothing, nothing, nothing, ())
    told = [totals.started, totals.completed, totals.earned]
    watched = totals.started
    if totals.started >= NEWEST + k:
        since = progress.order_by("-started_at").values_list("started_at", flat=True)[NEWEST - 1]
        progress = progress.filter(started_at__gte=since)
        watched = progress.count()
        told = [watched]
    seconds, done = _seconds(progress), _done(progress)
    steps = []
    for part in parts:
        times = seconds.get(part.usage_key, {})
        finished, left = done.get(part.usage_key, (0, 0))
        opened = sum(times.values())
        *_told, opened_shown, done_shown = guard_nested((*told, opened, finished), k)
        # Who opened a step did it or was left there: of the three numbers two tell the third.
        told_both = opened_shown is not None and done_shown is not None
        left_shown = guard_nested((watched, left), k)[1] if told_both else None
        steps.append(
            Step(
                part.usage_key,
                part.kind,
                part.title,
                counted(opened_shown, watched),
                counted(done_shown, watched),
                counted(left_shown, watched),
                spread(times, k),
            )
        )
    return Funnel(
        watched,
        Count(started),
        counted(completed, totals.started),
        counted(earned, totals.started),
        tuple(steps),
    )


def _seconds(progress: QuerySet[UnitProgress]) -> dict[str, dict[float, int]]:
    """For each step how often each number of seconds was spent there."""
    rows = StepVisit.objects.filter(progress__in=progress).order_by()
    found: dict[str, dict[float, int]] = defaultdict(lambda: defaultdict(int))
    for part, seconds, learners in rows.values_list("part_usage_key", "seconds").annotate(n=Counting("pk")):
        found[part][seconds if seconds < HOUR else seconds // 60 * 60] += learners
    return found


def _done(progress: QuerySet[UnitProgress]) -> dict[str, tuple[int, int]]:
    """For each step how many did it, and how many opened it, did not do it, and did not complete the unit either."""
    results = PartResult.objects.filter(progress__in=progress).order_by().values_list("part_usage_key")
    done = dict(results.annotate(n=Counting("pk")))
    did = PartResult.objects.filter(progress=OuterRef("progress"), part_usage_key=OuterRef("part_usage_key"))
    stopped = StepVisit.objects.filter(~Exists(did), progress__in=progress.filter(completed_at__isnull=True))
    left = dict(stopped.order_by().values_list("part_usage_key").annotate(n=Counting("pk")))
    return {key: (done.get(key, 0), left.get(key, 0)) for key in {*done, *left}}


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
