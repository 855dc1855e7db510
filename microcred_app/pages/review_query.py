"""The filter of the review queue as it stands in an address; what is not understood does not narrow."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from microcred_app.applets.reviews import api as reviews

__all__ = ["AGES", "read_filter", "read_place", "with_query", "write_filter"]

#: Days that the filter offers.
AGES = (1, 3, 7, 14, 30)
MAX_PLACE = 6
MAX_NUMBER = 2**31 - 1


def read_filter(query: QueryDict) -> reviews.QueueFilter:
    """What the address asks for."""
    state, sort = query.get("state", ""), query.get("sort", "")
    return reviews.QueueFilter(
        state=state if state in reviews.STATES else "waiting",
        course_key=_text(query, "course", 255),
        outcome_key=_text(query, "outcome", 150),
        reviewer_id=_number(query.get("reviewer", ""), MAX_NUMBER),
        min_days=_number(query.get("age", ""), 3650),
        text=_text(query, "q", 100),
        sort=sort if sort in reviews.SORTS else "oldest",
    )


def write_filter(wanted: reviews.QueueFilter, **changes: Any) -> str:
    """The address's query for *wanted*; only what differs from the plain queue, so that addresses stay short."""
    values = {
        "state": "" if wanted.state == "waiting" else wanted.state,
        "course": wanted.course_key,
        "outcome": wanted.outcome_key,
        "reviewer": "" if wanted.reviewer_id is None else wanted.reviewer_id,
        "age": "" if wanted.min_days is None else wanted.min_days,
        "q": wanted.text,
        "sort": "" if wanted.sort == "oldest" else wanted.sort,
    } | changes
    return urlencode({name: value for name, value in values.items() if value != ""})


def read_place(request: HttpRequest) -> tuple[str, ...] | None:
    """The place after which the page begins; none at the beginning."""
    place = tuple(request.GET.getlist("after"))[:MAX_PLACE]
    return place or None


def with_query(address: str, query: str) -> str:
    """The address with its query, if there is one."""
    return f"{address}?{query}" if query else address


def _text(query: QueryDict, name: str, longest: int) -> str:
    return query.get(name, "").replace("\x00", "").strip()[:longest]


def _number(text: str, most: int) -> int | None:
    return (
        int(text)
        if text.isascii() and text.isdigit() and int(text[:12]) <= most and len(text) <= 12
        else None
    )
