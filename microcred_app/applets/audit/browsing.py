"""Look through the log: narrowed, a page at a time or all of it one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from ..keyset import rows_beyond
from .entry import Entry, entry_of
from .models import AuditEntry, AuditHead

__all__ = [
    "EntryFilter",
    "chain_length",
    "count_entries",
    "find_entries",
    "iterate_entries",
    "known_actions",
    "place_of",
]

#: The list's order, the newest first.
ORDER = ("at", "pk")
CHUNK = 1_000


@dataclass(frozen=True)
class EntryFilter:
    """What to look for; what is empty narrows nothing. ``until`` is the first moment that is too late.

    ``issuer_slugs`` are the organisations whose entries may be seen at all; ``None`` is every entry, those that
    belong to no organisation included.
    """

    issuer_slugs: Collection[str] | None
    action: str = ""
    object_text: str = ""
    actor_ids: Collection[int] | None = None
    since: datetime | None = None
    until: datetime | None = None


def find_entries(
    wanted: EntryFilter, *, limit: int, offset: int = 0, after: Sequence[str] | None = None
) -> tuple[Entry, ...]:
    """A page of entries, the newest first, from the one after the entry at this place on (:func:`place_of`)."""
    rows = rows_beyond(_rows(wanted), ORDER, after, descending=True)
    return tuple(map(entry_of, rows[offset : offset + limit]))


def count_entries(wanted: EntryFilter, *, most: int, after: Sequence[str] | None = None) -> int:
    """How many there are after this place; one more than *most* where there are more than that."""
    rows = rows_beyond(_rows(wanted), ORDER, after, descending=True)
    return rows.order_by()[: most + 1].count()


def place_of(entry: Entry) -> tuple[str, str]:
    """Where in the list this entry stands."""
    return entry.at.isoformat(), str(entry.id)


def iterate_entries(wanted: EntryFilter) -> Iterator[list[Entry]]:
    """All of them, the newest first, in pieces."""
    rows = iter(_rows(wanted).iterator(chunk_size=CHUNK))
    while piece := list(islice(rows, CHUNK)):
        yield list(map(entry_of, piece))


def known_actions(issuer_slugs: Collection[str] | None) -> tuple[str, ...]:
    """Every action that was ever recorded for these organisations.

    From each action the index leads to the next one, so that it costs as many steps as there are actions, however long
    the log is.
    """
    found: list[str] = []
    rows = AuditEntry.objects.order_by("action").values_list("action", flat=True)
    action = rows.first()
    while action is not None:
        found.append(action)
        action = rows.filter(action__gt=action).first()
    if issuer_slugs is None:
        return tuple(found)
    return tuple(one for one in found if _rows(EntryFilter(issuer_slugs, action=one)).order_by().exists())


def chain_length() -> int:
    """How many entries have their place in the chain: what a check has to walk."""
    return AuditHead.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0


def _rows(wanted: EntryFilter) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-at", "-id")
    if wanted.issuer_slugs is not None:
        rows = rows.filter(issuer_slug__in=list(wanted.issuer_slugs))
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.object_text:
        rows = rows.filter(object_id__icontains=wanted.object_text)
    if wanted.actor_ids is not None:
        rows = rows.filter(actor_id__in=list(wanted.actor_ids))
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows
