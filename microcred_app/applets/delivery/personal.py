"""What this room keeps about people, and how it lets go of it while workers are at work."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import models, transaction

from microcred_app.vault import VaultError, decrypt

from ..personal_rows import AtRetirement, PersonalRows, delete_rows, plain_rows
from .errors import DeliveryError
from .models import (
    AuthorisationRequest,
    Connection,
    Delivery,
    DeliveryAttempt,
    HostedAssertion,
    LostCopy,
    WalletReading,
)
from .outbound_guard import guard_from_settings
from .outbox_row import OutboxRow
from .registration import client_credentials
from .tokens import revoke_token

__all__ = ["ACCOUNT_CLOSED", "PERSONAL", "close_outbox_rows"]

log = logging.getLogger(__name__)

ACCOUNT_CLOSED = "account_closed"


def close_outbox_rows(rows: models.QuerySet[Any], _now: datetime) -> None:
    """Delete what a lane holds for somebody; a row that a worker has in hand is only ended.

    The worker writes about its try afterwards, which needs the row. It goes when retirement is repeated.
    """
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    locked = plain_rows(rows.model).filter(pk__in=ids).select_for_update()
    in_hand = [pk for pk, state in locked.values_list("pk", "state") if state == OutboxRow.State.CLAIMED]
    mine = plain_rows(rows.model).filter(pk__in=ids)
    mine.filter(pk__in=in_hand).update(
        state=OutboxRow.State.DEAD,
        claim_token="",
        lease_until=None,
        next_attempt_at=None,
        last_code=ACCOUNT_CLOSED,
        last_detail="",
    )
    delete_rows(mine.exclude(pk__in=in_hand))


def _close_connections(rows: models.QuerySet[Any], now: datetime) -> None:
    """Forget tokens and names, tell the hosts after the commit if they can be told, and delete what nothing needs."""
    permissions = [
        found for row in rows.select_related("host", "registration") if (found := _permission(row))
    ]
    rows.update(
        open_key=None,
        disconnected_at=now,
        sealed_access_token=b"",
        sealed_refresh_token=b"",
        access_expires_at=None,
        auto_send=False,
        account_id="",
        account_name="",
        scopes=[],
    )
    delete_rows(rows.filter(deliveries__isnull=True))
    transaction.on_commit(lambda: _tell_hosts(permissions), robust=True)


def _permission(row: Connection) -> tuple[Any, Any, str] | None:
    sealed = bytes(row.sealed_refresh_token) or bytes(row.sealed_access_token)
    if not sealed or row.registration is None:
        return None
    try:
        return row.host, row.registration, decrypt(sealed)
    except VaultError:
        return None


def _tell_hosts(permissions: list[tuple[Any, Any, str]]) -> None:
    for host, registration, token in permissions:
        try:
            revoke_token(host, client_credentials(registration), token=token, guard=guard_from_settings())
        except (DeliveryError, VaultError) as error:
            log.info("A wallet host could not be told of a closed account: %s", type(error).__name__)


PERSONAL = (
    PersonalRows(
        HostedAssertion,
        "credential__learner",
        AtRetirement.DELETE,
        "The public address for a Badge Connect host answers no more.",
        secret=("handle",),
    ),
    PersonalRows(
        DeliveryAttempt,
        "delivery__connection__learner",
        AtRetirement.DELETE,
        "Goes with the delivery.",
        by=lambda _rows, _now: None,
    ),
    PersonalRows(
        LostCopy,
        "delivery__connection__learner",
        AtRetirement.DELETE,
        "Goes with the delivery.",
        by=lambda _rows, _now: None,
    ),
    PersonalRows(
        WalletReading,
        "connection__learner",
        AtRetirement.DELETE,
        "Nothing is looked for in a wallet that nobody may look into.",
    ),
    PersonalRows(
        Delivery,
        "connection__learner",
        AtRetirement.DELETE,
        "Which badge went to which wallet serves only them. What arrived is in the person's wallet.",
        secret=("claim_token", "claimed_by"),
        by=close_outbox_rows,
    ),
    PersonalRows(
        Connection,
        "learner",
        AtRetirement.DELETE,
        "The permission ends, tokens are forgotten, and the host is told where it can be told.",
        secret=("sealed_access_token", "sealed_refresh_token", "open_key"),
        by=_close_connections,
    ),
    PersonalRows(
        AuthorisationRequest,
        "learner",
        AtRetirement.DELETE,
        "Half of a permission that is not finished any more.",
        secret=("state_sha256", "sealed_code_verifier"),
    ),
)
