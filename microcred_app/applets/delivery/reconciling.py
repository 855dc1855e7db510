"""Compares what a wallet holds with what was delivered to it, and delivers again what is missing or another copy.

For the day on which a host has lost data, or did not take over an edition that was signed anew. It is somebody's
decision: a badge that its owner deleted in their wallet comes back by it, however often. What the worker does by itself
is more careful (:mod:`.read_back`). What is sent again is what :mod:`.resending` would send: nothing that was revoked,
nothing to a wallet that was disconnected.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When

from microcred_app.permissions import api as permissions
from microcred_app.vault import VaultError

from ..audit import api as audit
from .errors import DeliveryError
from .holdings import MAX_SECONDS, Identity, Mark, identity_of, mark_of, read_assertions, read_holdings
from .hosting import assertion_address
from .models import Connection, Delivery, Host, LostCopy
from .outbound_guard import OutboundGuard, guard_from_settings
from .renewal import access_token
from .signals import deliveries_waiting

__all__ = ["Comparison", "compare_wallet", "deliver_missing", "wallets_delivered_to"]

CHUNK = 500


@dataclass(frozen=True)
class Comparison:
    """One wallet beside the table. ``missing`` is empty unless the wallet was read to its end; ``code`` says why it was
    not. ``differing`` are held there as another copy than was sent last."""

    connection_id: UUID
    learner_id: int
    host_name: str
    delivered: int
    held: int
    code: str = ""
    missing: tuple[UUID, ...] = field(default=(), repr=False)
    differing: tuple[UUID, ...] = field(default=(), repr=False)

    @property
    def to_send(self) -> int:
        """How many would be delivered again."""
        return len(self.missing) + len(self.differing)


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
    among: Q | None = None,
) -> Comparison:
    """Ask the wallet, for *seconds* at most; *among* narrows the deliveries that are looked for.

    Keep it out of a transaction: a host may take its time.
    """
    guard = guard or guard_from_settings()
    connection = Connection.objects.select_related("host", "registration").get(pk=connection_id)
    rows = _delivered(issuer_slugs).filter(connection=connection, delivered_at__lte=now)
    if among is not None:
        rows = rows.filter(among)
    older = connection.host.protocol == Host.Protocol.BADGE_CONNECT
    wanted = _wanted_assertions(rows) if older else _wanted_credentials(rows)
    told = partial(Comparison, connection_id, connection.learner_id, connection.host.name, len(wanted))
    if connection.broken_at is not None:
        return told(0, "needs_reconnect")
    try:
        token = access_token(connection, now=now, guard=guard)
    except VaultError:
        return told(0, "needs_reconnect")
    except DeliveryError as error:
        return told(0, error.code)
    if older:
        addresses = [address for _nobody, address in wanted]
        base = connection.host.api_base
        found = read_assertions(base, token, addresses, guard=guard, seconds=seconds)
    else:
        marks = {identity: mark for identity, (_pk, mark) in wanted.items()}
        found = read_holdings(connection.host.base_url, token, marks, guard=guard, seconds=seconds)
    if not found.complete:
        return told(len(found.held), found.problem)
    missing = tuple(pk for identity, (pk, _mark) in wanted.items() if identity not in found.held)
    differing = tuple(wanted[identity][0] for identity in sorted(found.differing))
    return told(len(found.held), "", missing, differing)


def _wanted_credentials(rows: QuerySet[Delivery]) -> dict[Identity, tuple[UUID, Mark | None]]:
    wanted: dict[Identity, tuple[UUID, Mark | None]] = {}
    for pk, document in rows.values_list("pk", "credential__document").iterator(chunk_size=100):
        signed = json.loads(bytes(document))
        identity = identity_of(signed)
        if identity is not None:
            wanted[identity] = pk, mark_of(signed)
    return wanted


def _wanted_assertions(rows: QuerySet[Delivery]) -> dict[Identity, tuple[UUID, Mark | None]]:
    handles = rows.filter(credential__hosted_assertion__withdrawn_at__isnull=True).values_list(
        "pk", "credential__hosted_assertion__handle"
    )
    return {("", assertion_address(handle)): (pk, None) for pk, handle in handles if handle}


@transaction.atomic
def deliver_missing(comparison: Comparison, *, actor_id: int | None, now: datetime, reason: str = "") -> int:
    """Deliver again what *comparison* found missing or differing; how many. What changed since then is left alone."""
    slug = "credential__award__version__badge__issuer__slug"
    rows = _delivered(None).filter(
        pk__in=(*comparison.missing, *comparison.differing), connection_id=comparison.connection_id
    )
    of_organisation: dict[str, list[UUID]] = {}
    for pk, issuer_slug in rows.order_by("pk").values_list("pk", slug):
        of_organisation.setdefault(issuer_slug, []).append(pk)
    total, differing = 0, frozenset(comparison.differing)
    for issuer_slug, ids in sorted(of_organisation.items()):
        permissions.require(actor_id, permissions.Action.RUN_JOBS, issuer_slug)
        sent = sum(_again(ids[begin : begin + CHUNK], differing, now) for begin in range(0, len(ids), CHUNK))
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


def _again(ids: Collection[UUID], differing: Collection[UUID], now: datetime) -> int:
    there = Case(When(pk__in=differing, then=Value("differs_there")), default=Value("missing_there"))
    LostCopy.objects.filter(delivery_id__in=ids).update(left_alone_at=None)
    return Delivery.objects.filter(pk__in=ids, state=Delivery.State.DELIVERED).update(
        state=Delivery.State.PENDING,
        next_attempt_at=now,
        delivered_at=None,
        attempts=0,
        last_code=there,
        last_detail="",
    )


def _delivered(issuer_slugs: Collection[str] | None) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(
        state=Delivery.State.DELIVERED,
        connection__disconnected_at__isnull=True,
        credential__revoked_at__isnull=True,
        credential__suspended_at__isnull=True,
        credential__award__reversal__isnull=True,
    )
    if issuer_slugs is not None:
        rows = rows.filter(credential__award__version__badge__issuer__slug__in=list(issuer_slugs))
    return rows
