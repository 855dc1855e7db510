"""What the kept figures say of badges, pathways and units, with small groups hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from .answers import counted
from .counting import STAGES, median_minutes, percentile
from .data import Cohort, Count, StageCount
from .errors import NoInsights
from .funnel import Totals, cohorts
from .models import InsightFigure
from .steps import StepTally, kept_steps
from .suppression import guard_nested

__all__ = [
    "FigureDetail",
    "FigureLine",
    "KeptUnit",
    "count_figures",
    "figure_detail",
    "find_figures",
    "kept_stages",
    "kept_unit",
    "reader_scope",
]

#: In this order it is decided what may be shown: what is asked for most comes first.
WANTED = ("started", "earned", "shared", "claimed", "checked", "evidenced")
#: From so many starters on a unit's totals are those that are kept, if they are not older than this.
LARGE = 2_000
STALE = timedelta(days=2)
#: Parts of the learners within which time is told.
SHARES = (0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class FigureLine:
    """A badge, pathway or unit with how far learners come, and half of them within how many minutes."""

    kind: str
    key: str
    title: str
    course_key: str
    issuer_slug: str
    stages: tuple[StageCount, ...]
    median: int | None
    counted_at: datetime


@dataclass(frozen=True)
class FigureDetail:
    """The same with percentiles (share and minutes) and with groups of learners by the month in which they began."""

    line: FigureLine
    group: int
    percentiles: tuple[tuple[float, int | None], ...]
    cohorts: tuple[Cohort, ...]


def reader_scope(actor_id: int) -> permissions.Scope:
    """The organisations whose figures this person reads; raises NotAllowed when there is none."""
    return permissions.require_somewhere(actor_id, permissions.Action.VIEW_AWARDS)


def count_figures(actor_id: int, kind: str) -> int:
    """How many lines :func:`find_figures` has."""
    return _rows(reader_scope(actor_id), kind).count()


def find_figures(actor_id: int, kind: str, *, limit: int, offset: int = 0) -> tuple[FigureLine, ...]:
    """Badges or pathways of the reader's organisations, those with most learners first."""
    rows = _rows(reader_scope(actor_id), kind).order_by("-started", "key")
    k = settings().insights_min_group
    return tuple(_line(row, k) for row in rows[offset : offset + limit])


def figure_detail(actor_id: int, kind: str, key: str) -> FigureDetail:
    """One badge or pathway; raises NoInsights when it is not of the reader's organisations."""
    row = _rows(reader_scope(actor_id), kind).filter(key=key).first()
    if row is None:
        raise NoInsights(
            _(
                "There are no figures of this for you. They are counted some minutes after something was published."
            )
        )
    return _detail(row)


@dataclass(frozen=True)
class KeptUnit:
    """What was counted about a unit and when. Totals by month and steps are there for large units that were counted
    lately; a small one is counted for each page, and then they are None."""

    counted_at: datetime
    figures: Mapping[str, Any]
    months: Mapping[tuple[int, int], Totals] | None = None
    steps: StepTally | None = None


def kept_unit(unit_key: str, *, now: datetime) -> KeptUnit | None:
    """The kept figures of the unit; None where there are none yet."""
    row = InsightFigure.objects.filter(kind=InsightFigure.UNIT, key=unit_key).first()
    if row is None:
        return None
    if row.started < LARGE or row.counted_at <= now - STALE:
        return KeptUnit(row.counted_at, row.figures)
    steps = row.figures.get("steps")
    return KeptUnit(row.counted_at, row.figures, _months(row.figures), kept_steps(steps) if steps else None)


def kept_stages(kept: KeptUnit, totals: Totals, k: int) -> tuple[StageCount, ...]:
    """Stages of a unit that are only kept, not counted for a page, beside *totals* that the page shows."""
    told = guard_nested((totals.started, totals.completed, totals.earned), k)
    if told[0] is None:
        return ()
    sums = _totals(kept.figures["cells"].values())
    names = ("shared", "claimed", "checked", "evidenced")
    shown = guard_nested(
        (totals.started, totals.completed, totals.earned, *(sums[name] for name in names)), k
    )[3:]
    found = dict(zip(names, shown, strict=True))
    asked = {"checked": kept.figures.get("checks", True), "evidenced": kept.figures.get("evidence", True)}
    return tuple(
        StageCount(name, counted(found[name], totals.started), asked.get(name, True))
        for name in STAGES
        if name in found
    )


def _rows(scope: permissions.Scope, kind: str) -> Any:
    rows = InsightFigure.objects.filter(kind=kind if kind in ("badge", "pathway") else "")
    return rows if scope.everywhere else rows.filter(issuer_slug__in=scope.issuer_slugs)


def _line(row: InsightFigure, k: int) -> FigureLine:
    return FigureLine(
        row.kind,
        row.key,
        row.title,
        row.course_key,
        row.issuer_slug,
        _stages(row.figures, k),
        median_minutes(row.figures["times"], k),
        row.counted_at,
    )


def _detail(row: InsightFigure) -> FigureDetail:
    k = settings().insights_min_group
    line = _line(row, k)
    times = row.figures["times"]
    reached = [median_minutes(times, k) if share == 0.5 else percentile(times, share, k) for share in SHARES]
    shown = line.stages[0].count.number is not None
    return FigureDetail(
        line, k, tuple(zip(SHARES, reached, strict=True)), cohorts(_months(row.figures), k) if shown else ()
    )


def _months(figures: Mapping[str, Any]) -> dict[tuple[int, int], Totals]:
    """Of units ``completed`` is who completed, of everything else who earned it and who put it into a wallet."""
    completed = figures.get("completed")
    return {
        (int(month[:4]), int(month[5:])): Totals(
            cell[0],
            completed.get(month, 0) if completed is not None else cell[3],
            cell[3 if completed is not None else 5],
        )
        for month, cell in figures["cells"].items()
    }


def _stages(figures: Mapping[str, Any], k: int) -> tuple[StageCount, ...]:
    totals = _totals(figures["cells"].values())
    shown = dict(zip(WANTED, guard_nested([totals[name] for name in WANTED], k), strict=True))
    asked = {"checked": figures.get("checks", True), "evidenced": figures.get("evidence", True)}
    few = shown["started"] is None
    return tuple(
        StageCount(
            name,
            Count(None) if few else _count(name, shown[name], totals["started"]),
            asked.get(name, True),
        )
        for name in STAGES
    )


def _count(name: str, number: int | None, whole: int) -> Count:
    return Count(number) if name == "started" else counted(number, whole)


def _totals(cells: Sequence[Sequence[int]] | Any) -> dict[str, int]:
    return {name: sum(cell[place] for cell in cells) for place, name in enumerate(STAGES)}
