"""Writes the log as JSON lines that :mod:`.checking` and anybody's own SHA-256 can check."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db.models import Max, Min

from .chain import canonical, link
from .checking import entries_between
from .models import AuditEntry
from .sealing import content, seal_waiting

__all__ = ["export_entries"]


def export_entries(stream: IO[bytes], *, since: datetime | None = None, until: datetime | None = None) -> int:
    """Write every entry, or the unbroken piece of the chain that holds those from *since* to before *until*.

    How many were written. Places in the chain follow the order of commits, which differs from the order of times
    by moments: a piece may begin or end with an entry that is a little outside.
    """
    seal_waiting()
    rows = AuditEntry.objects.exclude(sequence=None)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    ends = rows.aggregate(first=Min("sequence"), last=Max("sequence"))
    if ends["first"] is None:
        return 0
    count = 0
    for row in entries_between(ends["first"] - 1, ends["last"]):
        members = link(content(row), sequence=row.sequence or 0, previous=row.previous_hash)
        stream.write(canonical({**members, "hash": row.entry_hash}) + b"\n")
        count += 1
    return count
