"""One line of the log, as other rooms see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import AuditEntry

__all__ = ["Entry", "entry_of"]


@dataclass(frozen=True)
class Entry:
    """One line of the log. ``sequence`` is empty for the moment until the entry has its place."""

    at: datetime
    actor_id: int | None
    action: str
    object_type: str
    object_id: str
    reason: str
    details: Mapping[str, Any]
    issuer_slug: str = ""
    sequence: int | None = None
    entry_hash: str = ""
    actor_reference: str = ""
    id: int = 0


def entry_of(row: AuditEntry) -> Entry:
    """A row as a value."""
    return Entry(
        at=row.at,
        actor_id=row.actor_id,
        action=row.action,
        object_type=row.object_type,
        object_id=row.object_id,
        reason=row.reason,
        details=row.details,
        issuer_slug=row.issuer_slug,
        sequence=row.sequence,
        entry_hash=row.entry_hash,
        actor_reference=row.actor_reference,
        id=row.pk,
    )
