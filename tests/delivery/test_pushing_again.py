"""What was signed anew goes to every wallet that has the edition before, in order."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import Connection, Delivery
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.credentials import NOW

from .test_outbox import LEASE, MINUTE, connection, row

__all__ = ["connection", "row"]

HOUR = timedelta(hours=1)


def delivered(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(
        state=Delivery.State.DELIVERED, delivered_at=NOW, next_attempt_at=None, last_code="created"
    )


def test_a_credential_signed_anew_is_due_at_every_wallet_that_has_it(row: Delivery) -> None:
    delivered(row)
    key = Credential.objects.get().issuer_key
    issuance.revoke_key(key.issuer.slug, key.multikey, reason="Stolen", actor_id=None, now=NOW + HOUR)
    assert issuance.sign_anew_due(NOW + HOUR) == 1
    row.refresh_from_db()
    assert (row.state, row.next_attempt_at, row.attempts) == ("pending", NOW + HOUR, 0)
    assert Delivery.objects.count() == 1


def test_a_push_under_way_is_made_again_after_its_lease_so_that_the_old_bytes_cannot_come_last(
    row: Delivery, guard: OutboundGuard
) -> None:
    [claim] = delivery.claim_due(NOW, 5, "one")
    assert delivery.push_again([str(row.credential_id)], now=NOW + MINUTE) == 1
    assert delivery.claim_due(NOW + LEASE - MINUTE, 5, "two") == ()
    assert delivery.deliver(claim, now=NOW + MINUTE, guard=guard).code == "claim_lost"
    assert len(delivery.claim_due(NOW + LEASE, 5, "two")) == 1


@pytest.mark.parametrize("state", ["pending", "dead"])
def test_what_waits_reads_the_new_bytes_anyway_and_what_was_refused_is_for_operators(
    row: Delivery, state: str
) -> None:
    Delivery.objects.filter(pk=row.pk).update(state=state)
    assert delivery.push_again([str(row.credential_id)], now=NOW + HOUR) == 0


def test_a_wallet_that_was_disconnected_is_left_alone(row: Delivery, connection: Connection) -> None:
    delivered(row)
    Connection.objects.filter(pk=connection.pk).update(disconnected_at=NOW)
    assert delivery.push_again([str(row.credential_id)], now=NOW + HOUR) == 0
    row.refresh_from_db()
    assert row.state == "delivered"


def test_a_wallet_that_needs_its_learner_waits_for_them(row: Delivery, connection: Connection) -> None:
    delivered(row)
    Connection.objects.filter(pk=connection.pk).update(broken_at=NOW)
    delivery.push_again([str(row.credential_id)], now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.next_attempt_at, row.last_code) == (None, "needs_reconnect")


def test_others_badges_are_not_sent_again(row: Delivery) -> None:
    delivered(row)
    assert delivery.push_again([str(UUID(int=0))], now=NOW + HOUR) == 0
