"""Badges into a backpack of the older kind: discovery, permission, the assertion, and what its address tells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import Connection, Delivery, DeliveryAttempt, Host, HostedAssertion
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.issuance.models import Credential
from microcred_app.ob3.assertion import NoAddressInCredential, assertion_from
from tests.fixtures.credentials import NOW, earn_badge, make_learner

from .backpack import SCOPE, Backpack, conforms, running_backpack
from .conftest import read_answer

HOUR = timedelta(hours=1)
OK = {"status": {"statusCode": 200, "statusText": "OK"}}


@pytest.fixture
def backpack() -> Iterator[Backpack]:
    with running_backpack() as found:
        yield found
        assert found.wrong == [], "something that was sent is not as the official description demands"


@pytest.fixture
def walk(backpack: Backpack, guard: OutboundGuard) -> Callable[..., delivery.ConnectionInfo]:
    def connect(learner_id: int) -> delivery.ConnectionInfo:
        page = delivery.connect_start(learner_id, backpack.url, now=NOW, guard=guard)
        answer = read_answer(backpack.consent(page))
        return delivery.connect_finish(learner_id, **answer, now=NOW, guard=guard).connection

    return connect


@pytest.fixture
def work(guard: OutboundGuard) -> Callable[..., delivery.WorkDone]:
    return lambda now=NOW: delivery.deliver_due(now, worker="test", guard=guard)


@pytest.fixture
def sent(walk: Any, learner: int, credential: UUID) -> delivery.DeliveryInfo:
    return delivery.send_credential(learner, credential, walk(learner).id, now=NOW)


def state_of(info: delivery.DeliveryInfo) -> tuple[str, str]:
    row = Delivery.objects.select_related("connection").get(pk=info.id)
    told = delivery.get_delivery(row.connection.learner_id, info.id)
    return told.state, told.code


def read(client: Client, address: str) -> Any:
    return client.get(address.removeprefix("http://127.0.0.1:8000"))


def test_the_manifest_is_found_where_there_is_no_service_description(
    walk: Any, backpack: Backpack, learner: int
) -> None:
    assert conforms("ManifestDType", {k: v for k, v in backpack.described().items() if k != "@context"}) == []
    found = walk(learner)
    assert (found.host_name, found.account_name, found.publishes) == ("Old backpack", "Amina", True)
    host = Host.objects.get()
    assert (host.protocol, host.api_base) == ("bc21", backpack.api)
    (client,) = backpack.clients.values()
    assert client["scope"].split()[:2] == [SCOPE + "assertion.create", SCOPE + "assertion.readonly"]


def test_a_pasted_manifest_address_means_its_host(
    backpack: Backpack, learner: int, guard: OutboundGuard
) -> None:
    typed = f"{backpack.url}/.well-known/badgeconnect.json"
    assert delivery.connect_start(learner, typed, now=NOW, guard=guard).startswith(backpack.url)


@pytest.mark.parametrize(
    "name", ["tokenUrl", "authorizationUrl", "registrationUrl", "apiBase", "tokenRevocationUrl"]
)
def test_a_manifest_that_names_another_computer_is_refused(
    name: str, backpack: Backpack, learner: int, guard: OutboundGuard
) -> None:
    """Mix-up: an honest consent page with a hostile token address would hand over the learner's permission."""
    backpack.manifest = lambda entry: {**entry, name: "https://evil.example/x"}
    with pytest.raises(delivery.AnswerUnusable, match="another computer"):
        delivery.connect_start(learner, backpack.url, now=NOW, guard=guard)
    assert not Host.objects.exists()
    assert backpack.clients == {}


def test_an_operator_may_say_that_two_origins_belong_together(
    backpack: Backpack, learner: int, guard: OutboundGuard, settings: Any
) -> None:
    backpack.manifest = lambda entry: {**entry, "authorizationUrl": "https://consent.example/yes?x=1"}
    pair = [backpack.url, "https://consent.example"]
    settings.MICROCRED = {**settings.MICROCRED, "BADGE_CONNECT_ORIGINS": [pair]}
    page = delivery.connect_start(learner, backpack.url, now=NOW, guard=guard)
    assert page.startswith("https://consent.example/yes?x=1&response_type=code")


@pytest.mark.parametrize(
    "change",
    [
        {"version": "v9p9"},
        {"tokenUrl": None},
        {"tokenUrl": 7},
        {"apiBase": "http://[bad"},
        {"scopesOffered": "everything"},
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(
    change: dict[str, Any], backpack: Backpack, learner: int, guard: OutboundGuard
) -> None:
    backpack.manifest = lambda entry: {**entry, **change}
    with pytest.raises(delivery.AnswerUnusable):
        delivery.connect_start(learner, backpack.url, now=NOW, guard=guard)


def test_the_backpack_gets_an_assertion_that_its_address_confirms(
    sent: Any, work: Any, backpack: Backpack, credential: UUID, client: Client
) -> None:
    assert work() == delivery.WorkDone(delivered=1)
    (assertion,) = backpack.held
    hosted = read(client, assertion["id"])
    assert hosted.status_code == 200
    assert hosted.json() == assertion
    assert hosted["Access-Control-Allow-Origin"] == "*"
    badge = read(client, assertion["badge"]).json()
    issuer = read(client, badge["issuer"]).json()
    assert (badge["type"], badge["name"], badge["id"]) == ("BadgeClass", "Badge puncture", assertion["badge"])
    assert badge["criteria"]["narrative"]
    assert (issuer["type"], issuer["name"], issuer["id"]) == ("Issuer", "A school", badge["issuer"])
    assert assertion["verification"] == {"type": "HostedBadge"}
    who = assertion["recipient"]
    digest = hashlib.sha256(("amina@example.org" + who["salt"]).encode()).hexdigest()
    assert who["identity"] == f"sha256${digest}"
    signed = json.loads(bytes(Credential.objects.get(pk=credential).document))
    assert assertion["issuedOn"] == signed["awardedDate"]
    text = json.dumps([assertion, badge, issuer])
    assert "Diallo" not in text and "amina@" not in text, "a public page names nobody"


def test_nothing_is_public_before_the_holder_sends_it(
    walk: Any, learner: int, credential: UUID, client: Client
) -> None:
    walk(learner)
    assert not HostedAssertion.objects.exists()
    assert client.get(f"/microcred/ob2/assertions/{credential}").status_code == 404


def test_a_lost_answer_does_not_make_a_second_badge(sent: Any, work: Any, backpack: Backpack) -> None:
    backpack.answers = [((0, {}, b""), True)]
    work()
    assert state_of(sent) == ("waiting", "host_unreachable")
    work(NOW + HOUR)
    assert state_of(sent) == ("sent", "already_there")
    assert (len(backpack.held), backpack.posts) == (1, 1)


def test_without_permission_to_look_it_is_sent_all_the_same(
    backpack: Backpack, walk: Any, work: Any, learner: int, credential: UUID
) -> None:
    backpack.scopes = ("assertion.create",)
    info = delivery.send_credential(learner, credential, walk(learner).id, now=NOW)
    work()
    assert state_of(info) == ("sent", "created")


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        ((500, {}, b"<html>"), "waiting", "host_problem"),
        ((429, {"Retry-After": "60"}, {}), "waiting", "too_busy"),
        ((200, {}, b"<html>Sign in</html>"), "waiting", "not_confirmed"),
        ((200, {}, {"status": {"statusCode": 400, "error": "no such badge"}}), "failed", "refused"),
        (
            (
                400,
                {},
                {
                    "status": {
                        "statusCode": 400,
                        "error": "Not yours.",
                        "statusText": "RECIPIENT_PROFILE_MISMATCH",
                    }
                },
            ),
            "failed",
            "refused",
        ),
    ],
)
def test_what_a_backpack_answers(
    answer: Any, state: str, code: str, sent: Any, work: Any, backpack: Backpack
) -> None:
    backpack.answers = [(answer, False)]
    work()
    assert state_of(sent) == (state, code)
    if answer[0] == 400:
        assert Delivery.objects.get().last_detail == "Not yours. (RECIPIENT_PROFILE_MISMATCH)"


def test_tokens_are_renewed_when_the_backpack_knows_them_no_more(
    sent: Any, work: Any, backpack: Backpack
) -> None:
    backpack.expire_tokens()
    work()
    assert state_of(sent) == ("sent", "created")
    assert [row.outcome for row in DeliveryAttempt.objects.all()] == ["delivered"]


def test_a_permission_that_was_taken_back_asks_for_the_learner(
    sent: Any, work: Any, backpack: Backpack
) -> None:
    backpack.expire_tokens()
    backpack.refresh.clear()
    work()
    assert state_of(sent) == ("paused", "needs_reconnect")


def test_disconnecting_gives_the_token_back_where_the_manifest_says(
    sent: Any, work: Any, backpack: Backpack, learner: int, guard: OutboundGuard
) -> None:
    work()
    delivery.disconnect(learner, sent.connection_id, now=NOW, guard=guard)
    assert len(backpack.revoked) == 1
    assert bytes(Connection.objects.get().sealed_access_token) == b""


def test_a_revoked_badge_says_so_at_its_address(
    sent: Any, work: Any, backpack: Backpack, credential: UUID, client: Client
) -> None:
    work()
    award = Credential.objects.get(pk=credential).award_id
    awards.reverse_award(str(award), reason="Amina cheated", actor_id=None, now=NOW)
    answer = read(client, backpack.held[0]["id"])
    assert answer.status_code == 410
    told = answer.json()
    assert (told["revoked"], told["id"]) == (True, backpack.held[0]["id"])
    assert "Amina" not in answer.content.decode(), "a reason may speak of the learner"


def test_the_holder_takes_the_address_back_and_opens_it_by_sending_again(
    sent: Any, work: Any, backpack: Backpack, learner: int, credential: UUID, client: Client
) -> None:
    work()
    address = backpack.held[0]["id"]
    assert delivery.hosted_of(credential) == address
    with pytest.raises(delivery.AssertionNotFound):
        delivery.withdraw_hosted(make_learner("bruno"), credential, now=NOW)
    assert read(client, address).status_code == 200, "nobody else takes it back"
    delivery.withdraw_hosted(learner, credential, now=NOW)
    assert read(client, address).status_code == 404
    Delivery.objects.update(state="pending", next_attempt_at=NOW)
    work(NOW + HOUR)
    assert state_of(sent) == ("failed", "withdrawn"), "nothing goes on being sent by itself"
    delivery.send_credential(learner, credential, sent.connection_id, now=NOW + HOUR)
    work(NOW + 2 * HOUR)
    assert state_of(sent) == ("sent", "already_there")
    assert read(client, address).status_code == 200


def test_a_badge_made_out_to_a_wallets_key_cannot_be_said_in_this_form(credential: UUID) -> None:
    signed = json.loads(bytes(Credential.objects.get(pk=credential).document))
    signed["credentialSubject"]["identifier"] = []
    with pytest.raises(NoAddressInCredential):
        assertion_from(signed, address="https://a.example/1", badge_address="https://a.example/2")


def test_the_backpack_is_compared_and_what_is_missing_comes_back(
    sent: Any, work: Any, backpack: Backpack, guard: OutboundGuard, learner: int
) -> None:
    work()
    whole = delivery.compare_wallet(sent.connection_id, now=NOW + HOUR, guard=guard)
    assert (whole.held, whole.to_send, whole.code) == (1, 0, "")
    backpack.held.clear()
    lost = delivery.compare_wallet(sent.connection_id, now=NOW + HOUR, guard=guard)
    assert len(lost.missing) == 1
    assert delivery.deliver_missing(lost, actor_id=None, now=NOW + HOUR) == 1
    work(NOW + HOUR)
    assert len(backpack.held) == 1


def test_a_new_badge_goes_there_by_itself_if_the_learner_wishes(
    walk: Any, work: Any, backpack: Backpack, learner: int
) -> None:
    delivery.set_auto_send(learner, walk(learner).id, wanted=True)
    earn_badge(learner, "chain")
    work()
    assert [entry["type"] for entry in backpack.held] == ["Assertion"]
