"""What the address of a list asks for: a page number, days, words. Nothing typed there can be an error 500."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from microcred_app.applets.keyset import PlaceRefused

__all__ = [
    "MOST_COUNTED",
    "PAGE_SIZE",
    "DayRange",
    "Paging",
    "read_days",
    "read_numbered",
    "read_paging",
    "read_words",
]

PAGE_SIZE = 50
#: Of a list that grows with the site so many rows are counted and numbered; it goes on from the last of them, so that
#: no page costs more than this many rows. A multiple of the size of a page.
MOST_COUNTED = 5_000
T = TypeVar("T")


@dataclass(frozen=True)
class Paging:
    """Where in a list of *count* rows this page stands, and how its neighbours are asked for.

    ``more`` says that there are more rows than are counted. ``newest`` is the address of the beginning of
    the list, where this part of it begins after a row that was on another page.
    """

    number: int
    pages: int
    count: int
    offset: int
    earlier: str
    later: str
    more: bool = False
    newest: str = ""

    @property
    def first(self) -> int:
        """Number of the first row on this page, from 1; 0 when there is none."""
        return min(self.offset + 1, self.count)

    @property
    def last(self) -> int:
        """Number of the last row on this page."""
        return min(self.offset + PAGE_SIZE, self.count)


@dataclass(frozen=True)
class DayRange:
    """Days as typed, the moments they mean, and what is wrong with them. The last day counts to its end."""

    since_text: str
    until_text: str
    since: datetime | None
    until: datetime | None
    problem: str


def read_paging(request: HttpRequest, count: int, *, most: int | None = None) -> Paging:
    """The page that was asked for, or the nearest there is. With *most*, a *count* above it means more than that."""
    more = most is not None and count > most
    count = min(count, most) if most is not None else count
    pages = max(1, -(-count // PAGE_SIZE))
    text = request.GET.get("page", "1")[:9]
    number = min(pages, max(1, int(text) if text.isascii() and text.isdigit() else 1))
    return Paging(
        number=number,
        pages=pages,
        count=count,
        offset=(number - 1) * PAGE_SIZE,
        earlier=_neighbour(request, number - 1) if number > 1 else "",
        later=_neighbour(request, number + 1) if number < pages else "",
        more=more,
        newest=f"?{_query(request, after=None, page=None)}" if "after" in request.GET else "",
    )


def read_numbered(
    request: HttpRequest,
    *,
    count: Callable[..., int],
    find: Callable[..., tuple[T, ...]],
    place_of: Callable[[T], Sequence[str]],
) -> tuple[Paging, tuple[T, ...]]:
    """One page of a list that grows with the site: its numbers, and its rows.

    *count* is asked with ``most`` and ``after``, *find* with ``limit``, ``offset`` and ``after``. A place in the
    address that is none of this list is its beginning.
    """
    text = request.GET.get("after", "")[:200]
    after = tuple(text.split("~")) if text else None
    try:
        counted = count(most=MOST_COUNTED, after=after)
    except PlaceRefused:
        after, counted = None, count(most=MOST_COUNTED, after=None)
    paging = read_paging(request, counted, most=MOST_COUNTED)
    found = find(limit=PAGE_SIZE, offset=paging.offset, after=after)
    if found and paging.more and not paging.later:  # it goes on after the last row that has a number
        later = _query(request, after="~".join(place_of(found[-1])), page=None)
        paging = replace(paging, later=later)
    return paging, found


def read_words(request: HttpRequest, name: str = "q") -> str:
    """A text without what no database takes, of a length that somebody types."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def read_days(request: HttpRequest) -> DayRange:
    """The days ``since`` and ``until``, both included, in UTC."""
    texts = request.GET.get("since", "").strip()[:40], request.GET.get("until", "").strip()[:40]
    moments: list[datetime | None] = [None, None]
    problem = ""
    for place, text in enumerate(texts):
        try:
            moments[place] = datetime.combine(date.fromisoformat(text), time(), UTC) if text else None
        except ValueError:
            problem = _("“{text}” is no day. Write it as in 2026-03-31.").format(text=text)
    since, until = moments
    if not problem and since and until and until < since:
        problem = _("The last day lies before the first. Swap them.")
    if until is not None and until.date() < date.max:
        until += timedelta(days=1)
    return DayRange(*texts, since=since, until=until, problem=problem)


def _neighbour(request: HttpRequest, number: int) -> str:
    return _query(request, page=str(number))


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The query of this request with these parameters set, or taken out where there is no value."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return query.urlencode()
