"""What came of claimed rows, written into the table of any lane: many at once, and only where the claim still holds."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from microcred_app.conf import settings

from .lane import Done, Job
from .outbox_row import OutboxAttempt, OutboxRow
from .retry import wait_before_retry

__all__ = ["end_used_up", "give_back", "note_lost", "record_tries"]

log = logging.getLogger(__name__)


def record_tries(
    rows: type[OutboxRow], tries: type[OutboxAttempt], done: Sequence[Done], worker: str
) -> None:
    """Attempts in one statement, delivered rows in one per kind of answer, others one by one: each waits for itself.

    Call it in a transaction.
    """
    attempt: Any = tries  # each table of tries has a ``delivery``; the abstract base cannot name it
    attempt.objects.bulk_create(
        attempt(
            delivery_id=entry.job.row_id,
            started_at=entry.started_at,
            finished_at=entry.finished_at,
            worker=worker,
            outcome=entry.outcome.kind,
            code=entry.outcome.code,
            http_status=entry.outcome.http_status,
            note=entry.outcome.detail,
        )
        for entry in done
    )
    arrived: dict[tuple[str, str], list[Done]] = defaultdict(list)
    for entry in done:
        log.info(
            "Delivery %s by %s: %s (%s, HTTP %s)",
            entry.job.row_id, worker, entry.outcome.kind, entry.outcome.code, entry.outcome.http_status,
        )  # fmt: skip
        if entry.outcome.kind == "delivered":
            arrived[entry.job.token, entry.outcome.code].append(entry)
        else:
            _held(rows, entry.job).update(
                claim_token="",
                lease_until=None,
                last_code=entry.outcome.code,
                last_detail=entry.outcome.detail,
                **_next(entry),
            )
    for (token, code), entries in arrived.items():
        rows._default_manager.filter(
            pk__in=[entry.job.row_id for entry in entries], state=OutboxRow.State.CLAIMED, claim_token=token
        ).update(
            state=OutboxRow.State.DELIVERED,
            delivered_at=max(entry.finished_at for entry in entries),
            next_attempt_at=None,
            claim_token="",
            lease_until=None,
            last_code=code,
            last_detail="",
        )


def end_used_up(entry: Done) -> Done:
    """What came of the job as it is written: a try that would be made again is the end when it was the last one."""
    if entry.outcome.kind == "retry" and entry.job.attempts >= settings().delivery_max_attempts:
        return replace(entry, outcome=replace(entry.outcome, kind="dead"))
    return entry


def note_lost(
    tries: type[OutboxAttempt], row_id: UUID, before: Mapping[str, Any], *, now: datetime, note: str
) -> None:
    """Write down the try that was lost with its worker; *before* is the row as that worker held it.

    *note* says what follows, for whoever reads the history. Bound to a lane's table, this is what
    :func:`~.claiming.claim_rows` calls.
    """
    attempt: Any = tries
    attempt.objects.create(
        delivery_id=row_id,
        started_at=before["claimed_at"] or now,
        finished_at=now,
        worker=before["claimed_by"],
        outcome="lost",
        code="worker_stopped",
        note=f"The worker stopped before it recorded a result; {note}",
    )


def give_back(rows: type[OutboxRow], job: Job, *, until: datetime) -> None:
    """Give a claimed row back untried; nobody takes it before *until*."""
    _held(rows, job).update(
        state=OutboxRow.State.PENDING,
        claim_token="",
        lease_until=None,
        attempts=max(0, job.attempts - 1),
        next_attempt_at=until,
    )


def _held(rows: type[OutboxRow], job: Job) -> Any:
    return rows._default_manager.filter(pk=job.row_id, state=OutboxRow.State.CLAIMED, claim_token=job.token)


def _next(entry: Done) -> dict[str, Any]:
    """The columns that say where a row goes that was not delivered."""
    if entry.outcome.kind == "dead":
        return {"state": OutboxRow.State.DEAD, "next_attempt_at": None}
    if entry.outcome.kind == "reconnect":
        # Waiting for a person is no failed try, so the count starts anew when they are back.
        return {"state": OutboxRow.State.PENDING, "next_attempt_at": None, "attempts": 0}
    wait = wait_before_retry(entry.job.attempts, retry_after=entry.outcome.retry_after)
    return {"state": OutboxRow.State.PENDING, "next_attempt_at": entry.finished_at + wait}
