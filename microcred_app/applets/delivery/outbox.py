"""The outbox: every push is a row before it is a request, and stays one until its end is known.

States::

                 claim (lease)             answer: stored
    pending ──────────────────► claimed ───────────────────► delivered
       ▲                          │  │
       │  retry after a wait      │  │ refused, revoked, disconnected, tries used up
       ├──────────────────────────┘  └──────────────────────► dead ──(try again)──► pending
       │
       └── waits without a date while the learner has to connect the wallet again

*Nothing is lost*: the row is committed together with what caused it, and a claim is a lease. A worker that dies
at any instruction leaves a row whose lease runs out, and the next worker takes it again; the lost try is written
into the history by whoever takes over. *Nothing is doubled*: a credential has one row per wallet (unique in the
database), a row has one claim token at a time, and the one case that no client can rule out — the host stored
the credential but the worker died before hearing so — ends in the same bytes being sent again, which an
Open Badges 3.0 host recognises by (issuer id, credential id) and replaces. At least once, times idempotent, is
once.

A result is recorded only by the holder of the claim, so a worker that was given up for dead and wakes up late
cannot overwrite its successor's result.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from microcred_app.applets.issuance.models import Credential
from microcred_app.one_statement import OneStatement

from .claiming import claim_rows, lease
from .errors import ConnectionNotFound, CredentialNotSendable, DeliveryNotFound
from .hosting import open_again
from .models import Connection, Delivery, DeliveryAttempt, Host, LostCopy
from .pushing_again import SUSPENDED
from .recording import note_lost
from .signals import deliveries_waiting

__all__ = [
    "Claim",
    "DeliveryInfo",
    "call_off",
    "claim_due",
    "count_automatic",
    "enqueue_for_connections",
    "enqueue_many",
    "get_delivery",
    "list_deliveries",
    "send_credential",
    "set_aside",
]


@dataclass(frozen=True)
class Claim:
    """The right to work on one row until the lease runs out."""

    delivery_id: UUID
    token: str
    worker: str


@dataclass(frozen=True)
class DeliveryInfo:
    """One push as its learner sees it. ``state`` is waiting, paused, sent, failed, or lost: sent, and gone from the
    wallet again (:mod:`.read_back`)."""

    id: UUID
    credential_id: UUID
    connection_id: UUID
    host_name: str
    host_url: str
    state: str
    code: str
    detail: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None


def describe_delivery(row: Delivery) -> DeliveryInfo:
    """The outside view of a row."""
    state = {
        Delivery.State.DELIVERED: "sent",
        Delivery.State.DEAD: "failed",
        Delivery.State.CLAIMED: "waiting",
        Delivery.State.PENDING: "paused" if row.next_attempt_at is None else "waiting",
    }[Delivery.State(row.state)]
    if state == "sent" and row.last_code in Delivery.LEFT_ALONE:
        state = "lost"
    return DeliveryInfo(
        id=row.pk,
        credential_id=row.credential_id,
        connection_id=row.connection_id,
        host_name=row.connection.host.name,
        host_url=row.connection.host.base_url,
        state=state,
        code=row.last_code,
        detail=row.last_detail,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        delivered_at=row.delivered_at,
    )


def send_credential(
    learner_id: int, credential_id: UUID, connection_id: UUID, *, now: datetime
) -> DeliveryInfo:
    """Put the learner's credential into the outbox for one of their wallets; their press is their consent.

    Pressing again changes nothing while the row is under way or done, and gives a dead row a new start; one whose copy
    is gone from the wallet as well.
    """
    credential = Credential.objects.filter(pk=credential_id, learner_id=learner_id).first()
    if credential is None:
        raise CredentialNotSendable(_("This badge is not among yours."))
    if credential.revoked_at is not None:
        raise CredentialNotSendable(_("This badge was revoked by its issuer and cannot be sent."))
    if credential.suspended_at is not None:
        raise CredentialNotSendable(
            _("This badge is suspended by its issuer and cannot be sent until that is over.")
        )
    connection = (
        Connection.objects.select_related("host")
        .filter(pk=connection_id, learner_id=learner_id, disconnected_at__isnull=True)
        .first()
    )
    if connection is None:
        raise ConnectionNotFound(_("This wallet is not connected. Connect it again from “My wallets”."))
    with transaction.atomic():
        if connection.host.protocol == Host.Protocol.BADGE_CONNECT:
            open_again(credential.pk, now=now)
        row = _insert_once(credential.pk, connection, now)
        _restart_if_over(row, connection, now)
        _announce(1)
    return get_delivery(learner_id, row.pk)


def enqueue_for_connections(credential_id: UUID | str, *, learner_id: int, now: datetime) -> int:
    """Put a new credential into the outbox for every wallet whose owner wants new badges sent; says how many.

    Called inside the transaction that issues the credential, so that both are committed or neither.
    """
    wanting = Connection.objects.filter(learner_id=learner_id, auto_send=True, disconnected_at__isnull=True)
    count = 0
    with transaction.atomic(savepoint=False):
        for connection in wanting.order_by("pk"):
            _insert_once(UUID(str(credential_id)), connection, now)
            count += 1
        if count:
            _announce(count)
    return count


def enqueue_many(
    credentials: Iterable[tuple[str, int]], *, now: datetime, hold_until: datetime | None = None
) -> int:
    """The same for many new credentials, given as pairs of credential and learner id, in two queries.

    None is pushed before *hold_until*.

    The credentials are written in the caller's transaction, so none of them can have a row yet.
    """
    of_learner: dict[int, list[UUID]] = {}
    for credential_id, learner_id in credentials:
        of_learner.setdefault(learner_id, []).append(UUID(credential_id))
    wanting = _of_one.rows(*of_learner) if len(of_learner) == 1 else _wanting(list(of_learner))
    rows = [
        _new_row(credential_id, connection_id, broken_at, now, hold_until)
        for connection_id, learner_id, broken_at in wanting
        for credential_id in of_learner[learner_id]
    ]
    if rows:
        Delivery.objects.bulk_create(rows)
        _announce(len(rows))
    return len(rows)


def _wanting(learner_ids: Sequence[int]) -> QuerySet[Any]:
    """Open connections whose owners want new badges sent: id, owner, and since when it is broken."""
    rows = Connection.objects.filter(learner_id__in=learner_ids, auto_send=True, disconnected_at__isnull=True)
    return rows.order_by("pk").values_list("pk", "learner_id", "broken_at")


_of_one = OneStatement(_wanting, (UUIDField(), None, DateTimeField()))


def call_off(credential_ids: Iterable[str], *, now: datetime) -> int:
    """Give up every push of these credentials that has not begun; how many. What was delivered stays delivered."""
    rows = Delivery.objects.filter(credential_id__in=list(credential_ids), state=Delivery.State.PENDING)
    return rows.update(state=Delivery.State.DEAD, next_attempt_at=None, last_code="called_off")


def set_aside(credential_ids: Iterable[str]) -> int:
    """End every push of these that has not begun, until :func:`~.pushing_again.push_again` starts it; how many.

    The rows keep when they were due: what waited for the end of a grace period still does then.
    """
    rows = Delivery.objects.filter(credential_id__in=list(credential_ids), state=Delivery.State.PENDING)
    return rows.update(state=Delivery.State.DEAD, last_code=SUSPENDED)


def count_automatic(learner_ids: Iterable[int]) -> int:
    """Pushes that a new badge for each of these learners would lead to at once."""
    wanted = {"learner_id__in": list(learner_ids), "auto_send": True, "disconnected_at__isnull": True}
    return Connection.objects.filter(**wanted).count()


def _new_row(
    credential_id: UUID,
    connection_id: UUID,
    broken_at: datetime | None,
    now: datetime,
    hold_until: datetime | None = None,
) -> Delivery:
    return Delivery(
        credential_id=credential_id,
        connection_id=connection_id,
        created_at=now,
        next_attempt_at=None if broken_at else hold_until or now,
        last_code="needs_reconnect" if broken_at else "",
    )


def _insert_once(credential_id: UUID, connection: Connection, now: datetime) -> Delivery:
    """The one row of this pair. A lost race is found by the unique constraint and read back."""
    found = Delivery.objects.filter(credential_id=credential_id, connection=connection).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            row = _new_row(credential_id, connection.pk, connection.broken_at, now)
            row.save(force_insert=True)
            return row
    except IntegrityError:
        return Delivery.objects.get(credential_id=credential_id, connection=connection)


def _restart_if_over(row: Delivery, connection: Connection, now: datetime) -> None:
    lost = Q(state=Delivery.State.DELIVERED, last_code__in=Delivery.LEFT_ALONE)
    LostCopy.objects.filter(delivery=row).update(left_alone_at=None)
    Delivery.objects.filter(lost | Q(state=Delivery.State.DEAD), pk=row.pk).update(
        delivered_at=None,
        state=Delivery.State.PENDING,
        next_attempt_at=None if connection.broken_at else now,
        attempts=0,
        last_code="needs_reconnect" if connection.broken_at else "",
        last_detail="",
    )


def _announce(count: int) -> None:
    transaction.on_commit(partial(deliveries_waiting.send_robust, sender=Delivery, count=count))


def get_delivery(learner_id: int, delivery_id: UUID) -> DeliveryInfo:
    """One push of the learner; raises ``DeliveryNotFound`` for anybody else's."""
    row = (
        Delivery.objects.select_related("connection__host")
        .filter(pk=delivery_id, connection__learner_id=learner_id)
        .first()
    )
    if row is None:
        raise DeliveryNotFound(_("There is no such delivery among yours."))
    return describe_delivery(row)


def list_deliveries(learner_id: int, credential_id: UUID) -> tuple[DeliveryInfo, ...]:
    """Every push of one of the learner's credentials, newest first."""
    rows = Delivery.objects.select_related("connection__host").filter(
        credential_id=credential_id, connection__learner_id=learner_id
    )
    return tuple(describe_delivery(row) for row in rows.order_by("-created_at", "pk"))


def claim_due(
    now: datetime, limit: int, worker: str, *, avoid_hosts: Collection[int] = ()
) -> tuple[Claim, ...]:
    """Take up to *limit* due rows for *worker*, none of them for a host in *avoid_hosts*.

    Rows whose lease ran out are due as well; the try that was lost with its worker is written into the history.
    """
    wanted = Q()
    if avoid_hosts:
        wanted = ~Q(connection__in=Connection.objects.filter(host_id__in=avoid_hosts).values("pk"))
    token = claim_rows(
        Delivery,
        now=now,
        limit=limit,
        worker=worker,
        wanted=wanted,
        note_lost=partial(note_lost, DeliveryAttempt, now=now, note="the push is made again."),
    )
    held = Delivery.objects.filter(state=Delivery.State.CLAIMED, lease_until=now + lease(), claim_token=token)
    return tuple(Claim(pk, token, worker) for pk in held.order_by("created_at").values_list("pk", flat=True))


def renew_claim(claim: Claim, *, now: datetime) -> bool:
    """Start the lease anew before work begins; false when the row was taken over in the meantime."""
    held = Delivery.objects.filter(
        pk=claim.delivery_id, state=Delivery.State.CLAIMED, claim_token=claim.token
    )
    return bool(held.update(lease_until=now + lease()))
