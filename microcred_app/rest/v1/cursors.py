"""Long lists come in pages: each names the cursor after which the next one begins.

A cursor is opaque to clients and holds nothing secret: the values by which the last item was sorted. One that was
changed, or belongs to another list, is refused in words.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from microcred_app.applets.keyset import PlaceRefused, Slice

__all__ = ["read_cursor", "slice_of", "write_cursor"]

T = TypeVar("T")
MAX_CURSOR = 1_000


def write_cursor(place: Sequence[str] | None) -> str | None:
    """The cursor of a place; none at the end of a list."""
    if place is None:
        return None
    text = json.dumps(list(place), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def read_cursor(text: str) -> tuple[str, ...] | None:
    """The place a cursor names; raises :class:`PlaceRefused` for anything else. No text is the beginning."""
    if not text:
        return None
    try:
        if len(text) > MAX_CURSOR:
            raise ValueError
        value = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise _refused() from error
    if not isinstance(value, list) or not value or not all(isinstance(part, str) for part in value):
        raise _refused()
    return tuple(value)


def slice_of(
    items: Sequence[T], key: Callable[[T], str], after: Sequence[str] | None, *, limit: int
) -> Slice[T]:
    """A slice of what is in memory already, sorted by *key*, which no two share."""
    ordered = sorted(items, key=key)
    if after is not None and len(after) != 1:
        raise _refused()
    begin = bisect_right(ordered, after[0], key=key) if after is not None else 0
    found = tuple(ordered[begin : begin + limit])
    more = begin + limit < len(ordered)
    return Slice(found, (key(found[-1]),) if more else None)


def _refused() -> PlaceRefused:
    return PlaceRefused(_("This cursor does not belong to this list. Begin again without one."))
