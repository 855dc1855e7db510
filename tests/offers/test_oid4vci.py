"""OpenID4VCI 1.0: a wallet reads the offer, gets a token, proves its key, and holds a valid badge."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from microcred_app.api import verify_credential
from microcred_app.applets.audit import api as audit
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import binding
from microcred_app.applets.offers import api as offers
from microcred_app.applets.offers.models import Offer
from tests.fixtures.wallet_app import PRE_AUTHORISED, AppWallet, EcKey, EdKey


def state(offer: offers.OfferInfo, learner: int) -> str:
    return offers.get_offer(learner, offer.id, now=timezone.now()).state


def test_the_issuer_is_named_alike_everywhere(db: None, settings: Any):
    settings.ALLOWED_HOSTS = ["*"]
    site = Client()
    issuer = offers.issuer_id()
    path = urlsplit(issuer).path
    places = (
        f"/.well-known/openid-credential-issuer{path}",
        f"{path}/.well-known/openid-credential-issuer",
        path,
    )
    found = [site.get(place, HTTP_HOST="another-name.test").json() for place in places]
    assert {one["credential_issuer"] for one in found} == {issuer}
    assert found[0] == found[1] == found[2]
    servers = (
        f"/.well-known/oauth-authorization-server{path}",
        f"{path}/.well-known/oauth-authorization-server",
    )
    assert {site.get(place).json()["issuer"] for place in servers} == {issuer}
    assert found[0]["authorization_servers"] == [issuer]


def test_metadata_says_what_the_format_profile_demands(wallet: AppWallet, db: None):
    configuration = wallet.metadata()["credential_configurations_supported"]["open_badge"]
    assert configuration["format"] == "ldp_vc"
    assert configuration["credential_definition"]["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert configuration["credential_definition"]["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert configuration["proof_types_supported"]["jwt"]["proof_signing_alg_values_supported"] == [
        "EdDSA",
        "ES256",
    ]
    # without registered wallets there is no way through the browser, and nothing says there is
    server = wallet.http.get(f"{urlsplit(wallet.issuer).path}/.well-known/oauth-authorization-server").json()
    assert server["grant_types_supported"] == [PRE_AUTHORISED]
    assert "authorization_endpoint" not in server


@pytest.mark.parametrize("key", [EdKey, EcKey])
def test_a_wallet_gets_the_badge_made_out_to_its_key(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int, key: Any
):
    wallet.key = key()
    given = wallet.fetch(links.oid4vci)
    holder = given["credentialSubject"]["id"]
    assert holder == wallet.key.did if key is EdKey else holder.startswith("did:jwk:")
    assert "emailAddress" not in json.dumps(given)
    report = verify_credential(json.dumps(given).encode(), now=timezone.now())
    assert report.verdict == "valid", report.checks
    assert state(offer, learner) == "fetched"


def test_the_bytes_that_were_signed_are_the_bytes_that_are_given(
    wallet: AppWallet, links: offers.OfferLinks, credential: issuance.IssuedCredential
):
    answer = wallet.ask_credential(wallet.token_for(links.oid4vci))
    [_email, given] = issuance.list_bindings(credential.award_id)
    assert given.document in answer.content


def test_the_answer_is_kept_by_no_cache_and_readable_for_scripts_of_any_site(
    wallet: AppWallet, links: offers.OfferLinks
):
    answer = wallet.ask_credential(wallet.token_for(links.oid4vci))
    assert "no-store" in answer["Cache-Control"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    before = wallet.http.options(f"{urlsplit(wallet.issuer).path}/credential")
    assert before.status_code == 204
    assert "Authorization" in before["Access-Control-Allow-Headers"]


def test_the_offer_by_value_says_what_the_offer_by_reference_says(
    wallet: AppWallet, links: offers.OfferLinks
):
    [value] = parse_qs(urlsplit(links.oid4vci_value).query)["credential_offer"]
    assert json.loads(value) == wallet.read_offer(links.oid4vci)


def test_digits_are_asked_for_when_the_learner_wants_so(
    wallet: AppWallet, learner: int, credential: issuance.IssuedCredential, now: datetime
):
    made = offers.make_offer(learner, credential.award_id, guarded=True, now=now)
    links = offers.links_of(learner, made.id, now=now)
    assert links is not None
    said = wallet.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["tx_code"]
    assert said["input_mode"] == "numeric"
    assert said["length"] == len(links.tx_code) == 6
    assert wallet.fetch(links.oid4vci, tx_code=links.tx_code)["credentialSubject"]["id"] == wallet.key.did


def test_several_keys_of_one_wallet_each_get_a_credential(
    wallet: AppWallet, links: offers.OfferLinks, credential: issuance.IssuedCredential
):
    token, nonce = wallet.token_for(links.oid4vci), wallet.nonce()
    others = [AppWallet(now=wallet.now, issuer=wallet.issuer) for _number in range(3)]
    answer = wallet.ask_credential(token, *(one.proof(nonce=nonce) for one in others))
    assert answer.status_code == 200, answer.content
    given = [entry["credential"]["credentialSubject"]["id"] for entry in answer.json()["credentials"]]
    assert given == [one.key.did for one in others]
    ids = [one.id for one in issuance.list_bindings(credential.award_id)]
    assert len(set(ids)) == 4


def test_the_same_wallet_may_ask_again_because_answers_get_lost(wallet: AppWallet, links: offers.OfferLinks):
    token = wallet.token_for(links.oid4vci)
    first, second = (wallet.ask_credential(token).json()["credentials"][0]["credential"] for _turn in "ab")
    assert first == second


def test_the_wallet_says_what_became_of_the_badge(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int
):
    token = wallet.token_for(links.oid4vci)
    notification = wallet.ask_credential(token).json()["notification_id"]
    for event, expected in (
        ("credential_failure", "failed"),
        ("credential_accepted", "accepted"),
        ("credential_deleted", "deleted"),
    ):
        told = wallet.post("notification", {"notification_id": notification, "event": event}, token)
        assert (told.status_code, told.content) == (204, b"")
        assert state(offer, learner) == expected
    wrong = wallet.post("notification", {"notification_id": notification, "event": "credential_sold"}, token)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_notification_request")
    other = wallet.post("notification", {"notification_id": "x", "event": "credential_deleted"}, token)
    assert other.json()["error"] == "invalid_notification_id"


def test_a_wallet_waits_while_the_badge_cannot_be_signed(
    wallet: AppWallet,
    links: offers.OfferLinks,
    offer: offers.OfferInfo,
    learner: int,
    monkeypatch: pytest.MonkeyPatch,
):
    def full(*_args: Any, **_more: Any) -> None:
        raise issuance.StatusListFull("full")

    token = wallet.token_for(links.oid4vci)
    with monkeypatch.context() as patch:
        patch.setattr(binding, "write_credential", full)
        answer = wallet.ask_credential(token)
        assert answer.status_code == 202
        transaction = answer.json()["transaction_id"]
        assert answer.json()["interval"] > 0
        still = wallet.post("deferred", {"transaction_id": transaction}, token)
        assert (still.status_code, still.json()["transaction_id"]) == (202, transaction)
        assert state(offer, learner) == "deferred"
    done = wallet.post("deferred", {"transaction_id": transaction}, token)
    assert done.status_code == 200
    assert done.json()["credentials"][0]["credential"]["credentialSubject"]["id"] == wallet.key.did
    assert state(offer, learner) == "fetched"
    unknown = wallet.post("deferred", {"transaction_id": "0"}, token)
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_transaction_id")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"credential_configuration_id": "diploma"}, "unknown_credential_configuration"),
        (
            {"credential_configuration_id": None, "credential_identifier": "x"},
            "unknown_credential_identifier",
        ),
        ({"credential_configuration_id": None}, "invalid_credential_request"),
        ({"credential_identifier": "open_badge"}, "invalid_credential_request"),
        ({"proofs": None}, "invalid_proof"),
        ({"proofs": {"jwt": []}}, "invalid_proof"),
        ({"proofs": {"jwt": ["a.b.c"]}}, "invalid_proof"),
        ({"proofs": {"jwt": ["x"] * 6}}, "invalid_proof"),
        ({"proofs": {"attestation": ["x"]}}, "invalid_proof"),
        ({"credential_response_encryption": {"jwk": {}}}, "invalid_encryption_parameters"),
        ({"credential_configuration_id": None, "format": "dc+sd-jwt"}, "unsupported_credential_format"),
        ({"credential_configuration_id": None, "format": ["ldp_vc"]}, "unsupported_credential_format"),
        ({"credential_configuration_id": ["open_badge"]}, "unknown_credential_configuration"),
    ],
)
def test_errors_are_named_as_the_specification_names_them(
    wallet: AppWallet, links: offers.OfferLinks, body: dict[str, Any], error: str
):
    answer = wallet.ask_credential(wallet.token_for(links.oid4vci), **body)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"]


def test_a_wallet_of_draft_13_gets_its_old_answer(wallet: AppWallet, links: offers.OfferLinks):
    code = wallet.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    token = wallet.ask_token(**{"pre-authorized_code": code}).json()
    body = {
        "format": "ldp_vc",
        "credential_definition": {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
        "proof": {"proof_type": "jwt", "jwt": wallet.proof(nonce=token["c_nonce"])},
    }
    answer = wallet.post("credential", body, token["access_token"]).json()
    assert answer["credential"]["credentialSubject"]["id"] == wallet.key.did
    assert answer["c_nonce"]


def test_a_cancelled_or_ended_offer_gives_nothing(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int, now: datetime
):
    code = wallet.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    offers.cancel_offer(learner, offer.id, now=now)
    answer = wallet.ask_token(**{"pre-authorized_code": code})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert state(offer, learner) == "cancelled"
    assert offers.links_of(learner, offer.id, now=now) is None


def test_a_wallet_that_stops_half_way_is_told_as_that(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int
):
    wallet.token_for(links.oid4vci)
    assert state(offer, learner) == "redeemed"
    later = offers.get_offer(learner, offer.id, now=timezone.now() + timedelta(minutes=11))
    assert (later.state, later.is_settled) == ("abandoned", True)


def test_cancelling_also_ends_the_tokens_of_the_offer(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int, now: datetime
):
    token = wallet.token_for(links.oid4vci)
    offers.cancel_offer(learner, offer.id, now=now)
    answer = wallet.ask_credential(token)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_secrets_are_nowhere_in_the_tables(
    wallet: AppWallet, learner: int, credential: issuance.IssuedCredential, now: datetime
):
    made = offers.make_offer(learner, credential.award_id, guarded=True, now=now)
    links = offers.links_of(learner, made.id, now=now)
    assert links is not None
    code = wallet.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    handle = links.oid4vci.rsplit("%2F", 1)[1]
    token = wallet.token_for(links.oid4vci, tx_code=links.tx_code)
    stored = repr(list(Offer.objects.values()))
    from microcred_app.applets.offers.models import AccessToken

    stored += repr(list(AccessToken.objects.values()))
    assert not [secret for secret in (code, handle, token, links.tx_code) if secret in stored]


def test_every_step_is_in_the_audit_log(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int
):
    wallet.fetch(links.oid4vci)
    entries = audit.list_entries(object_type="offer", object_id=str(offer.id))
    assert [entry.action for entry in entries] == ["offer.claimed", "offer.made"]
    assert entries[0].details["protocol"] == "oid4vci"
    assert wallet.key.did not in json.dumps(entries[0].details), (
        "a DID is personal data and stays out of the log"
    )
