"""Facts that somebody else may take back: what to ask about them again, and when.

A row is due from ``check_at`` on. Whoever asks first moves that moment ahead, so that two workers do not ask the same
at once and a worker that dies leaves a row that is due again. What was asked and could not be answered changes nothing
about the fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .models import FactWatch

__all__ = ["WatchedFact", "claim_watched", "note_clear", "note_unclear", "watch_fact"]


@dataclass(frozen=True)
class WatchedFact:
    """A fact to be asked about: ``subject`` is what the question needs."""

    fact_id: str
    learner_id: int
    key: str
    subject: Mapping[str, Any]
    unclear_since: datetime | None


def watch_fact(fact_id: str, subject: Mapping[str, Any], *, check_at: datetime) -> None:
    """Ask about this fact again from *check_at* on."""
    FactWatch.objects.update_or_create(
        fact_id=fact_id, defaults={"subject": dict(subject), "check_at": check_at, "unclear_since": None}
    )


def claim_watched(now: datetime, *, until: datetime) -> WatchedFact | None:
    """The fact that waits longest, nobody else's before *until*; None when none is due. One that ended is forgotten."""
    due = FactWatch.objects.filter(check_at__lte=now).select_related("fact").order_by("check_at", "pk")
    for row in due[:20]:
        if hasattr(row.fact, "correction") or (row.fact.until is not None and row.fact.until <= now):
            row.delete()
            continue
        if FactWatch.objects.filter(pk=row.pk, check_at=row.check_at).update(check_at=until):
            return WatchedFact(
                str(row.fact_id), row.fact.learner_id, row.fact.key, row.subject, row.unclear_since
            )
    return None


def note_clear(fact_id: str, *, now: datetime, check_at: datetime) -> None:
    """It counts as before; ask again from *check_at* on."""
    FactWatch.objects.filter(fact=UUID(fact_id)).update(checked_at=now, check_at=check_at, unclear_since=None)


def note_unclear(fact_id: str, *, since: datetime, check_at: datetime) -> None:
    """It could not be asked, the first time at *since*; try again from *check_at* on."""
    FactWatch.objects.filter(fact=UUID(fact_id)).update(check_at=check_at, unclear_since=since)
