"""What other rooms may ask of the insights room. Every function first asks whether the person is on the team."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count as Counting
from django.db.models import Max, Q
from django.utils import timezone

from microcred_app.compat import platform
from microcred_app.conf import settings

from ..attainments.models import UnitProgress
from ..authoring.models import OutcomeSource
from .access import courses_with_insights, require_team
from .answers import counted
from .checks import CheckPart, check_insights
from .counting import STAGES
from .coverage import Coverage, Gap, SkillLine, coverage
from .data import (
    AnswerLine,
    AnswerTable,
    CheckInsight,
    Cohort,
    Count,
    CourseInsights,
    Criterion,
    Funnel,
    StageCount,
    Step,
    TaskInsight,
    UnitInsights,
    UnitLine,
)
from .errors import NoInsights, ProfileRefused
from .figures import (
    FigureDetail,
    FigureLine,
    count_figures,
    figure_detail,
    find_figures,
    kept_stages,
    kept_unit,
)
from .funnel import Totals, by_month, cohorts, parts_of, progress_of, read_funnel, totals_of
from .funnel import started as started_only
from .judgements import task_insights
from .profiles import MOST_SKILLS, ProfileLine, drop_profile, list_profiles, store_profile
from .refreshing import Refreshed, refresh_due, refresh_figures, refresh_recent
from .statistics import Spread
from .suppression import guard_nested
from .worth import ENDING_DAYS, EndingLine, Worth, WorthLine, badge_worth, ending_soon

__all__ = [
    "ENDING_DAYS",
    "MOST_SKILLS",
    "STAGES",
    "AnswerLine",
    "AnswerTable",
    "CheckInsight",
    "Cohort",
    "Count",
    "CourseInsights",
    "Coverage",
    "Criterion",
    "EndingLine",
    "FigureDetail",
    "FigureLine",
    "Funnel",
    "Gap",
    "NoInsights",
    "ProfileLine",
    "ProfileRefused",
    "Refreshed",
    "SkillLine",
    "Spread",
    "StageCount",
    "Step",
    "TaskInsight",
    "UnitInsights",
    "UnitLine",
    "Worth",
    "WorthLine",
    "badge_worth",
    "count_figures",
    "course_insights",
    "courses_with_insights",
    "coverage",
    "drop_profile",
    "ending_soon",
    "figure_detail",
    "find_figures",
    "list_profiles",
    "refresh_due",
    "refresh_figures",
    "refresh_recent",
    "store_profile",
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
    kept = kept_unit(unit_usage_key, now=timezone.now()) if parts else None
    months: Mapping[tuple[int, int], Totals] = {}
    if parts:
        large = kept.months if kept else None
        months = large if large is not None else by_month(progress, outcome_key)
    totals = totals_of(months)
    further = kept_stages(kept, totals, k) if kept else ()
    funnel = read_funnel(progress, parts, totals, k, kept.steps if kept else None)
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
        further=further,
        as_of=kept.counted_at if kept and kept.months is not None else None,
        counted_at=kept.counted_at if kept and further else None,
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
