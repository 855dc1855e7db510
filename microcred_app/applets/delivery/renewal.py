"""Access tokens: used while they are good, renewed before they end.

Renewing is guarded by a short lease and a version number, because hosts rotate refresh tokens: two workers that
renew at once would each invalidate what the other got. Asking the host touches no table, so that a worker's threads
may do it; taking the lease and keeping the answer is done by whoever holds the database connection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from microcred_app.vault import VaultError, decrypt, encrypt

from .errors import DeliveryError, ReconnectNeeded
from .models import Connection, Host
from .outbound_guard import OutboundGuard
from .registration import ClientCredentials, client_credentials
from .tokens import ClientUnknown, TokenAnswer, renew_tokens

__all__ = [
    "Renewal",
    "RenewalElsewhere",
    "access_token",
    "ask_for_renewal",
    "begin_renewal",
    "give_up_renewal",
    "is_stale",
    "renew_access",
    "store_renewal",
]

_RENEWAL_LEASE = timedelta(minutes=2)
_RENEW_BEFORE_EXPIRY = timedelta(seconds=60)


class RenewalElsewhere(DeliveryError):
    """Another worker is renewing this connection's tokens at this moment."""

    code = "renewal_elsewhere"


def access_token(connection: Connection, *, now: datetime, guard: OutboundGuard) -> str:
    """A token that is good for at least a minute, renewed when it is not."""
    if is_stale(connection, now=now):
        return renew_access(connection, now=now, guard=guard)
    return decrypt(bytes(connection.sealed_access_token))


def is_stale(connection: Connection, *, now: datetime) -> bool:
    """Whether the access token ends within a minute and can be renewed before it is used."""
    expires_at = connection.access_expires_at
    return bool(
        expires_at is not None
        and expires_at <= now + _RENEW_BEFORE_EXPIRY
        and connection.sealed_refresh_token
    )


@dataclass(frozen=True)
class Renewal:
    """The right to ask for new tokens of one connection, and what to ask with; nobody else asks meanwhile."""

    connection_id: UUID
    token_version: int
    host: Host
    credentials: ClientCredentials
    refresh_token: str = field(repr=False)
    scopes: tuple[str, ...]


def renew_access(connection: Connection, *, now: datetime, guard: OutboundGuard) -> str:
    """Renew the tokens of *connection* and return the new access token.

    A worker that finds newer tokens than it started with uses those. Raises ``ReconnectNeeded`` when there is
    nothing to renew with or the host refuses, ``RenewalElsewhere`` while another worker is at it.
    """
    renewal = begin_renewal(connection, now=now)
    if isinstance(renewal, str):
        return renewal
    try:
        answer = ask_for_renewal(renewal, now=now, guard=guard)
    except (DeliveryError, VaultError):
        give_up_renewal(renewal)
        raise
    store_renewal(renewal, answer)
    connection.refresh_from_db()
    return answer.access_token


def begin_renewal(connection: Connection, *, now: datetime) -> Renewal | str:
    """The right to renew, or the newer access token that another worker got meanwhile."""
    if not connection.sealed_refresh_token or connection.registration is None:
        raise ReconnectNeeded(
            _("%(host)s no longer accepts the permission you gave. Connect the wallet again.")
            % {"host": connection.host.name}
        )
    leased = (
        Connection.objects.filter(pk=connection.pk, token_version=connection.token_version)
        .filter(Q(refresh_lease_until__isnull=True) | Q(refresh_lease_until__lte=now))
        .update(refresh_lease_until=now + _RENEWAL_LEASE)
    )
    if not leased:
        return _renewed_elsewhere(connection)
    try:
        return Renewal(
            connection_id=connection.pk,
            token_version=connection.token_version,
            host=connection.host,
            credentials=client_credentials(connection.registration),
            refresh_token=decrypt(bytes(connection.sealed_refresh_token)),
            scopes=tuple(connection.scopes),
        )
    except VaultError:
        _end_lease(connection.pk, connection.token_version)
        raise


def ask_for_renewal(renewal: Renewal, *, now: datetime, guard: OutboundGuard) -> TokenAnswer:
    """Ask the host; touches no table, so that any thread may do it."""
    try:
        return renew_tokens(
            renewal.host,
            renewal.credentials,
            refresh_token=renewal.refresh_token,
            scopes=renewal.scopes,
            now=now,
            guard=guard,
        )
    except ClientUnknown as error:
        raise ReconnectNeeded(str(error)) from error


def store_renewal(renewal: Renewal, answer: TokenAnswer) -> None:
    """Keep the new tokens. One statement stores them and ends the lease: nobody can begin with the old refresh
    token between."""
    Connection.objects.filter(pk=renewal.connection_id, token_version=renewal.token_version).update(
        sealed_access_token=encrypt(answer.access_token),
        sealed_refresh_token=encrypt(answer.refresh_token),
        access_expires_at=answer.expires_at,
        token_version=F("token_version") + 1,
        refresh_lease_until=None,
    )


def give_up_renewal(renewal: Renewal) -> None:
    """The host was asked in vain; others may ask again."""
    _end_lease(renewal.connection_id, renewal.token_version)


def _end_lease(connection_id: UUID, token_version: int) -> None:
    Connection.objects.filter(pk=connection_id, token_version=token_version).update(refresh_lease_until=None)


def _renewed_elsewhere(connection: Connection) -> str:
    before = connection.token_version
    connection.refresh_from_db()
    if connection.token_version != before and connection.sealed_access_token:
        return decrypt(bytes(connection.sealed_access_token))
    raise RenewalElsewhere(
        _("The permission for this wallet is being renewed. The push follows in a moment.")
    )
