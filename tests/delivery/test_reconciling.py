"""What a wallet lost is delivered again; what cannot be seen for certain is left alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.errors import HostUnreachable
from microcred_app.applets.delivery.holdings import mark_of, read_holdings
from microcred_app.applets.delivery.models import Connection, Delivery
from microcred_app.applets.delivery.outbound_guard import GuardedResponse, OutboundGuard
from microcred_app.applets.issuance.models import Credential
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import make_user
from tests.fixtures.credentials import NOW, earn_badge
from tests.fixtures.wallet import WalletHost

from .conftest import Connect

ME = "did:key:me"


class PaperHost:
    """Answers pages of entries from memory, instead of the guard's network."""

    def __init__(self, entries: list[Any], **headers: str) -> None:
        self.entries, self.headers, self.asked = entries, headers, 0
        self.answer: Callable[[int], GuardedResponse] | None = None
        self.max_bytes, self.seconds = 1, 1.0

    def request(self, _method: str, url: str, *, headers: dict[str, str]) -> GuardedResponse:
        self.asked += 1
        if self.answer is not None:
            return self.answer(self.asked)
        query = parse_qs(urlsplit(url).query)
        begin, limit = int(query["offset"][0]), int(query["limit"][0])
        body = json.dumps({"credential": self.entries[begin : begin + limit]}).encode()
        return GuardedResponse(200, {"x-total-count": str(len(self.entries)), **self.headers}, body, url)


def read(host: PaperHost, *wanted: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("microcred_app.applets.delivery.holdings.replace", lambda guard, **_changes: guard)
    return read_holdings("https://w.example", "token", {(ME, key) for key in wanted}, guard=host)  # type: ignore[arg-type]


def badge(key: str, issuer: Any = ME) -> dict[str, Any]:
    return {"id": key, "issuer": issuer}


def test_all_pages_are_read_until_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    host = PaperHost([badge(f"b{number}", {"id": ME}) for number in range(250)])
    found = read(host, "b0", "b120", monkeypatch=monkeypatch)
    assert (found.complete, len(found.held), host.asked) == (True, 2, 2)
    found = read(host, "b0", "lost", monkeypatch=monkeypatch)
    assert (found.complete, found.held) == (True, {(ME, "b0")})


def test_the_same_id_of_another_issuer_is_another_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(PaperHost([badge("b", "did:key:else")]), "b", monkeypatch=monkeypatch).held == frozenset()


def test_tokens_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    def token(claims: dict[str, Any]) -> str:
        part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return f"e30.{part}.sig"

    host = PaperHost([])
    tokens = [token(badge("one")), token({"iss": ME, "jti": "two", "vc": {}})]
    body = json.dumps({"compactJwsString": tokens}).encode()
    host.answer = lambda _number: GuardedResponse(200, {"x-total-count": "2"}, body, "")
    assert len(read(host, "one", "two", monkeypatch=monkeypatch).held) == 2


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"credential": ["?"]}', b'{"compactJwsString": ["a.b"]}']
)
def test_what_cannot_be_read_proves_nothing(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    host = PaperHost([])
    host.answer = lambda _number: GuardedResponse(200, {}, body, "")
    assert not read(host, "b", monkeypatch=monkeypatch).complete


def test_a_host_that_goes_in_circles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    page = json.dumps({"credential": [badge(f"b{number}") for number in range(100)]}).encode()
    host = PaperHost([])
    host.answer = lambda _number: GuardedResponse(200, {"x-total-count": "999999"}, page, "")
    found = read(host, "lost", monkeypatch=monkeypatch)
    assert (found.complete, host.asked) == (False, 2)


def test_a_host_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def page(number: int) -> GuardedResponse:
        entries = [badge(f"{number}-{entry}") for entry in range(100)]
        return GuardedResponse(200, {}, json.dumps({"credential": entries}).encode(), "")

    host = PaperHost([])
    host.answer = page
    found = read(host, "lost", monkeypatch=monkeypatch)
    assert (found.complete, found.problem, host.asked) == (False, "too_many", 100)


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, "needs_reconnect"),
        (403, "no_permission"),
        (429, "too_busy"),
        (503, "host_problem"),
        (404, "refused"),
    ],
)
def test_a_refusal_says_why(status: int, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    host = PaperHost([])
    host.answer = lambda _number: GuardedResponse(status, {}, b"", "")
    assert read(host, "b", monkeypatch=monkeypatch).problem == problem


def test_a_host_that_is_away_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_number: int) -> GuardedResponse:
        raise HostUnreachable("away")

    host = PaperHost([])
    host.answer = away
    assert read(host, "b", monkeypatch=monkeypatch).problem == "host_unreachable"


@pytest.fixture
def delivered(
    learner: int, credential: UUID, connect: Connect, guard: OutboundGuard
) -> delivery.ConnectionInfo:
    """Two badges in a real wallet."""
    connection = connect(learner)
    for one in (credential, earn_badge(learner, "chain")):
        delivery.send_credential(learner, one, connection.id, now=NOW)
    assert delivery.deliver_due(NOW, guard=guard).delivered == 2
    return connection


def forget(wallet_host: WalletHost) -> None:
    """The wallet loses everything."""
    wallet_host.query("delete from wallet_host_keptbadge where 1 = ?", 1)


LATER = NOW + timedelta(minutes=5)


def test_a_wallet_that_holds_everything_is_left_alone(
    delivered: delivery.ConnectionInfo, guard: OutboundGuard
) -> None:
    found = delivery.compare_wallet(delivered.id, now=LATER, guard=guard)
    assert (found.delivered, found.held, found.missing, found.code) == (2, 2, (), "")


def test_what_a_wallet_lost_is_delivered_again(
    delivered: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost
) -> None:
    forget(wallet_host)
    found = delivery.compare_wallet(delivered.id, now=LATER, guard=guard)
    assert (found.held, len(found.missing)) == (0, 2)
    assert delivery.deliver_missing(found, actor_id=None, now=LATER, reason="The host lost its disk") == 2
    assert delivery.deliver_missing(found, actor_id=None, now=LATER) == 0
    assert delivery.deliver_due(LATER, guard=guard).delivered == 2
    assert delivery.compare_wallet(delivered.id, now=LATER + timedelta(minutes=5), guard=guard).held == 2
    entry = AuditEntry.objects.get(action="deliveries.reconciled")
    assert (entry.reason, entry.details["deliveries"]) == ("The host lost its disk", 2)


def test_a_copy_that_the_host_did_not_take_over_is_seen_and_sent_again(
    delivered: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost, credential: UUID
) -> None:
    """The host answered that it replaced the badge and kept the edition before."""
    row = Credential.objects.get(pk=credential)
    before = json.loads(bytes(row.document))
    old = {**before, "validFrom": "2020-01-01T00:00:00Z"}
    wallet_host.query(
        "update wallet_host_keptbadge set document = ?, valid_from = '2020-01-01 00:00:00' where document = ?",
        json.dumps(old).encode(), bytes(row.document),
    )  # fmt: skip
    found = delivery.compare_wallet(delivered.id, now=LATER, guard=guard)
    assert (found.held, found.missing, len(found.differing)) == (2, (), 1)
    assert delivery.deliver_missing(found, actor_id=None, now=LATER) == 1
    assert Delivery.objects.get(state="pending").last_code == "differs_there"
    assert delivery.deliver_due(LATER, guard=guard).delivered == 1
    again = delivery.compare_wallet(delivered.id, now=LATER + timedelta(minutes=5), guard=guard)
    assert (again.held, again.to_send) == (2, 0)


def test_how_a_host_writes_json_does_not_matter_but_its_proof_does() -> None:
    signed = {"issuer": ME, "id": "b", "validFrom": "2026-01-01T00:00:00Z", "proof": {"proofValue": "z1"}}
    assert mark_of(signed) == mark_of(
        json.loads(json.dumps({**signed, "proof": [signed["proof"]]}, indent=3))
    )
    assert mark_of(signed) != mark_of({**signed, "proof": {"proofValue": "z2"}})


def test_one_right_copy_beside_an_old_one_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microcred_app.applets.delivery.holdings.replace", lambda guard, **_changes: guard)
    old, new = ({**badge("b"), "validFrom": f"{year}-01-01T00:00:00Z"} for year in (2025, 2026))
    wanted = {(ME, "b"): mark_of(new)}
    for entries, differing in (([old, new], 0), ([old], 1), ([new], 0)):
        found = read_holdings("https://w.example", "token", wanted, guard=PaperHost(entries))  # type: ignore[arg-type]
        assert (len(found.held), len(found.differing)) == (1, differing)


def test_what_was_revoked_or_disconnected_meanwhile_does_not_come_back(
    delivered: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost, credential: UUID
) -> None:
    forget(wallet_host)
    found = delivery.compare_wallet(delivered.id, now=LATER, guard=guard)
    Credential.objects.filter(pk=credential).update(revoked_at=LATER)
    assert delivery.deliver_missing(found, actor_id=None, now=LATER) == 1
    Delivery.objects.update(state="delivered", next_attempt_at=None, delivered_at=NOW)
    Connection.objects.update(disconnected_at=LATER)
    assert delivery.deliver_missing(found, actor_id=None, now=LATER) == 0
    assert list(delivery.wallets_delivered_to()) == []


def test_nobody_without_the_office_sends_again(
    delivered: delivery.ConnectionInfo, guard: OutboundGuard, wallet_host: WalletHost
) -> None:
    forget(wallet_host)
    found = delivery.compare_wallet(delivered.id, now=LATER, guard=guard)
    with pytest.raises(permissions.NotAllowed):
        delivery.deliver_missing(found, actor_id=make_user("stranger"), now=LATER)
    assert Delivery.objects.filter(state="delivered").count() == 2


def test_the_command_tells_first_and_then_does(
    delivered: delivery.ConnectionInfo, wallet_host: WalletHost, learner: int
) -> None:
    forget(wallet_host)
    out = StringIO()
    call_command("microcred_reconcile", "--dry-run", stdout=out)
    assert (
        "1 wallets, 0 could not be read to the end, 2 badges missing, 0 held as another copy, 0 to be delivered"
        in out.getvalue()
    )
    out = StringIO()
    call_command("microcred_reconcile", "--organisation", "school", "--learner", "amina", stdout=out)
    assert "2 badges missing, 0 held as another copy, 2 to be delivered again" in out.getvalue()
    assert Delivery.objects.filter(state="pending", last_code="missing_there").count() == 2
    with pytest.raises(CommandError):
        call_command("microcred_reconcile", "--organisation", "nowhere")
