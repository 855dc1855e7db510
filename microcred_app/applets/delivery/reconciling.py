"""Compares what a wallet holds with what was delivered to it, and delivers again what is missing.

For the day on which a host has lost data. It is somebody's decision and never done by itself: a badge that its owner
deleted in their wallet comes back by it. What is sent again is what :mod:`.resending` would send: nothing that was
revoked, nothing to a wallet that was disconnected.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from microcred_app.vault import VaultError

from ..audit import api as audit
from ..offices import api as offices
from .errors import DeliveryError
from .holdings import MAX_SECONDS, Identity, identity_of, read_holdings
from .models import Connection, Delivery
from .outbound_guard import OutboundGuard, guard_from_settings
from .renewal import access_token
from .signals import deliveries_waiting

__all__ = ["Comparison", "compare_wallet", "deliver_missing", "wallets_delivered_to"]

CHUNK = 500


@dataclass(frozen=True)
class Comparison:
    """One wallet beside the table. ``missing`` is empty unless the wallet was read to its end; ``code`` says why it was
    not."""

    connection_id: UUID
    learner_id: int
    host_name: str
    delivered: int
    held: int
    code: str = ""
    missing: tuple[UUID, ...] = field(default=(), repr=False)


def wallets_delivered_to(
    *,
    issuer_slugs: Collection[str] | None = None,
    host_url: str = "",
    learner_ids: Collection[int] | None = None,
) -> Iterator[UUID]:
    """Open wallets into which something was delivered, one after the other."""
    rows = _delivered(issuer_slugs)
    if host_url:
        rows = rows.filter(connection__host__base_url=host_url)
    if learner_ids is not None:
        rows = rows.filter(connection__learner_id__in=list(learner_ids))
    return rows.order_by("connection_id").values_list("connection_id", flat=True).distinct().iterator()


def compare_wallet(
    connection_id: UUID,
    *,
    now: datetime,
    issuer_slugs: Collection[str] | None = None,
    guard: OutboundGuard | None = None,
    seconds: float = MAX_SECONDS,
) -> Comparison:
    """Ask the wallet, for *seconds* at most. Keep it out of a transaction: a host may take its time."""
    guard = guard or guard_from_settings()
    connection = Connection.objects.select_related("host", "registration").get(pk=connection_id)
    rows = _delivered(issuer_slugs).filter(connection=connection, delivered_at__lte=now)
    wanted: dict[Identity, UUID] = {}
    for pk, document in rows.values_list("pk", "credential__document").iterator(chunk_size=100):
        identity = identity_of(json.loads(bytes(document)))
        if identity is not None:
            wanted[identity] = pk
    told = partial(Comparison, connection_id, connection.learner_id, connection.host.name, len(wanted))
    if connection.broken_at is not None:
        return told(0, "needs_reconnect")
    try:
        token = access_token(connection, now=now, guard=guard)
    except VaultError:
        return told(0, "needs_reconnect")
    except DeliveryError as error:
        return told(0, error.code)
    found = read_holdings(connection.host.base_url, token, wanted, guard=guard, seconds=seconds)
    if not found.complete:
        return told(len(found.held), found.problem)
    missing = tuple(pk for identity, pk in wanted.items() if identity not in found.held)
    return told(len(found.held), "", missing)


@transaction.atomic
def deliver_missing(comparison: Comparison, *, actor_id: int | None, now: datetime, reason: str = "") -> int:
    """Deliver again what *comparison* found missing; how many. What changed since then is left alone."""
    slug = "credential__award__version__badge__issuer__slug"
    rows = _delivered(None).filter(pk__in=comparison.missing, connection_id=comparison.connection_id)
    of_organisation: dict[str, list[UUID]] = {}
    for pk, issuer_slug in rows.order_by("pk").values_list("pk", slug):
        of_organisation.setdefault(issuer_slug, []).append(pk)
    total = 0
    for issuer_slug, ids in sorted(of_organisation.items()):
        offices.require(actor_id, offices.Action.RUN_JOBS, issuer_slug)
        sent = sum(_again(ids[begin : begin + CHUNK], now) for begin in range(0, len(ids), CHUNK))
        if not sent:
            continue
        audit.record(
            "deliveries.reconciled",
            object_type="delivery",
            object_id=str(ids[0]) if len(ids) == 1 else "",
            actor_id=actor_id,
            now=now,
            reason=reason,
            details={"deliveries": sent, "host": comparison.host_name},
            issuer_slug=issuer_slug,
        )
        total += sent
    if total:
        transaction.on_commit(partial(deliveries_waiting.send_robust, sender=Delivery, count=total))
    return total


def _again(ids: Collection[UUID], now: datetime) -> int:
    return Delivery.objects.filter(pk__in=ids, state=Delivery.State.DELIVERED).update(
        state=Delivery.State.PENDING,
        next_attempt_at=now,
        delivered_at=None,
        attempts=0,
        last_code="missing_there",
        last_detail="",
    )


def _delivered(issuer_slugs: Collection[str] | None) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(
        state=Delivery.State.DELIVERED,
        connection__disconnected_at__isnull=True,
        credential__revoked_at__isnull=True,
        credential__award__reversal__isnull=True,
    )
    if issuer_slugs is not None:
        rows = rows.filter(credential__award__version__badge__issuer__slug__in=list(issuer_slugs))
    return rows
