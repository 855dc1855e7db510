"""The tables of insights as sheets. What is hidden says so, in a word that no formula takes for a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.insights import api as insights

from ..shell import person_id, registrar_page
from .sheets import stream_sheet

__all__ = ["insight_sheet_urls"]

Row = tuple[object, ...]
Table = tuple[tuple[str, ...], Iterator[Row]]
HIDDEN = "hidden"
AT_ONCE = 500


@require_safe
@never_cache
@registrar_page
def sheet(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the tables, all of its rows."""
    make = _SHEETS.get(name)
    if make is None:
        raise Http404
    header, rows = make(person_id(request))
    return stream_sheet(f"insights-{name}", header, rows)


def _ways(kind: str) -> Callable[[int], Table]:
    def make(person: int) -> Table:
        insights.count_figures(person, kind)  # whoever may not read is refused before the sheet begins
        return ("key", "title", "organisation", *insights.STAGES, "median minutes", "counted at"), rows(
            person
        )

    def rows(person: int) -> Iterator[Row]:
        offset = 0
        while lines := insights.find_figures(person, kind, limit=AT_ONCE, offset=offset):
            for line in lines:
                stages = [_number(stage.count) if stage.asked else "" for stage in line.stages]
                median = HIDDEN if line.median is None else line.median
                yield (line.key, line.title, line.issuer_slug, *stages, median, line.counted_at.isoformat())
            offset += AT_ONCE

    return make


def _skills(person: int) -> Table:
    """One line for each skill and course: a table that other programs turn as they like."""
    found = insights.coverage(person, limit=100_000, columns=None)

    def rows() -> Iterator[Row]:
        for line in found.lines:
            yield (line.key, line.title, "", "", _number(line.holders), None)
            for (key, title), cell in zip(found.courses, line.cells, strict=True):
                if cell is not None:
                    yield (line.key, line.title, key, title, _number(cell), _share(cell))

    return ("skill", "title", "course", "course title", "learners", "share of those who began"), rows()


def _profiles(person: int) -> Table:
    lines = insights.list_profiles(person)

    def rows() -> Iterator[Row]:
        for line in lines:
            for number, count in line.ready:
                yield (
                    line.key,
                    line.title,
                    f"{number} of {len(line.skills)} skills",
                    _number(count),
                    _share(count),
                )
            for _key, name, count in line.skills:
                yield (line.key, line.title, name, _number(count), _share(count))

    return ("profile", "title", "about", "learners", "share"), rows()


def _worth(person: int) -> Table:
    found = insights.badge_worth(person)
    rows = (
        (line.key, line.title, _number(line.earned), line.minutes, " ".join(line.notes), " ".join(line.alike))
        for line in found.lines
    )
    return ("badge", "title", "learners", "minutes", "notes", "nearly the same as"), iter(rows)


def _ending(person: int) -> Table:
    lines = insights.ending_soon(person, timezone.now())
    header = ("badge", "title", *(f"within {days} days" for days in insights.ENDING_DAYS))
    return header, iter((line.key, line.title, *line.within) for line in lines)


def _number(count: insights.Count) -> object:
    return HIDDEN if count.number is None else count.number


def _share(count: insights.Count) -> object:
    return HIDDEN if count.share is None else round(count.share, 4)


_SHEETS: dict[str, Callable[[int], Table]] = {
    "badge": _ways("badge"),
    "pathway": _ways("pathway"),
    "skills": _skills,
    "profiles": _profiles,
    "worth": _worth,
    "ending": _ending,
}

insight_sheet_urls = [path("registrar/insights/<slug:name>.csv", sheet, name="registrar-insights-csv")]
