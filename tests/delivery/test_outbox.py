"""The outbox alone: claims, leases, and workers that disappear."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from microcred_app.applets.append_only import AppendOnlyViolation
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import Connection, Delivery, DeliveryAttempt, Host
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.delivery.outbox import renew_claim
from microcred_app.vault import encrypt
from tests.fixtures.credentials import NOW

LEASE = timedelta(minutes=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(learner: int) -> Connection:
    host = Host.objects.create(
        base_url="http://127.0.0.1:9",
        name="Nowhere",
        description_fresh_until=NOW,
        authorisation_url="http://127.0.0.1:9/a",
        token_url="http://127.0.0.1:9/t",
        registration_url="http://127.0.0.1:9/r",
    )
    return Connection.objects.create(
        learner_id=learner,
        host=host,
        open_key=f"{learner}:{host.pk}",
        connected_at=NOW,
        sealed_access_token=encrypt("t"),
    )


@pytest.fixture
def row(connection: Connection, learner: int, credential: UUID) -> Delivery:
    info = delivery.send_credential(learner, credential, connection.pk, now=NOW)
    return Delivery.objects.get(pk=info.id)


def test_a_row_is_claimed_by_one_worker_only(row: Delivery):
    assert len(delivery.claim_due(NOW, 5, "one")) == 1
    assert delivery.claim_due(NOW, 5, "two") == ()


def test_a_row_is_not_claimed_before_its_time(row: Delivery):
    assert delivery.claim_due(NOW - MINUTE, 5, "one") == ()


def test_a_dead_workers_row_is_taken_again_when_its_lease_ends_and_the_loss_is_written_down(row: Delivery):
    delivery.claim_due(NOW, 5, "one")
    assert delivery.claim_due(NOW + LEASE - MINUTE, 5, "two") == ()
    [claim] = delivery.claim_due(NOW + LEASE, 5, "two")
    assert claim.delivery_id == row.pk
    lost = DeliveryAttempt.objects.get()
    assert (lost.outcome, lost.worker, lost.started_at) == ("lost", "one", NOW)


def test_the_late_result_of_a_worker_given_up_for_dead_changes_nothing(row: Delivery, guard: OutboundGuard):
    [late] = delivery.claim_due(NOW, 5, "one")
    delivery.claim_due(NOW + LEASE, 5, "two")
    outcome = delivery.deliver(late, now=NOW + LEASE, guard=guard)
    assert outcome.code == "claim_lost"
    row.refresh_from_db()
    assert (row.state, row.claimed_by) == (Delivery.State.CLAIMED, "two")


def test_a_lease_is_renewed_by_its_holder(row: Delivery):
    [claim] = delivery.claim_due(NOW, 5, "one")
    assert renew_claim(claim, now=NOW + MINUTE)
    assert delivery.claim_due(NOW + LEASE, 5, "two") == ()


def test_a_worker_that_dies_every_time_does_not_try_for_ever(row: Delivery, guard: OutboundGuard, settings):
    settings.MICROCRED = {**settings.MICROCRED, "DELIVERY_MAX_ATTEMPTS": 3}
    for turn in range(2):
        delivery.claim_due(NOW + turn * LEASE, 1, "dying")
    done = delivery.deliver_due(NOW + 2 * LEASE, worker="last", guard=guard)
    assert done == delivery.WorkDone(failed=1)


def test_nothing_listens_at_the_address_and_the_row_waits(row: Delivery, guard: OutboundGuard):
    assert delivery.deliver_due(NOW, guard=guard) == delivery.WorkDone(postponed=1)
    row.refresh_from_db()
    assert row.last_code == "host_unreachable"


def test_the_database_refuses_a_second_row_of_the_same_pair(row: Delivery):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            credential_id=row.credential_id, connection_id=row.connection_id, created_at=NOW
        )


def test_the_database_refuses_a_second_open_connection_of_the_same_pair(connection: Connection):
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(
            learner_id=connection.learner_id,
            host=connection.host,
            open_key=connection.open_key,
            connected_at=NOW,
        )


def test_history_is_only_ever_added_to(row: Delivery, guard: OutboundGuard):
    delivery.deliver_due(NOW, guard=guard)
    attempt = DeliveryAttempt.objects.get()
    attempt.outcome = "delivered"
    with pytest.raises(AppendOnlyViolation):
        attempt.save()
    with pytest.raises(AppendOnlyViolation):
        DeliveryAttempt.objects.all().update(outcome="delivered")


def test_an_award_that_is_rolled_back_leaves_no_outbox_row(
    connection: Connection, credential: UUID, learner: int
):
    Connection.objects.update(auto_send=True)

    class Abort(Exception):
        pass

    with pytest.raises(Abort), transaction.atomic():
        assert delivery.enqueue_for_connections(credential, learner_id=learner, now=NOW) == 1
        raise Abort
    assert not Delivery.objects.exists()


def test_many_credentials_are_put_into_the_outbox_of_every_wallet_that_wants_new_ones(
    connection: Connection, credential: UUID, learner: int, django_assert_num_queries
):
    pairs = [(str(credential), learner), (str(UUID(int=5)), learner + 1_000)]
    assert delivery.enqueue_many(pairs, now=NOW) == 0
    Connection.objects.update(auto_send=True, broken_at=None)
    with django_assert_num_queries(2), transaction.atomic(savepoint=False):
        assert delivery.enqueue_many(pairs, now=NOW) == 1
    row = Delivery.objects.get()
    assert (row.credential_id, row.connection_id, row.next_attempt_at) == (credential, connection.pk, NOW)
    Delivery.objects.all().delete()
    Connection.objects.update(broken_at=NOW)
    delivery.enqueue_many(pairs, now=NOW)
    assert Delivery.objects.get().next_attempt_at is None
    Delivery.objects.all().delete()
    Connection.objects.update(disconnected_at=NOW)
    assert delivery.enqueue_many(pairs, now=NOW) == delivery.enqueue_many([], now=NOW) == 0


def test_a_worker_is_woken_after_the_commit_only(
    connection: Connection, credential: UUID, learner: int, django_capture_on_commit_callbacks
):
    from microcred_app.applets.delivery.signals import deliveries_waiting

    heard: list[int] = []

    def listen(*, count: int, **_kwargs: object) -> None:
        heard.append(count)

    deliveries_waiting.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=False) as callbacks:
            delivery.send_credential(learner, credential, connection.pk, now=NOW)
        assert heard == []
        for callback in callbacks:
            callback()
    finally:
        deliveries_waiting.disconnect(listen)
    assert heard == [1]
