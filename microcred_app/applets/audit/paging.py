"""The audit log in slices."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..keyset import Slice, slice_after
from .api import Entry
from .entry import entry_of
from .models import AuditEntry

__all__ = ["page_entries"]


def page_entries(
    *,
    issuer_slugs: Collection[str] | None,
    action: str = "",
    object_type: str = "",
    object_id: str = "",
    after: Sequence[str] | None = None,
    limit: int = 50,
) -> Slice[Entry]:
    """Entries, newest first, for which these organisations answer (``None``: all of them)."""
    rows = AuditEntry.objects.all()
    if issuer_slugs is not None:
        rows = rows.filter(issuer_slug__in=list(issuer_slugs))
    wanted = {"action": action, "object_type": object_type, "object_id": object_id}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    found, place = slice_after(rows, ("at", "pk"), after, limit=limit, descending=True)
    return Slice(tuple(map(entry_of, found)), place)
