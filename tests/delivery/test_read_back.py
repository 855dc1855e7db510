"""The worker looks by itself whether wallets still hold what was sent, and fights with nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client

from microcred_app import tasks
from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery import read_back as room
from microcred_app.applets.delivery.models import (
    Connection,
    Delivery,
    Host,
    LostCopy,
    TargetHealth,
    WalletReading,
)
from microcred_app.applets.delivery.outbound_guard import GuardedResponse, OutboundGuard
from microcred_app.applets.delivery.pushing_again import push_again
from microcred_app.applets.issuance.models import Credential
from microcred_app.operation import read_figures
from microcred_app.pages.wallet_sentences import say_delivery
from microcred_app.rest.figures import as_text
from tests.fixtures.credentials import NOW, earn_badge
from tests.fixtures.wallet import WalletHost

from .conftest import Connect

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def sent(learner: int, credential: UUID, connect: Connect, guard: OutboundGuard) -> delivery.ConnectionInfo:
    """Two badges in a real wallet."""
    connection = connect(learner)
    for one in (credential, earn_badge(learner, "chain")):
        delivery.send_credential(learner, one, connection.id, now=NOW)
    assert delivery.deliver_due(NOW, guard=guard).delivered == 2
    return connection


def read(guard: OutboundGuard, at: datetime, **given: Any) -> delivery.ReadBack:
    """What is due at a moment; the clock stands still."""
    return delivery.read_back(lambda: at, guard=guard, **given)


def push(guard: OutboundGuard, at: datetime) -> int:
    return delivery.deliver_due(at, guard=guard).delivered


def lose(wallet_host: WalletHost, how_many: int = 99) -> None:
    """The first badges in the wallet are deleted."""
    wallet_host.query(
        "delete from wallet_host_keptbadge where id in (select id from wallet_host_keptbadge order by id limit ?)",
        how_many,
    )


def test_a_wallet_is_read_some_time_after_a_push_and_then_seldom(
    sent: delivery.ConnectionInfo, guard: OutboundGuard
) -> None:
    first = WalletReading.objects.get()
    assert NOW + timedelta(minutes=20) <= first.next_at <= NOW + timedelta(minutes=41)
    assert read(guard, NOW + timedelta(minutes=19)).total == 0
    assert read(guard, NOW + HOUR) == delivery.ReadBack(read=1)
    again = WalletReading.objects.get()
    assert NOW + HOUR + 0.79 * WEEK < again.next_at < NOW + HOUR + 1.21 * WEEK
    assert (again.last_code, again.read_at) == ("", NOW + HOUR)
    assert read(guard, NOW + 2 * HOUR).total == 0
    assert Delivery.objects.filter(state="delivered").count() == 2


def test_a_push_brings_the_next_reading_forward(
    sent: delivery.ConnectionInfo, guard: OutboundGuard, learner: int
) -> None:
    read(guard, NOW + HOUR)
    delivery.send_credential(learner, earn_badge(learner, "brakes"), sent.id, now=NOW + 2 * HOUR)
    assert push(guard, NOW + 2 * HOUR) == 1
    assert WalletReading.objects.get().next_at < NOW + 3 * HOUR


def test_what_is_young_is_not_looked_for(
    sent: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost, learner: int
) -> None:
    delivery.send_credential(learner, earn_badge(learner, "brakes"), sent.id, now=NOW + HOUR)
    assert push(guard, NOW + HOUR) == 1
    wallet_host.query(
        "delete from wallet_host_keptbadge where id = (select max(id) from wallet_host_keptbadge where ?)", 1
    )
    assert read(guard, NOW + HOUR + timedelta(minutes=1)) == delivery.ReadBack(read=1)
    assert WalletReading.objects.get().next_at < NOW + 2 * HOUR  # the young one has its turn soon
    assert read(guard, NOW + 3 * HOUR).again == 1


def test_a_lost_copy_is_sent_again_once_and_then_left_alone(
    sent: delivery.ConnectionInfo,
    guard: OutboundGuard,
    wallet_host: WalletHost,
    learner: int,
    credential: UUID,
) -> None:
    lose(wallet_host, 1)
    assert read(guard, NOW + HOUR) == delivery.ReadBack(read=1, again=1)
    assert push(guard, NOW + HOUR) == 1
    assert len(wallet_host.kept("amina")) == 2
    assert AuditEntry.objects.get(action="deliveries.reconciled").details["deliveries"] == 1

    lose(wallet_host, 2)  # its owner means it; the other goes for the first time
    assert read(guard, NOW + 3 * HOUR) == delivery.ReadBack(read=1, again=1, left_alone=1)
    assert push(guard, NOW + 3 * HOUR) == 1
    assert len(wallet_host.kept("amina")) == 1
    assert read(guard, NOW + 2 * WEEK) == delivery.ReadBack(read=1)
    assert push(guard, NOW + 2 * WEEK) == 0

    copy = delivery.list_deliveries(learner, credential)[0]
    assert (copy.state, copy.code) == ("lost", "gone_again")
    assert "we leave it at that" in say_delivery(copy)
    assert (
        delivery.get_connection(learner, sent.id).lost_count,
        delivery.get_connection(learner, sent.id).sent_count,
    ) == (1, 1)
    told = as_text(read_figures(NOW + 2 * WEEK)).decode()
    assert 'microcred_copies{state="left_alone"} 1.0' in told
    figures = delivery.copy_figures()
    assert (figures.wallets, figures.unread, figures.sent_again, figures.left_alone) == (1, 0, 1, 1)
    assert delivery.copy_figures(issuer_slugs=["nobody"]).left_alone == 0


@pytest.fixture
def gone(
    sent: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost
) -> delivery.ConnectionInfo:
    """A wallet whose owner deleted everything twice."""
    for hours in (1, 3):
        lose(wallet_host)
        read(guard, NOW + hours * HOUR)
        push(guard, NOW + hours * HOUR)
    assert wallet_host.kept("amina") == []
    return sent


def test_not_even_a_newer_edition_goes_there(
    gone: delivery.ConnectionInfo, guard: OutboundGuard, credential: UUID
) -> None:
    assert push_again([str(credential)], now=NOW + 4 * HOUR) == 0
    assert push(guard, NOW + 4 * HOUR) == 0


def test_its_owner_can_send_it_again(
    gone: delivery.ConnectionInfo,
    guard: OutboundGuard,
    wallet_host: WalletHost,
    learner: int,
    credential: UUID,
) -> None:
    info = delivery.send_credential(learner, credential, gone.id, now=NOW + 4 * HOUR)
    assert info.state == "waiting"
    assert push(guard, NOW + 4 * HOUR) == 1
    assert len(wallet_host.kept("amina")) == 1
    assert delivery.list_deliveries(learner, credential)[0].state == "sent"
    assert delivery.copy_figures().left_alone == 1
    assert read(guard, NOW + 6 * HOUR) == delivery.ReadBack(read=1)


def test_an_operator_can_deliver_it_again(
    gone: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost
) -> None:
    found = delivery.compare_wallet(gone.id, now=NOW + 4 * HOUR, guard=guard)
    assert delivery.deliver_missing(found, actor_id=None, now=NOW + 4 * HOUR) == 2
    assert push(guard, NOW + 4 * HOUR) == 2
    assert len(wallet_host.kept("amina")) == 2


def test_pages_say_so(gone: delivery.ConnectionInfo, learner: int, credential: UUID) -> None:
    browser = Client()
    browser.force_login(Connection.objects.get().learner)
    assert "2 badges that were sent are gone" in browser.get("/microcred/my/wallets/").content.decode()
    page = browser.get(f"/microcred/my/wallets/send/{credential}/").content.decode()
    assert "we leave it at that" in page and "again</button>" in page


def test_a_copy_that_is_another_is_replaced_once(
    sent: delivery.ConnectionInfo,
    guard: OutboundGuard,
    wallet_host: WalletHost,
    credential: UUID,
    learner: int,
) -> None:
    row = Credential.objects.get(pk=credential)

    def turn_back() -> None:
        old = {**json.loads(bytes(row.document)), "validFrom": "2020-01-01T00:00:00Z"}
        wallet_host.query(
            "update wallet_host_keptbadge set document = ?, valid_from = '2020-01-01 00:00:00' where document = ?",
            json.dumps(old).encode(), bytes(row.document),
        )  # fmt: skip

    turn_back()
    assert read(guard, NOW + HOUR).again == 1
    assert push(guard, NOW + HOUR) == 1
    turn_back()
    assert read(guard, NOW + 3 * HOUR).left_alone == 1
    assert "keeps an older copy" in say_delivery(delivery.list_deliveries(learner, credential)[0])
    # What is held gets its newer editions as before: nobody said that they do not want it.
    assert push_again([str(credential)], now=NOW + 4 * HOUR) == 1


class HostileHost:
    """Answers with whatever the test says, instead of the guard's network."""

    def __init__(self, answer: Callable[[int], GuardedResponse]) -> None:
        self.answer, self.asked = answer, 0
        self.max_bytes, self.seconds = 1, 1.0

    def request(self, _method: str, url: str, **_given: Any) -> GuardedResponse:
        self.asked += 1
        return self.answer(self.asked)


def page_of(entries: list[Any], **headers: str) -> GuardedResponse:
    return GuardedResponse(200, headers, json.dumps({"credential": entries}).encode(), "")


@pytest.fixture
def hostile(sent: delivery.ConnectionInfo, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A host of the wallet that was sent to; its tokens are good for ever, or it would be asked for new ones first."""
    Connection.objects.update(access_expires_at=None)
    monkeypatch.setattr("microcred_app.applets.delivery.holdings.replace", lambda guard, **_changes: guard)
    return HostileHost


def test_endless_pages_end_and_nothing_is_concluded(sent: delivery.ConnectionInfo, hostile: Any) -> None:
    host = hostile(lambda n: page_of([{"id": f"{n}-{i}", "issuer": "did:key:else"} for i in range(100)]))
    assert read(host, NOW + HOUR) == delivery.ReadBack(unread=1)
    assert host.asked == 100
    assert LostCopy.objects.count() == 0
    reading = WalletReading.objects.get()
    assert (reading.last_code, reading.failures) == ("too_many", 1)
    assert reading.next_at > NOW + HOUR + timedelta(minutes=40)


def test_each_failure_waits_longer_up_to_the_usual_time(sent: delivery.ConnectionInfo, hostile: Any) -> None:
    host = hostile(lambda _n: GuardedResponse(404, {}, b"", ""))
    at, waits = NOW + HOUR, []
    for _turn in range(12):
        assert read(host, at).unread == 1
        waits.append(WalletReading.objects.get().next_at - at)
        at = WalletReading.objects.get().next_at
    assert waits[1] > waits[0] and waits[0] > 0.79 * HOUR
    assert all(wait <= 1.2 * WEEK for wait in waits) and waits[-1] > 0.79 * WEEK
    assert TargetHealth.objects.filter(failures_in_row__gt=0).count() == 0  # that host works, pushes go on


def test_a_host_that_says_it_holds_nothing_gets_each_copy_once_more(
    sent: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost, hostile: Any
) -> None:
    liar = hostile(lambda _n: page_of([], **{"x-total-count": "0"}))
    pushed = 0
    at = NOW
    for _turn in range(6):
        at += WEEK * 2
        read(liar, at)
        pushed += push(guard, at)
    assert pushed == 2
    assert wallet_host.pushes("amina") == [2, 2]
    assert delivery.copy_figures().left_alone == 2


def test_other_peoples_credentials_are_no_answer(
    sent: delivery.ConnectionInfo, hostile: Any, credential: UUID
) -> None:
    real = json.loads(bytes(Credential.objects.get(pk=credential).document))
    stolen = {**real, "issuer": {"id": "did:web:evil.example"}}
    host = hostile(lambda _n: page_of([stolen, {"id": "urn:uuid:other", "issuer": "did:key:else"}]))
    assert read(host, NOW + HOUR).again == 2


def test_a_host_that_is_away_is_left_alone_by_readings_and_pushes_alike(
    sent: delivery.ConnectionInfo, hostile: Any
) -> None:
    host = hostile(lambda _n: GuardedResponse(503, {}, b"", ""))
    at = NOW + HOUR
    for _turn in range(5):
        assert read(host, at).unread == 1
        WalletReading.objects.update(next_at=at)
    place = TargetHealth.objects.get()
    assert (place.failures_in_row, place.target) == (5, f"wallet:{Host.objects.get().pk}")
    assert place.paused_until is not None and place.paused_until > at
    asked = host.asked
    assert read(host, at).total == 0 and host.asked == asked
    assert at < WalletReading.objects.get().next_at <= at + timedelta(hours=6, minutes=1)
    assert LostCopy.objects.count() == 0


def test_a_host_is_asked_for_so_many_wallets_a_minute(
    sent: delivery.ConnectionInfo, hostile: Any, settings: Any
) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "COPIES_PER_HOST_MINUTE": 1}
    mine = Connection.objects.get()
    other = Connection.objects.create(
        learner=mine.learner, host=mine.host, connected_at=NOW, sealed_access_token=mine.sealed_access_token
    )
    Delivery.objects.create(
        credential_id=Credential.objects.earliest("pk").pk, connection=other, created_at=NOW,
        state="delivered", delivered_at=NOW,
    )  # fmt: skip
    WalletReading.objects.create(connection=other, next_at=NOW)
    host = hostile(lambda _n: GuardedResponse(404, {}, b"", ""))
    assert read(host, NOW + HOUR, limit=10).total == 1
    assert read(host, NOW + HOUR + timedelta(seconds=59), limit=10).total == 0
    assert read(host, NOW + 9 * HOUR, limit=1).total == 1


def test_two_workers_do_not_read_one_wallet_twice(sent: delivery.ConnectionInfo, hostile: Any) -> None:
    inner: list[delivery.ReadBack] = []

    def answer(_n: int) -> GuardedResponse:
        inner.append(read(hostile(lambda _m: page_of([])), NOW + HOUR))
        return GuardedResponse(404, {}, b"", "")

    read(hostile(answer), NOW + HOUR)
    assert [one.total for one in inner] == [0]


def test_a_worker_that_died_leaves_the_wallet_due(sent: delivery.ConnectionInfo, hostile: Any) -> None:
    def die(_n: int) -> GuardedResponse:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(hostile(die), NOW + HOUR)
    assert WalletReading.objects.get().next_at == NOW + HOUR + room.LEASE


def test_a_wallet_that_there_is_no_time_for_stays_due(
    sent: delivery.ConnectionInfo, guard: OutboundGuard
) -> None:
    before = WalletReading.objects.values().get()
    assert read(guard, NOW + HOUR, seconds=-1.0).total == 0
    assert WalletReading.objects.values().get() == before


def test_a_bug_here_does_not_stop_the_worker(sent: delivery.ConnectionInfo, hostile: Any) -> None:
    def fail(_n: int) -> GuardedResponse:
        raise ZeroDivisionError

    assert read(hostile(fail), NOW + HOUR) == delivery.ReadBack(unread=1)
    assert WalletReading.objects.get().last_code == "internal"


def test_what_is_pushed_while_the_wallet_is_read_is_not_judged(
    sent: delivery.ConnectionInfo, hostile: Any
) -> None:
    def answer(_n: int) -> GuardedResponse:
        Delivery.objects.update(delivered_at=NOW + HOUR)  # a newer edition arrived at this moment
        return page_of([])

    assert read(hostile(answer), NOW + HOUR) == delivery.ReadBack(read=1)
    assert LostCopy.objects.count() == 0


def test_revoked_badges_and_disconnected_wallets_are_not_looked_for(
    sent: delivery.ConnectionInfo,
    guard: OutboundGuard,
    wallet_host: WalletHost,
    learner: int,
    credential: UUID,
) -> None:
    lose(wallet_host)
    Credential.objects.filter(pk=credential).update(revoked_at=NOW)
    assert read(guard, NOW + HOUR).again == 1
    delivery.disconnect(learner, sent.id, now=NOW + HOUR, guard=guard)
    assert read(guard, NOW + 2 * WEEK).total == 0
    assert WalletReading.objects.count() == 0


def test_it_can_be_turned_off(sent: delivery.ConnectionInfo, guard: OutboundGuard, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "COPIES_EVERY_DAYS": 0}
    assert read(guard, NOW + HOUR).total == 0


def test_the_worker_does_it_and_the_task_for_celery(
    sent: delivery.ConnectionInfo, wallet_host: WalletHost
) -> None:
    lose(wallet_host, 1)
    out = StringIO()
    call_command("microcred_worker", "--once", stdout=out)
    assert "Wallets were read back: 1 badges are sent again, 0 left alone." in out.getvalue()
    call_command("microcred_worker", "--once", stdout=out)
    assert len(wallet_host.kept("amina")) == 2
    WalletReading.objects.update(next_at=NOW, read_at=None)
    Delivery.objects.update(delivered_at=NOW)
    tasks.read_back_task.apply(throw=True)
    assert WalletReading.objects.get().read_at is not None


def test_a_reading_that_cannot_be_noted_loses_no_push(
    learner: int, credential: UUID, connect: Connect, guard: OutboundGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: Any, **_given: Any) -> None:
        raise OperationalError("deadlock")

    monkeypatch.setattr(WalletReading.objects, "bulk_create", locked)
    delivery.send_credential(learner, credential, connect(learner).id, now=NOW)
    assert push(guard, NOW) == 1
    assert WalletReading.objects.count() == 0
