"""Write and read the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import AuditEntry

__all__ = ["Entry", "list_entries", "record"]


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    at: datetime
    actor_id: int | None
    action: str
    object_type: str
    object_id: str
    reason: str
    details: Mapping[str, Any]


def record(
    action: str,
    *,
    object_type: str,
    object_id: str,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry in the caller's transaction, so that a decision and its trace stand or fall together."""
    AuditEntry.objects.create(
        at=now,
        actor_id=actor_id,
        action=action,
        object_type=object_type,
        object_id=object_id,
        reason=reason,
        details=dict(details or {}),
    )


def list_entries(*, object_type: str = "", object_id: str = "", limit: int = 100) -> tuple[Entry, ...]:
    """The newest entries, of one object or of everything."""
    rows = AuditEntry.objects.order_by("-at", "-id")
    if object_type:
        rows = rows.filter(object_type=object_type, object_id=object_id)
    return tuple(
        Entry(row.at, row.actor_id, row.action, row.object_type, row.object_id, row.reason, row.details)
        for row in rows[:limit]
    )
