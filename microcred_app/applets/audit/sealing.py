"""Gives entries their place in the chain: one at a time, after the decision they tell of is committed.

An entry is written inside the transaction of its decision, so that both stand or fall together. Its place is
given in a short transaction of its own that begins when the decision is committed. Were it given inside, every
decision would hold the head of the chain locked until its own end: reviews, each of which signs a credential,
would wait for one another, and two decisions that lock the same rows in another order would end in a deadlock.

Nothing is lost in between. A process that dies after its commit leaves an entry that waits; whoever writes next,
exports or asks gives it its place. An entry that somebody else put into the table has no true digest and never
gets a place (:mod:`.checking` names it).
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import F

from .chain import GENESIS, content_of, digest, entry_hash
from .models import AuditEntry, AuditHead

__all__ = ["content", "has_true_digest", "seal_waiting"]

BATCH = 500


def content(row: AuditEntry) -> dict[str, Any]:
    """What *row* says, in the form that is hashed."""
    return content_of(
        at=row.at,
        actor=row.actor_reference,
        issuer=row.issuer_slug,
        action=row.action,
        object_type=row.object_type,
        object_id=row.object_id,
        reason=row.reason,
        details=row.details,
    )


def has_true_digest(row: AuditEntry) -> bool:
    """Whether *row* still says what it said when it was written."""
    return digest(content(row)) == row.digest


def seal_waiting() -> int:
    """Give every waiting entry its place in the chain; how many there were. Call it outside a transaction."""
    sealed = after = 0
    rows = _waiting(after)
    while rows:
        sealed += _seal_after(after)
        after = rows[-1].pk
        rows = _waiting(after) if len(rows) == BATCH else []
    return sealed


def _waiting(after: int) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(sequence=None, pk__gt=after).order_by("pk")[:BATCH])


def _seal_after(after: int) -> int:
    """Place one batch while the head is locked."""
    with transaction.atomic(durable=True):
        head = _locked_head()
        if head is not None:
            return _lengthen(head, after)
    _make_head()
    return _seal_after(after)


def _lengthen(head: AuditHead, after: int) -> int:
    sealed = 0
    # Read again, under the lock: another process may have placed some of them in the meantime.
    for row in _waiting(after):
        if not has_true_digest(row):
            continue
        sequence, previous = head.sequence + 1, head.entry_hash
        head.entry_hash = entry_hash(content(row), sequence=sequence, previous=previous)
        head.sequence = sequence
        _writable_rows().filter(pk=row.pk).update(
            sequence=sequence, previous_hash=previous, entry_hash=head.entry_hash
        )
        sealed += 1
    if sealed:
        head.save(update_fields=["sequence", "entry_hash"])
    return sealed


def _locked_head() -> AuditHead | None:
    """The head, locked until the transaction ends.

    The first statement writes. SQLite would otherwise begin as a reader and fail when it wants to write after
    somebody else did; MariaDB takes its snapshot at the first plain read, which must not be before the lock.
    """
    if not AuditHead.objects.filter(pk=1).update(sequence=F("sequence")):
        return None
    return AuditHead.objects.select_for_update().get(pk=1)


def _make_head() -> None:
    """The migration makes the head; this makes it again where somebody emptied the table."""
    last = AuditEntry.objects.exclude(sequence=None).order_by("-sequence").first()
    sequence, last_hash = (last.sequence or 0, last.entry_hash) if last else (0, GENESIS)
    AuditHead.objects.bulk_create(
        [AuditHead(pk=1, sequence=sequence, entry_hash=last_hash)], ignore_conflicts=True
    )


def _writable_rows() -> models.QuerySet[AuditEntry]:
    """Entries are append only; their place in the chain is the one thing that is given later, once."""
    return models.QuerySet[AuditEntry, AuditEntry](AuditEntry).filter(sequence=None)
