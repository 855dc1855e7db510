"""Permissions of learners to push into their wallets: open, list, close; :mod:`.renewal` renews them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcred_app.vault import VaultError, decrypt, encrypt

from .errors import ConnectionNotFound, DeliveryError, ReconnectNeeded
from .models import ClientRegistration, Connection, Delivery, Host
from .outbound_guard import OutboundGuard, guard_from_settings
from .registration import client_credentials
from .tokens import TokenAnswer, revoke_token

__all__ = [
    "ConnectionInfo",
    "describe_connection",
    "disconnect",
    "get_connection",
    "list_connections",
    "mark_broken",
    "open_connection",
    "set_auto_send",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ConnectionInfo:
    """One connected wallet as its owner sees it."""

    id: UUID
    host_name: str
    host_url: str
    account_name: str
    connected_at: datetime
    auto_send: bool
    needs_reconnect: bool
    sent_count: int
    #: Badges that were sent and are gone from the wallet; nobody sends them there again but the learner.
    lost_count: int = 0
    #: A badge that is sent there has a public address from then on (Open Badges 2.0 is believed by its address).
    publishes: bool = False


def describe_connection(connection: Connection) -> ConnectionInfo:
    """The outside view of a row."""
    delivered = connection.deliveries.filter(state=Delivery.State.DELIVERED)
    lost = delivered.filter(last_code__in=Delivery.LEFT_ALONE).count()
    return ConnectionInfo(
        id=connection.pk,
        host_name=connection.host.name,
        host_url=connection.host.base_url,
        account_name=connection.account_name,
        connected_at=connection.connected_at,
        auto_send=connection.auto_send,
        needs_reconnect=connection.broken_at is not None,
        sent_count=delivered.count() - lost,
        lost_count=lost,
        publishes=connection.host.protocol == Host.Protocol.BADGE_CONNECT,
    )


def list_connections(learner_id: int) -> tuple[ConnectionInfo, ...]:
    """The learner's open connections, oldest first."""
    rows = Connection.objects.select_related("host").filter(
        learner_id=learner_id, disconnected_at__isnull=True
    )
    return tuple(describe_connection(row) for row in rows.order_by("connected_at", "pk"))


def _own_open(learner_id: int, connection_id: UUID) -> Connection:
    row = (
        Connection.objects.select_related("host", "registration")
        .filter(pk=connection_id, learner_id=learner_id, disconnected_at__isnull=True)
        .first()
    )
    if row is None:
        raise ConnectionNotFound(_("This wallet is not connected. Connect it again from “My wallets”."))
    return row


def get_connection(learner_id: int, connection_id: UUID) -> ConnectionInfo:
    """One open connection of the learner; raises ``ConnectionNotFound`` for anybody else's."""
    return describe_connection(_own_open(learner_id, connection_id))


def open_connection(
    learner_id: int,
    host: Host,
    registration: ClientRegistration,
    tokens: TokenAnswer,
    *,
    account_id: str,
    account_name: str,
    now: datetime,
) -> ConnectionInfo:
    """Store a fresh permission; connecting the same account again repairs the connection instead of doubling it.

    Another account at the same host closes the earlier connection and opens a new one, because what was sent to
    the first account is not in the second. Deliveries that waited for the repair become due at once.
    """
    key = f"{learner_id}:{host.pk}"
    try:
        with transaction.atomic():
            return _open(key, learner_id, host, registration, tokens, account_id, account_name, now)
    except IntegrityError:
        # Two tabs finished at the same moment; the row of the other one is now there to be repaired.
        with transaction.atomic():
            return _open(key, learner_id, host, registration, tokens, account_id, account_name, now)


def _open(
    key: str,
    learner_id: int,
    host: Host,
    registration: ClientRegistration,
    tokens: TokenAnswer,
    account_id: str,
    account_name: str,
    now: datetime,
) -> ConnectionInfo:
    known = Connection.objects.select_for_update().filter(open_key=key).first()
    if known is not None and known.account_id != account_id:
        _close(known, now)
        known = None
    row = known or Connection(learner_id=learner_id, host=host, open_key=key, connected_at=now)
    row.registration = registration
    row.account_id, row.account_name = account_id, account_name
    row.broken_at = None
    _put_tokens(row, tokens)
    row.save()
    row.deliveries.filter(state=Delivery.State.PENDING, next_attempt_at__isnull=True).update(
        next_attempt_at=now
    )
    return describe_connection(row)


def _put_tokens(row: Connection, tokens: TokenAnswer) -> None:
    row.sealed_access_token = encrypt(tokens.access_token)
    row.sealed_refresh_token = encrypt(tokens.refresh_token) if tokens.refresh_token else b""
    row.access_expires_at = tokens.expires_at
    row.scopes = list(tokens.scopes)
    row.token_version += 1
    row.refresh_lease_until = None


def set_auto_send(learner_id: int, connection_id: UUID, *, wanted: bool) -> ConnectionInfo:
    """Record whether the learner wants new badges sent to this wallet without being asked each time."""
    row = _own_open(learner_id, connection_id)
    Connection.objects.filter(pk=row.pk).update(auto_send=wanted)
    return get_connection(learner_id, connection_id)


def disconnect(
    learner_id: int, connection_id: UUID, *, now: datetime, guard: OutboundGuard | None = None
) -> ConnectionInfo:
    """Forget the permission and tell the host, if it can be told; what was sent stays in the wallet.

    The host is told after our own forgetting is committed: an unreachable host must not keep a learner
    connected.
    """
    row = _own_open(learner_id, connection_id)
    described = describe_connection(row)
    token, registration = _token_to_revoke(row), row.registration
    with transaction.atomic():
        _close(row, now)
    if token and registration is not None:
        try:
            revoke_token(
                row.host, client_credentials(registration), token=token, guard=guard or guard_from_settings()
            )
        except (DeliveryError, VaultError) as error:
            log.info(
                "Connection %s is closed here; its host could not be told: %s", row.pk, type(error).__name__
            )
    return described


def _token_to_revoke(row: Connection) -> str:
    sealed = bytes(row.sealed_refresh_token) or bytes(row.sealed_access_token)
    try:
        return decrypt(sealed) if sealed else ""
    except VaultError:
        log.warning(
            "Connection %s holds a token that no key opens; it is dropped without telling the host.", row.pk
        )
        return ""


def _close(row: Connection, now: datetime) -> None:
    Connection.objects.filter(pk=row.pk).update(
        open_key=None,
        disconnected_at=now,
        sealed_access_token=b"",
        sealed_refresh_token=b"",
        access_expires_at=None,
        auto_send=False,
        broken_at=None,
    )
    row.deliveries.filter(state=Delivery.State.PENDING).update(
        state=Delivery.State.DEAD, next_attempt_at=None, last_code="disconnected", last_detail=""
    )


def mark_broken(connection_id: UUID, *, token_version: int, now: datetime) -> bool:
    """Park the connection and everything that waits for it until the learner connects again.

    False, and nothing is parked, when the learner did so while the refused tokens were still in use.
    """
    broken = Connection.objects.filter(
        pk=connection_id, token_version=token_version, disconnected_at__isnull=True
    ).update(broken_at=now)
    if not broken:
        return False
    Delivery.objects.filter(connection_id=connection_id, state=Delivery.State.PENDING).update(
        next_attempt_at=None, last_code=ReconnectNeeded.code
    )
    return True
