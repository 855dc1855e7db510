"""Nothing of a suspended badge is sent; when it is reinstated, every wallet that has it gets the new one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from microcred_app import api
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.errors import CredentialNotSendable
from microcred_app.applets.delivery.models import Connection, Delivery
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.credentials import NOW

from .test_outbox import connection, row

__all__ = ["connection", "row"]

HOUR = timedelta(hours=1)


def award_of(row: Delivery) -> str:
    return str(Credential.objects.get(pk=row.credential_id).award_id)


def test_a_push_that_has_not_begun_ends_and_begins_again_when_it_is_lifted(row: Delivery) -> None:
    api.hold_back([award_of(row)], now=NOW)
    row.refresh_from_db()
    assert (row.state, row.last_code) == ("dead", "suspended")
    assert delivery.claim_due(NOW + HOUR, 5, "one") == ()
    assert delivery.count_resendable(delivery.TroubleFilter(None)) == 0
    api.reinstate([award_of(row)], learners=[], now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.state, row.next_attempt_at, row.last_code) == ("pending", NOW + HOUR, "")


def test_what_waits_for_the_end_of_a_grace_period_still_does_after_it(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(next_attempt_at=NOW + 24 * HOUR)
    api.hold_back([award_of(row)], now=NOW)
    assert delivery.claim_due(NOW + 25 * HOUR, 5, "one") == ()
    api.reinstate([award_of(row)], learners=[], now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.state, row.next_attempt_at, row.last_code) == ("pending", NOW + 24 * HOUR, "")


def test_a_copy_that_a_wallet_has_is_replaced_when_it_is_lifted(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(state="delivered", delivered_at=NOW, next_attempt_at=None)
    api.hold_back([award_of(row)], now=NOW)
    row.refresh_from_db()
    assert row.state == "delivered"
    api.reinstate([award_of(row)], learners=[], now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.state, row.next_attempt_at) == ("pending", NOW + HOUR)


def test_a_row_that_is_read_after_it_was_suspended_is_not_sent(row: Delivery) -> None:
    claims = delivery.claim_due(NOW, 5, "one")
    Credential.objects.update(suspended_at=NOW)
    from microcred_app.applets.delivery.wallet_lane import WalletLane

    [job] = WalletLane().read(claims, now=NOW)
    assert (job.cargo.settled.kind, job.cargo.settled.code) == ("dead", "suspended")


def test_nobody_can_send_it_by_hand(
    row: Delivery, learner: int, credential: UUID, connection: Connection
) -> None:
    api.hold_back([award_of(row)], now=NOW)
    with pytest.raises(CredentialNotSendable, match="suspended"):
        delivery.send_credential(learner, credential, connection.pk, now=NOW)
