"""Skills by course: who shows what where, and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from microcred_app.compat import platform
from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from ..authoring.models import OutcomeSource
from ..badges import api as badges
from ..skills.models import Outcome
from .answers import counted
from .counting import median_minutes
from .data import Count
from .figures import reader_scope
from .models import InsightFigure
from .suppression import guard_nested

__all__ = ["Coverage", "Gap", "SkillLine", "coverage"]

#: Courses beside one another, those with most learners; the sheet and the interface have all.
COLUMNS = 6
#: Names in each list of what is missing.
LISTED = 200


@dataclass(frozen=True)
class SkillLine:
    """A skill: who holds it at all, and in each course who showed it, of those who began a unit for it there."""

    key: str
    title: str
    holders: Count
    median: int | None
    cells: tuple[Count | None, ...]


@dataclass(frozen=True)
class Gap:
    """Things that something is missing of: ``no_unit`` and ``no_holder`` are skills, ``no_skill`` outcomes."""

    code: str
    names: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Coverage:
    """Skills of the reader's organisations by course; ``others`` are courses that have no column."""

    group: int
    courses: tuple[tuple[str, str], ...]
    others: int
    lines: tuple[SkillLine, ...]
    count: int
    gaps: tuple[Gap, ...]


def coverage(actor_id: int, *, limit: int = 50, offset: int = 0, columns: int | None = COLUMNS) -> Coverage:
    """Skills that badges of the reader's organisations are about; all of them for whoever sees everything."""
    scope = reader_scope(actor_id)
    rows = InsightFigure.objects.filter(kind=InsightFigure.SKILL).order_by("-started", "key")
    if not scope.everywhere:
        rows = rows.filter(key__in=_own_skills(scope))
    found = list(rows[offset : offset + limit])
    weight: Counter[str] = Counter()
    for row in found:
        weight.update({course: began for course, (began, _did) in row.figures["courses"].items()})
    keys = [key for key, _n in weight.most_common(columns)]
    k = settings().insights_min_group
    return Coverage(
        k,
        tuple((key, platform().course_title(key)) for key in keys),
        len(weight) - len(keys),
        tuple(_line(row, keys, k) for row in found),
        rows.count(),
        _gaps(scope),
    )


def _own_skills(scope: permissions.Scope) -> list[str]:
    current = badges.current_definitions().by_key.values()
    return sorted({key for badge in current if scope.covers(badge.issuer.slug) for key in badge.skill_keys})


def _line(row: InsightFigure, courses: list[str], k: int) -> SkillLine:
    figures = row.figures
    cells = [figures["courses"].get(key) for key in courses]
    known = [number for cell in cells if cell for number in cell]
    holders, *shown = guard_nested((figures["holders"], *known), k)
    rest = iter(shown)
    told: list[Count | None] = []
    for cell in cells:
        if not cell:
            told.append(None)
            continue
        began, did = next(rest), next(rest)
        told.append(Count(None) if began is None else counted(did, cell[0]))
    return SkillLine(row.key, row.title, Count(holders), median_minutes(figures["times"], k), tuple(told))


def _gaps(scope: permissions.Scope) -> tuple[Gap, ...]:
    rows = InsightFigure.objects.filter(kind=InsightFigure.SKILL)
    if not scope.everywhere:
        rows = rows.filter(key__in=_own_skills(scope))
    no_unit, no_holder = [], []
    # A unit that nobody has begun has no figures, and proves the skill all the same.
    offered = OutcomeSource.objects.filter(retired_at=None).values("outcome_key")
    proven = set(Outcome.objects.filter(key__in=offered).values_list("skill__key", flat=True))
    for key, title, units, holders in rows.order_by("title").values_list(
        "key", "title", "figures__units", "figures__holders"
    ):
        if not units and key not in proven:
            no_unit.append(title)
        if not holders:
            no_holder.append(title)
    unaligned = Outcome.objects.filter(skill=None).order_by("statement").values_list("statement", flat=True)
    found = [("no_unit", no_unit), ("no_holder", no_holder)]
    if scope.everywhere:
        found.append(("no_skill", list(unaligned[: LISTED + 1])))
    return tuple(Gap(code, tuple(names[:LISTED]), len(names)) for code, names in found)
