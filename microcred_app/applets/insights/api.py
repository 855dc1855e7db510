"""What other rooms may ask of the insights room. Every function first asks whether the person is on the team."""

from __future__ import annotations

from django.db.models import Count as Counting
from django.db.models import Max, Q

from microcred_app.compat import platform
from microcred_app.conf import settings

from ..attainments.models import UnitProgress
from ..authoring.models import OutcomeSource
from .access import courses_with_insights, require_team
from .answers import counted
from .checks import CheckPart, check_insights
from .data import (
    AnswerLine,
    AnswerTable,
    CheckInsight,
    Cohort,
    Count,
    CourseInsights,
    Criterion,
    Funnel,
    Step,
    TaskInsight,
    UnitInsights,
    UnitLine,
)
from .errors import NoInsights
from .funnel import by_month, cohorts, parts_of, progress_of, read_funnel, totals_of
from .funnel import started as started_only
from .judgements import task_insights
from .statistics import Spread
from .suppression import guard_nested

__all__ = [
    "AnswerLine",
    "AnswerTable",
    "CheckInsight",
    "Cohort",
    "Count",
    "CourseInsights",
    "Criterion",
    "Funnel",
    "NoInsights",
    "Spread",
    "Step",
    "TaskInsight",
    "UnitInsights",
    "UnitLine",
    "course_insights",
    "courses_with_insights",
    "unit_insights",
]

MOST_UNITS = 1_000


def course_insights(actor_id: int, course_key: str) -> CourseInsights:
    """The units of a course that somebody started or an author saved, by title."""
    require_team(actor_id, course_key)
    k = settings().insights_min_group
    rows = (
        started_only(UnitProgress.objects.filter(course_key=course_key))
        .order_by()
        .values_list("unit_usage_key")
    )
    counts = rows.annotate(
        started=Counting("pk"),
        completed=Counting("pk", filter=Q(completed_at__isnull=False)),
        called=Max("title"),
    )
    found = {key: (title, started, completed) for key, started, completed, title in counts[:MOST_UNITS]}
    saved = OutcomeSource.objects.filter(course_key=course_key, retired_at=None)
    for key, title in saved.values_list("usage_key", "title")[:MOST_UNITS]:
        _title, started, completed = found.get(key, ("", 0, 0))
        found[key] = (title, started, completed)
    lines = []
    for key, (title, started, completed) in found.items():
        started_shown, completed_shown = guard_nested((started, completed), k)
        known = started_shown is not None
        lines.append(
            UnitLine(
                key,
                title or key,
                Count(started_shown),
                counted(completed_shown if known else None, started),
            )
        )
    return CourseInsights(
        course_key,
        platform().course_title(course_key),
        k,
        tuple(sorted(lines, key=lambda line: (line.title.casefold(), line.usage_key))),
    )


def unit_insights(actor_id: int, course_key: str, unit_usage_key: str) -> UnitInsights:
    """Everything about one unit, read inside this course: of a unit that stands elsewhere nothing is found."""
    require_team(actor_id, course_key)
    k = settings().insights_min_group
    progress = progress_of(course_key, unit_usage_key)
    outcome_key, title, parts = parts_of(progress)
    if not title:
        saved = OutcomeSource.objects.filter(course_key=course_key, usage_key=unit_usage_key)
        title = saved.values_list("title", flat=True).first() or ""
    months = by_month(progress, outcome_key) if parts else {}
    totals = totals_of(months)
    funnel = read_funnel(progress, parts, totals, k)
    asked = (
        parts if funnel.started.number else ()
    )  # of a few starters nothing is told, not even that they did nothing
    checks = [CheckPart(part.usage_key, part.title) for part in asked if part.kind in ("check", "practice")]
    words = platform().questions_of(course_key, unit_usage_key) if checks else {}
    return UnitInsights(
        course_key=course_key,
        course_title=platform().course_title(course_key),
        usage_key=unit_usage_key,
        title=title,
        group=k,
        funnel=funnel,
        cohorts=cohorts(months, k),
        checks=check_insights(
            course_key, checks, words, k, told=(totals.started, totals.completed, totals.earned)
        ),
        tasks=task_insights(
            course_key,
            unit_usage_key,
            {part.usage_key: part.title for part in parts if part.kind == "evidence"},
            k,
        ),
    )
