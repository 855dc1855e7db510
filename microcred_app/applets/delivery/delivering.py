"""Works on claimed rows: pushes, reads the result, and records it where only the claim's holder may.

Time: callers pass ``now``; what a request took is measured and added, so that recorded times and leases stay
right during a long batch without any function reading the wall clock.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from microcred_app.conf import settings
from microcred_app.vault import VaultError

from .connections import mark_broken
from .errors import DeliveryError, ReconnectNeeded
from .models import Connection, Delivery, DeliveryAttempt
from .outbound_guard import OutboundGuard, guard_from_settings
from .outbox import Claim, claim_due, renew_claim
from .push import Outcome, outcome_of_error, push_document
from .renewal import RenewalElsewhere, access_token, renew_access
from .retry import wait_before_retry

__all__ = ["WorkDone", "deliver", "deliver_due"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WorkDone:
    """What one round of a worker came to."""

    delivered: int = 0
    postponed: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """How many rows were worked on."""
        return self.delivered + self.postponed + self.failed


def deliver_due(
    now: datetime, *, worker: str = "inline", limit: int = 50, guard: OutboundGuard | None = None
) -> WorkDone:
    """Work on due rows, one claim at a time, until none is due or *limit* is reached.

    One at a time, so that a row never waits under a lease behind another row's slow host.
    """
    guard = guard or guard_from_settings()
    began = time.monotonic()
    done = WorkDone()
    while done.total < limit:
        moment = now + timedelta(seconds=time.monotonic() - began)
        claims = claim_due(moment, 1, worker)
        if not claims:
            break
        outcome = deliver(claims[0], now=moment, guard=guard)
        if outcome.kind == "delivered":
            done = replace(done, delivered=done.delivered + 1)
        elif outcome.kind == "dead":
            done = replace(done, failed=done.failed + 1)
        else:
            done = replace(done, postponed=done.postponed + 1)
    return done


def deliver(claim: Claim, *, now: datetime, guard: OutboundGuard | None = None) -> Outcome:
    """Make the push that *claim* stands for and record what came of it."""
    guard = guard or guard_from_settings()
    if not renew_claim(claim, now=now):
        return Outcome("retry", "claim_lost")
    began = time.monotonic()
    row = Delivery.objects.select_related("connection__host", "connection__registration", "credential").get(
        pk=claim.delivery_id
    )
    outcome = _try(row, now, guard)
    finished = now + timedelta(seconds=time.monotonic() - began)
    return _record(claim, row, outcome, started=now, finished=finished)


def _try(row: Delivery, now: datetime, guard: OutboundGuard) -> Outcome:
    if row.connection.disconnected_at is not None:
        return Outcome("dead", "disconnected")
    if row.credential.revoked_at is not None:
        return Outcome("dead", "revoked")
    if row.connection.broken_at is not None:
        return Outcome("reconnect", ReconnectNeeded.code)
    try:
        return _push(row, now, guard)
    except ReconnectNeeded as error:
        return Outcome("reconnect", error.code)
    except RenewalElsewhere as error:
        return Outcome("retry", error.code, retry_after=5.0)
    except DeliveryError as error:
        return outcome_of_error(error)
    except VaultError as error:
        log.exception("Delivery %s cannot open its secrets", row.pk)
        return Outcome("reconnect", ReconnectNeeded.code, detail=type(error).__name__)


def _push(row: Delivery, now: datetime, guard: OutboundGuard) -> Outcome:
    """Push, and once more with renewed tokens if the host says that the first ones are no good."""
    document = bytes(row.credential.document)
    base_url = row.connection.host.base_url
    token = access_token(row.connection, now=now, guard=guard)
    outcome = push_document(base_url, token, document, now=now, guard=guard)
    if outcome.kind != "unauthorised":
        return outcome
    token = renew_access(row.connection, now=now, guard=guard)
    outcome = push_document(base_url, token, document, now=now, guard=guard)
    if outcome.kind == "unauthorised":
        return Outcome("reconnect", ReconnectNeeded.code, outcome.http_status)
    return outcome


def _record(
    claim: Claim, row: Delivery, outcome: Outcome, *, started: datetime, finished: datetime
) -> Outcome:
    """Write the attempt, and move the row on if the claim still holds."""
    if outcome.kind == "retry" and row.attempts >= settings().delivery_max_attempts:
        outcome = replace(outcome, kind="dead")
    with transaction.atomic():
        if outcome.kind == "reconnect" and not _park(row.connection, finished):
            outcome = Outcome("retry", outcome.code, outcome.http_status, retry_after=1.0)
        DeliveryAttempt.objects.create(
            delivery=row,
            started_at=started,
            finished_at=finished,
            worker=claim.worker,
            outcome=outcome.kind,
            code=outcome.code,
            http_status=outcome.http_status,
            note=outcome.detail,
        )
        held = Delivery.objects.filter(pk=row.pk, state=Delivery.State.CLAIMED, claim_token=claim.token)
        moved = held.update(
            claim_token="",
            lease_until=None,
            last_code=outcome.code,
            last_detail=outcome.detail,
            **_next(row, outcome, finished),
        )
    log.info(
        "Delivery %s by %s: %s (%s, HTTP %s)%s",
        row.pk,
        claim.worker,
        outcome.kind,
        outcome.code,
        outcome.http_status,
        "" if moved else ", claim lost",
    )
    return outcome


def _park(connection: Connection, now: datetime) -> bool:
    return mark_broken(connection.pk, token_version=connection.token_version, now=now)


def _next(row: Delivery, outcome: Outcome, finished: datetime) -> dict[str, Any]:
    """The columns that say where the row goes from here."""
    if outcome.kind == "delivered":
        return {"state": Delivery.State.DELIVERED, "delivered_at": finished, "next_attempt_at": None}
    if outcome.kind == "dead":
        return {"state": Delivery.State.DEAD, "next_attempt_at": None}
    if outcome.kind == "reconnect":
        # Waiting for a person is no failed try, so the count starts anew when they are back.
        return {"state": Delivery.State.PENDING, "next_attempt_at": None, "attempts": 0}
    wait = wait_before_retry(row.attempts, retry_after=outcome.retry_after)
    return {"state": Delivery.State.PENDING, "next_attempt_at": finished + wait}
