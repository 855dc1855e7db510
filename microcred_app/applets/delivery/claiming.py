"""Take due rows of an outbox table for one worker: many at once, each for one worker only.

Two statements per batch whatever its size: one finds due rows, one conditional update takes those of them that
nobody took meanwhile. Where the database can pass over rows that others are taking (PostgreSQL, MySQL 8, MariaDB
10.6), two workers do not wait for each other. Rows whose lease ran out are taken one by one: each needs a note of
the try that was lost with its worker.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.db.models import F, Q

from microcred_app.conf import settings

__all__ = ["claim_rows", "lease"]


def lease() -> timedelta:
    """How long a worker may be silent about a row before others take it."""
    return timedelta(seconds=settings().delivery_lease_seconds)


def claim_rows(
    model: type[models.Model],
    *,
    now: datetime,
    limit: int,
    worker: str,
    wanted: Q,
    note_lost: Callable[[UUID, dict[str, Any]], None],
) -> str:
    """Claim up to *limit* due rows of *model* that are *wanted*; the token that they carry now.

    *wanted* must not join other tables: what is joined would be locked as well, and other workers would then pass
    over every row of the same host. *note_lost* is called, in the same transaction, for each row that another
    worker lost.
    """
    rows = model._default_manager
    token = uuid4().hex
    taken = {
        "state": "claimed",
        "claim_token": token,
        "claimed_at": now,
        "claimed_by": worker,
        "lease_until": now + lease(),
        "attempts": F("attempts") + 1,
    }
    waiting = Q(state="pending", next_attempt_at__lte=now)
    with transaction.atomic():
        found = rows.filter(waiting & wanted).order_by("next_attempt_at")
        if connection.features.has_select_for_update_skip_locked:
            found = found.select_for_update(skip_locked=True)
        ids = list(found.values_list("pk", flat=True)[:limit])
        if ids:
            rows.filter(waiting, pk__in=ids).update(**taken)
    left = limit - len(ids)
    if left > 0:
        _take_over(model, taken, now=now, limit=left, wanted=wanted, note_lost=note_lost)
    return token


def _take_over(
    model: type[models.Model],
    taken: dict[str, Any],
    *,
    now: datetime,
    limit: int,
    wanted: Q,
    note_lost: Callable[[UUID, dict[str, Any]], None],
) -> None:
    """Rows of workers that are gone."""
    rows = model._default_manager
    gone = Q(state="claimed", lease_until__lte=now)
    lost = rows.filter(gone & wanted).order_by("lease_until")[:limit]
    for before in lost.values("pk", "claimed_at", "claimed_by", "claim_token"):
        with transaction.atomic():
            won = rows.filter(gone, pk=before["pk"], claim_token=before["claim_token"]).update(**taken)
            if won:
                note_lost(before["pk"], before)
