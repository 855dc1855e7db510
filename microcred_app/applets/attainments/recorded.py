"""Reported facts with who recorded them and why, in slices: for lists of people who answer for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ..keyset import Slice, slice_after
from .models import ReportedFact

__all__ = ["RecordedFact", "find_recorded", "page_recorded"]


@dataclass(frozen=True)
class RecordedFact:
    """A fact that counts, and who says so."""

    id: str
    learner_id: int
    key: str
    role: str
    at: datetime
    reason: str
    recorded_at: datetime
    recorded_by: int | None


def page_recorded(
    kind: str,
    things: Collection[tuple[str, str]] | None,
    *,
    learner_id: int | None = None,
    after: Sequence[str] | None = None,
    limit: int = 50,
) -> Slice[RecordedFact]:
    """Facts of one kind that count, newest record first; only about these pairs of key and role, unless ``None``."""
    rows = ReportedFact.objects.filter(kind=kind, counts=True, correction__isnull=True)
    if things is not None:
        wanted = Q(pk__in=[])
        for key, role in sorted(things):
            wanted |= Q(key=key, role=role)
        rows = rows.filter(wanted)
    if learner_id is not None:
        rows = rows.filter(learner_id=learner_id)
    found, place = slice_after(rows, ("recorded_at", "pk"), after, limit=limit, descending=True)
    return Slice(tuple(map(_recorded, found)), place)


def find_recorded(kind: str, fact_id: str) -> RecordedFact | None:
    """One fact of this kind that counts."""
    try:
        pk = UUID(fact_id)
    except ValueError:
        return None
    row = ReportedFact.objects.filter(pk=pk, kind=kind, counts=True, correction__isnull=True).first()
    return _recorded(row) if row else None


def _recorded(row: ReportedFact) -> RecordedFact:
    return RecordedFact(
        id=str(row.pk),
        learner_id=row.learner_id,
        key=row.key,
        role=row.role,
        at=row.at,
        reason=row.reason,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by_id,
    )
