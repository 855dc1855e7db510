"""Write, read, export and check the audit log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from .browsing import (
    EntryFilter,
    chain_length,
    count_entries,
    find_entries,
    iterate_entries,
    known_actions,
    place_of,
)
from .chain import canonical, content_of, digest, plain_details
from .checking import Anchor, ChainReport, LogUnreadable, check_database, check_file
from .entry import Entry, entry_of
from .export import export_entries
from .models import AuditActor, AuditEntry
from .sealing import seal_waiting

__all__ = [
    "Anchor",
    "ChainReport",
    "Entry",
    "EntryFilter",
    "LogUnreadable",
    "chain_length",
    "check_database",
    "check_file",
    "count_entries",
    "export_entries",
    "find_entries",
    "iterate_entries",
    "known_actions",
    "list_entries",
    "place_of",
    "record",
    "seal_waiting",
]

#: More than this belongs into a table of its own, named by the entry.
MAX_DETAILS = 500_000


@transaction.atomic(savepoint=False)
def record(
    action: str,
    *,
    object_type: str,
    object_id: str,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    issuer_slug: str = "",
) -> None:
    """Write one entry in the caller's transaction, so that a decision and its trace stand or fall together.

    *issuer_slug* names the organisation that answers; its auditors see the entry. The entry gets its place in the
    chain right after the commit (:mod:`.sealing`), so no decision waits for another. An entry is a decision, not
    a consequence: what one decision does a thousand times (a back-fill, a batch) is one entry with its count and
    the batch's key in *details*.
    """
    details = plain_details(details or {})
    if len(canonical(details)) > MAX_DETAILS:
        raise ValueError(
            f"An audit entry's details end at {MAX_DETAILS} bytes; name a table that has the rest."
        )
    actor = _reference_of(actor_id) if actor_id is not None else ""
    AuditEntry.objects.create(
        at=now,
        actor_id=actor_id,
        actor_reference=actor,
        issuer_slug=issuer_slug,
        action=action,
        object_type=object_type,
        object_id=object_id,
        reason=reason,
        details=details,
        digest=digest(
            content_of(
                at=now,
                actor=actor,
                issuer=issuer_slug,
                action=action,
                object_type=object_type,
                object_id=object_id,
                reason=reason,
                details=details,
            )
        ),
    )
    # A failure here is logged and loses nothing: the entry is committed, and the next one seals it too.
    transaction.on_commit(seal_waiting, robust=True)


def list_entries(
    *,
    object_type: str = "",
    object_id: str = "",
    action: str = "",
    actor_id: int | None = None,
    issuer_slugs: Collection[str] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[Entry, ...]:
    """The newest entries: of everything, of one object, of one person, or of some organisations only."""
    rows: QuerySet[AuditEntry] = AuditEntry.objects.order_by("-at", "-id")
    if object_type:
        rows = rows.filter(object_type=object_type)
    if object_id:
        rows = rows.filter(object_id=object_id)
    if action:
        rows = rows.filter(action=action)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    if issuer_slugs is not None:
        rows = rows.filter(issuer_slug__in=list(issuer_slugs))
    return tuple(map(entry_of, rows[offset : offset + limit]))


def _reference_of(actor_id: int) -> str:
    """The random reference of this person, made when they decide something for the first time."""
    known = AuditActor.objects.filter(user_id=actor_id).values_list("reference", flat=True).first()
    if known is not None:
        return known
    # The same person may decide twice at this moment. An insert that updates when it comes second asks for the row
    # at once exclusively: several that insert plainly and read afterwards end in a deadlock.
    target = ["user"] if connection.features.supports_update_conflicts_with_target else None
    AuditActor.objects.bulk_create(
        [AuditActor(user_id=actor_id, reference=uuid4().hex)],
        update_conflicts=True,
        update_fields=["user"],
        unique_fields=target,
    )
    # A locking read sees what the other one committed; a plain one may be from before.
    return AuditActor.objects.select_for_update().get(user_id=actor_id).reference
