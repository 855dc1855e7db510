"""What the address of a list asks for: a page number, days, words. Nothing typed there can be an error 500."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

__all__ = ["PAGE_SIZE", "DayRange", "Paging", "read_days", "read_paging", "read_words"]

PAGE_SIZE = 50
MAX_PAGE = 1_000_000


@dataclass(frozen=True)
class Paging:
    """Where in a list of *count* rows this page stands, and how its neighbours are asked for."""

    number: int
    pages: int
    count: int
    offset: int
    earlier: str
    later: str

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


def read_paging(request: HttpRequest, count: int) -> Paging:
    """The page that was asked for, or the nearest there is."""
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
    )


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
    query = request.GET.copy()
    query["page"] = str(number)
    return query.urlencode()
