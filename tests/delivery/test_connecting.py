"""Connecting a wallet: discovery, registration, consent, tokens; and everything that must not connect one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import AuthorisationRequest, ClientRegistration, Connection, Host
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.delivery.registration import callback_url
from microcred_app.vault import encrypt
from tests.delivery.conftest import Connect, read_answer
from tests.fixtures.credentials import NOW, make_learner
from tests.fixtures.wallet import WalletHost

SCOPE = "https://purl.imsglobal.org/spec/ob/v3p0/scope/"


@pytest.fixture
def start(wallet_host: WalletHost, guard: OutboundGuard, learner: int):
    def begin(learner_id: int = learner, **changes: object) -> str:
        return delivery.connect_start(learner_id, wallet_host.url, now=NOW, guard=guard, **changes)

    return begin


def test_the_consent_page_is_asked_for_with_pkce_state_and_the_four_scopes(start, wallet_host: WalletHost):
    address = urlsplit(start())
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == wallet_host.url
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert len(query["state"]) >= 43
    host = Host.objects.get()
    assert query["redirect_uri"].endswith(f"/microcred/my/wallets/callback/{host.pk}/")
    assert query["scope"].split() == [
        f"{SCOPE}credential.upsert",
        f"{SCOPE}credential.readonly",
        f"{SCOPE}profile.readonly",
        "offline_access",
    ]


def test_saying_yes_connects_the_wallet_and_names_the_account(
    connect: Connect, learner: int, wallet_host: WalletHost
):
    connection = connect(learner)
    assert connection.host_name == "Satchel"
    assert connection.host_url == wallet_host.url
    assert connection.account_name == "Amina Diallo"
    assert not connection.auto_send
    assert delivery.list_connections(learner) == (connection,)


def test_tokens_client_secret_and_verifier_are_not_readable_in_the_database(
    connect: Connect, learner: int, wallet_host: WalletHost
):
    connect(learner)
    [(access,)] = wallet_host.query("select token from oauth2_provider_accesstoken")
    [(refresh,)] = wallet_host.query("select token from oauth2_provider_refreshtoken")
    row = Connection.objects.get()
    registration = ClientRegistration.objects.get()
    stored = [row.sealed_access_token, row.sealed_refresh_token, registration.sealed_secret]
    for sealed in stored:
        assert bytes(sealed).startswith(b"gAAAA")  # a Fernet token
        assert access.encode() not in bytes(sealed)
        assert refresh.encode() not in bytes(sealed)


def test_one_registration_serves_every_learner(connect: Connect, learner: int, wallet_host: WalletHost):
    connect(learner)
    connect(make_learner("ben"), person="ben")
    assert ClientRegistration.objects.count() == 1
    assert wallet_host.query("select count(*) from oauth2_provider_application") == [(1,)]


def test_saying_no_connects_nothing_and_says_so(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int
):
    answer = read_answer(wallet_host.decide(start(), "amina", allow=False))
    with pytest.raises(delivery.AuthorisationDenied, match="nothing was connected"):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)
    assert delivery.list_connections(learner) == ()


def test_an_answer_works_once(start, wallet_host: WalletHost, guard: OutboundGuard, learner: int):
    answer = read_answer(wallet_host.decide(start(), "amina"))
    delivery.connect_finish(learner, **answer, now=NOW, guard=guard)
    with pytest.raises(delivery.AuthorisationNotUsable, match="used already"):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)
    assert len(delivery.list_connections(learner)) == 1


def test_an_answer_is_good_for_ten_minutes(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int
):
    answer = read_answer(wallet_host.decide(start(), "amina"))
    with pytest.raises(delivery.AuthorisationNotUsable, match="ten minutes"):
        delivery.connect_finish(learner, **answer, now=NOW + timedelta(minutes=10), guard=guard)


def test_an_answer_works_for_the_learner_who_asked_only(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int
):
    """The attack: make somebody else's browser finish my trip, so that their badges land in my wallet."""
    answer = read_answer(wallet_host.decide(start(), "amina"))
    ben = make_learner("ben")
    with pytest.raises(delivery.AuthorisationNotUsable):
        delivery.connect_finish(ben, **answer, now=NOW, guard=guard)
    assert delivery.list_connections(ben) == ()
    assert delivery.connect_finish(learner, **answer, now=NOW, guard=guard).connection


def test_a_made_up_state_finds_nothing(guard: OutboundGuard, learner: int):
    with pytest.raises(delivery.AuthorisationNotUsable):
        delivery.connect_finish(
            learner, state="x" * 43, code="c", error="", returned_to="", now=NOW, guard=guard
        )


def test_the_state_itself_is_not_stored(start):
    state = parse_qs(urlsplit(start()).query)["state"][0]
    row = AuthorisationRequest.objects.get()
    assert state not in row.state_sha256
    assert state.encode() not in bytes(row.sealed_code_verifier)


def test_an_answer_that_names_another_wallet_is_refused(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int
):
    answer = {**read_answer(wallet_host.decide(start(), "amina")), "issuer": "https://evil.example"}
    with pytest.raises(delivery.AuthorisationNotUsable, match="another wallet"):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)


def test_an_answer_that_comes_to_the_address_of_another_wallet_is_refused(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int
):
    """Mix-up: a hostile wallet sends the learner on to an honest one, with the state that was meant for itself.

    The honest wallet sends its code to the address that it was told. It must never reach the hostile token address,
    although the state is open and the honest wallet does not name itself.
    """
    hostile = Host.objects.create(
        base_url="https://evil.example",
        name="Evil",
        description_fresh_until=NOW,
        token_url="https://evil.example/t",
    )
    answer = {**read_answer(wallet_host.decide(start(), "amina")), "issuer": ""}
    AuthorisationRequest.objects.update(
        registration=ClientRegistration.objects.create(
            host=hostile,
            redirect_uri=callback_url(hostile),
            client_id="c",
            sealed_secret=encrypt("s"),
            registered_at=NOW,
        )
    )
    contacted: list[str] = []

    class Listening(OutboundGuard):
        def request(self, method: str, url: str, **rest: Any) -> Any:
            contacted.append(url)
            return super().request(method, url, **rest)

    guard = Listening(admit_loopback=True, seconds=2.0)
    with pytest.raises(delivery.AuthorisationNotUsable, match="another wallet"):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)
    assert contacted == []
    # The state is used up by the attempt: the code cannot be carried to the other address afterwards either.
    with pytest.raises(delivery.AuthorisationNotUsable, match="used already"):
        delivery.connect_finish(
            learner, **{**answer, "returned_to": callback_url(hostile)}, now=NOW, guard=guard
        )


@pytest.mark.parametrize("issuer", ["https://evil.example", "http://[", "evil", "https://"])
def test_a_strange_name_in_the_answer_is_refused_and_breaks_nothing(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int, issuer: str
):
    answer = {**read_answer(wallet_host.decide(start(), "amina")), "issuer": issuer}
    with pytest.raises(delivery.AuthorisationNotUsable, match="another wallet"):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)


def test_a_made_up_code_is_refused_by_the_wallet(start, guard: OutboundGuard, learner: int):
    query = parse_qs(urlsplit(start()).query)
    answer = {
        "state": query["state"][0],
        "returned_to": query["redirect_uri"][0],
        "code": "made-up",
        "error": "",
    }
    with pytest.raises(delivery.DeliveryError):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)
    assert delivery.list_connections(learner) == ()


def test_a_host_that_forgot_us_is_registered_with_again_next_time(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int, connect: Connect
):
    answer = read_answer(wallet_host.decide(start(), "amina"))
    wallet_host.query("delete from oauth2_provider_grant")
    wallet_host.query("delete from wallet_host_clientdetails")
    wallet_host.query("delete from oauth2_provider_application")
    with pytest.raises(delivery.DeliveryError, match="Connect the wallet again"):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)
    assert connect(learner).host_name == "Satchel"


def test_the_credential_one_set_out_to_send_comes_back(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int
):
    wanted = uuid4()
    answer = read_answer(wallet_host.decide(start(credential_id=wanted), "amina"))
    assert delivery.connect_finish(learner, **answer, now=NOW, guard=guard).credential_id == wanted


def test_connecting_the_same_account_again_keeps_one_connection(connect: Connect, learner: int):
    first = connect(learner)
    second = connect(learner)
    assert first.id == second.id


def test_connecting_another_account_closes_the_first(connect: Connect, learner: int):
    first = connect(learner, person="amina")
    second = connect(learner, person="ben")
    assert [info.id for info in delivery.list_connections(learner)] == [second.id]
    assert first.id != second.id
    assert second.account_name == "Ben Okafor"


def test_disconnecting_forgets_the_tokens_and_gives_them_back(
    connect: Connect, learner: int, wallet_host: WalletHost, guard: OutboundGuard
):
    connection = connect(learner)
    delivery.disconnect(learner, connection.id, now=NOW, guard=guard)
    assert delivery.list_connections(learner) == ()
    row = Connection.objects.get()
    assert (bytes(row.sealed_access_token), bytes(row.sealed_refresh_token)) == (b"", b"")
    [(revoked,)] = wallet_host.query("select revoked from oauth2_provider_refreshtoken")
    assert revoked is not None
    assert wallet_host.query("select count(*) from oauth2_provider_accesstoken") == [(0,)]


def test_disconnecting_works_while_the_host_is_away(
    connect: Connect, learner: int, wallet_host: WalletHost, guard: OutboundGuard
):
    connection = connect(learner)
    wallet_host.misbehave("status", path="/", method="GET", status=503)
    wallet_host.misbehave("status", path="/", method="POST", status=503)
    delivery.disconnect(learner, connection.id, now=NOW, guard=guard)
    assert delivery.list_connections(learner) == ()


def test_nobody_disconnects_somebody_elses_wallet(connect: Connect, learner: int, guard: OutboundGuard):
    connection = connect(learner)
    with pytest.raises(delivery.ConnectionNotFound):
        delivery.disconnect(make_learner("ben"), connection.id, now=NOW, guard=guard)
    assert len(delivery.list_connections(learner)) == 1


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("garbage", {}), ("status", {"status": 500}), ("hang", {"seconds": 30}), ("drip", {"seconds": 30})],
)
def test_an_address_that_is_no_wallet_is_refused_with_a_sentence(
    learner: int, wallet_host: WalletHost, guard, hurried, kind: str, rule: dict[str, object]
):
    wallet_host.misbehave(kind, path="/ims/ob/v3p0/discovery", method="GET", **rule)
    with pytest.raises(delivery.DeliveryError) as refusal:
        patience = hurried if "seconds" in rule else guard
        delivery.connect_start(learner, wallet_host.url, now=NOW, guard=patience)
    assert str(refusal.value)
    assert not Connection.objects.exists()


def test_a_host_that_refuses_to_register_us_is_quoted(
    learner: int, wallet_host: WalletHost, guard: OutboundGuard, settings
):
    settings.MICROCRED = {**settings.MICROCRED, "PUBLIC_BASE_URL": "http://learning.example"}
    with pytest.raises(delivery.AnswerUnusable, match="is not an https address"):
        delivery.connect_start(learner, wallet_host.url, now=NOW, guard=guard)


def test_a_host_that_takes_no_badges_is_not_connected(start):
    start()
    Host.objects.update(scopes_offered=[f"{SCOPE}credential.readonly"])
    with pytest.raises(delivery.AnswerUnusable, match="does not take badges"):
        start()


def test_a_permission_without_writing_connects_nothing(
    start, wallet_host: WalletHost, guard: OutboundGuard, learner: int
):
    answer = read_answer(wallet_host.decide(start(), "amina"))
    wallet_host.query("update oauth2_provider_grant set scope = ?", f"{SCOPE}credential.readonly")
    with pytest.raises(delivery.AuthorisationDenied, match="did not allow"):
        delivery.connect_finish(learner, **answer, now=NOW, guard=guard)
    assert delivery.list_connections(learner) == ()
