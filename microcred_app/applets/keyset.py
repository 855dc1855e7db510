"""Long lists in slices that neither skip nor repeat a row while others are written.

A slice ends with the values by which its last row was sorted; the next one begins right after them. So a page far
down costs what the first one costs, which an offset does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from microcred_app.errors import MicrocredError

__all__ = ["PlaceRefused", "Slice", "rows_beyond", "slice_after"]

T = TypeVar("T")
Place = tuple[str, ...]
#: The largest number that a column of a database holds.
MOST = 2**63 - 1


class PlaceRefused(MicrocredError):
    """Nothing can be found after this place: it is none of this list."""

    code = "cursor_refused"


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Some items, and the place after which the next ones begin; none at the end of the list."""

    items: tuple[T, ...]
    next: Place | None = None


def slice_after(
    rows: QuerySet[Any], fields: Sequence[str], after: Sequence[str] | None, *, limit: int, descending: bool
) -> tuple[list[Any], Place | None]:
    """At most *limit* rows ordered by *fields*, of which the last is unique, and the place where they end.

    Raises :class:`PlaceRefused` for a place that is none of this list.
    """
    sign = "-" if descending else ""
    rows = rows.order_by(*(f"{sign}{field}" for field in fields))
    rows = rows_beyond(rows, fields, after, descending=descending)
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], tuple(str(_value(last, field)) for field in fields)


def rows_beyond(
    rows: QuerySet[Any], fields: Sequence[str], after: Sequence[str] | None, *, descending: bool
) -> QuerySet[Any]:
    """Those of *rows* after this place; raises :class:`PlaceRefused` for a place that is none of this list."""
    return rows if after is None else rows.filter(_beyond(rows, fields, after, "lt" if descending else "gt"))


def _beyond(rows: QuerySet[Any], fields: Sequence[str], after: Sequence[str], sense: str) -> Q:
    values = _read(rows, fields, after)
    condition = Q()
    for place, field in enumerate(fields):
        equal = dict(zip(fields[:place], values, strict=False))
        condition |= Q(**equal, **{f"{field}__{sense}": values[place]})
    return condition


def _read(rows: QuerySet[Any], fields: Sequence[str], after: Sequence[str]) -> list[Any]:
    if len(after) != len(fields) or any("\x00" in text for text in after):
        raise _refused()
    try:
        values = [_field(rows, name).to_python(text) for name, text in zip(fields, after, strict=True)]
    except (ValidationError, ValueError, OverflowError) as error:
        raise _refused() from error
    if any(isinstance(value, int) and abs(value) > MOST for value in values):
        raise _refused()  # no column holds it, and not every version of Django says so by itself
    return values


def _field(rows: QuerySet[Any], name: str) -> Any:
    return rows.model._meta.pk if name == "pk" else rows.model._meta.get_field(name)


def _value(row: Any, name: str) -> Any:
    return row.pk if name == "pk" else getattr(row, name)


def _refused() -> PlaceRefused:
    return PlaceRefused(_("This cursor does not belong to this list. Begin again without one."))
