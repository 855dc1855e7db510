"""From starting a unit to its badge: who stops where, how long a step takes, and how groups of starters fare.

The database counts; what comes back is as long as the unit has steps and the course has months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from django.db.models import Count as Counting
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear

from microcred_app import rules

from ..attainments.models import PartResult, StepVisit, UnitProgress
from ..awards.models import Award
from ..badges import api as badges
from .answers import counted
from .data import Cohort, Count, Funnel, Step
from .statistics import cohorts_of, spread
from .suppression import guard_column, guard_nested

__all__ = ["Totals", "UnitPart", "by_month", "cohorts", "parts_of", "progress_of", "read_funnel", "totals_of"]

#: Seconds above an hour are told in steps of a minute: that many different values would say nothing more.
HOUR = 3_600


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
    return UnitProgress.objects.filter(unit_usage_key=unit_usage_key, course_key=course_key)


def totals_of(months: Mapping[tuple[int, int], Totals]) -> Totals:
    """All months together."""
    return Totals(
        sum(one.started for one in months.values()),
        sum(one.completed for one in months.values()),
        sum(one.earned for one in months.values()),
    )


def by_month(progress: QuerySet[UnitProgress], outcome_key: str) -> dict[tuple[int, int], Totals]:
    """Totals of learners by the month (year, month; UTC) in which they started."""
    keys = [
        badge.key
        for badge in badges.badges_mentioning([("outcome", outcome_key)])
        if ("outcome", outcome_key) in rules.mentions(badge.requirement)
    ]
    months = progress.order_by().annotate(
        year=ExtractYear("started_at", tzinfo=UTC), month=ExtractMonth("started_at", tzinfo=UTC)
    )
    counts = months.values_list("year", "month").annotate(
        started=Counting("pk"), completed=Counting("pk", filter=Q(completed_at__isnull=False))
    )
    earned: dict[tuple[int, int], int] = {}
    if keys:
        holds = Award.objects.filter(
            learner_id=OuterRef("learner_id"), version__badge__key__in=keys, reversal__isnull=True
        )
        holders = months.filter(Exists(holds), completed_at__isnull=False).values_list("year", "month")
        earned = {(year, month): n for year, month, n in holders.annotate(n=Counting("pk"))}
    return {
        (year, month): Totals(started, completed, earned.get((year, month), 0))
        for year, month, started, completed in counts
    }


def read_funnel(
    progress: QuerySet[UnitProgress], parts: Sequence[UnitPart], totals: Totals, k: int
) -> Funnel:
    """The funnel of the whole unit."""
    started, completed, earned = guard_nested((totals.started, totals.completed, totals.earned), k)
    if started is None:
        nothing = Count(None)
        return Funnel(nothing, nothing, nothing, ())
    seconds = _seconds(progress)
    done = dict(
        PartResult.objects.filter(progress__in=progress)
        .order_by()
        .values_list("part_usage_key")
        .annotate(n=Counting("pk"))
    )
    left = _left(progress)
    steps = []
    for part in parts:
        times = seconds.get(part.usage_key, {})
        opened = sum(times.values())
        told = (totals.started, totals.completed, totals.earned, opened, done.get(part.usage_key, 0))
        _s, _c, _e, opened_shown, done_shown = guard_nested(told, k)
        left_shown = guard_nested((totals.started, left.get(part.usage_key, 0)), k)[1]
        steps.append(
            Step(
                part.usage_key,
                part.kind,
                part.title,
                counted(opened_shown, totals.started),
                counted(done_shown, totals.started),
                counted(left_shown, totals.started),
                spread(times, k),
            )
        )
    return Funnel(
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


def _left(progress: QuerySet[UnitProgress]) -> dict[str, int]:
    """For each step how many opened it, did not do it, and did not complete the unit either."""
    did = PartResult.objects.filter(progress=OuterRef("progress"), part_usage_key=OuterRef("part_usage_key"))
    rows = StepVisit.objects.filter(~Exists(did), progress__in=progress.filter(completed_at__isnull=True))
    return dict(rows.order_by().values_list("part_usage_key").annotate(n=Counting("pk")))


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
