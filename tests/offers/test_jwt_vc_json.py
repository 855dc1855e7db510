"""Wallets that ask for ``jwt_vc_json``: a token of the older data model, in its own place in a status list."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from microcred_app.api import verify_credential
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import tokens
from microcred_app.applets.issuance.models import Credential, IssuerKey
from microcred_app.applets.offers import api as offers
from microcred_app.ob3.public_keys import decode_base64url
from tests.fixtures.wallet_app import AppWallet, EcKey, path_of

JWT = {"credential_configuration_id": "open_badge_jwt"}


def payload(token: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(decode_base64url(token.split(".")[1].encode()))
    return said


def given(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    [entry] = answer.json()["credentials"]
    return entry["credential"]


def verdict(token: str) -> str:
    return verify_credential(token.encode(), now=timezone.now() + timedelta(minutes=2)).verdict


def row_of(token: str) -> Credential:
    return Credential.objects.get(uri=payload(token)["jti"])


@pytest.fixture
def switched_off(settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "OFFER_JWT_VC_JSON": False}


def test_metadata_names_both_formats_the_open_badge_as_it_is_first(wallet: AppWallet, db: None):
    found = wallet.metadata()["credential_configurations_supported"]
    assert [(name, one["format"]) for name, one in found.items()] == [
        ("open_badge", "ldp_vc"),
        ("open_badge_jwt", "jwt_vc_json"),
    ]
    token = found["open_badge_jwt"]
    assert token["credential_definition"] == {"type": ["VerifiableCredential", "OpenBadgeCredential"]}
    assert token["credential_signing_alg_values_supported"] == ["EdDSA"]


def test_an_offer_names_one_format_so_that_no_wallet_fetches_the_badge_twice(
    wallet: AppWallet, links: offers.OfferLinks
):
    names = [
        wallet.read_offer(link)["credential_configuration_ids"] for link in (links.oid4vci, links.oid4vci_jwt)
    ]
    assert names == [["open_badge"], ["open_badge_jwt"]]


@pytest.mark.parametrize("wanted", ["dc+sd-jwt", "", "JWT_VC_JSON", "ldp_vc\n"])
def test_an_offer_of_a_format_that_is_not_offered_is_refused(
    wallet: AppWallet, links: offers.OfferLinks, wanted: str
):
    [address] = parse_qs(urlsplit(links.oid4vci).query)["credential_offer_uri"]
    answer = wallet.http.get(path_of(address), {"format": wanted})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_wallet_gets_a_token_made_out_to_its_key(wallet: AppWallet, links: offers.OfferLinks):
    token = given(wallet.ask_credential(wallet.token_for(links.oid4vci_jwt), **JWT))
    header, said = json.loads(decode_base64url(token.split(".")[0].encode())), payload(token)
    assert header["alg"] == "EdDSA" and header["typ"] == "JWT"
    assert header["kid"].startswith(said["iss"] + "#")
    assert said["sub"] == said["vc"]["credentialSubject"]["id"] == wallet.key.did
    assert "emailAddress" not in json.dumps(said)
    report = verify_credential(token.encode(), now=timezone.now())
    assert report.verdict == "valid", report.checks
    assert report.check("data_model").reason == "data_model.older"
    assert report.check("schema").reason == "schema.satisfied"


@pytest.mark.parametrize("asked", [JWT, {"credential_configuration_id": None, "format": "jwt_vc_json"}])
def test_each_format_is_given_to_whom_asks_for_it_and_nothing_else(
    wallet: AppWallet, links: offers.OfferLinks, asked: dict[str, Any]
):
    """Whatever the offer named: the same keys may have both, each with an address and a place of its own."""
    token = wallet.token_for(links.oid4vci)
    document = given(wallet.ask_credential(token))
    jwt = given(wallet.ask_credential(token, **asked))
    assert isinstance(document, dict) and isinstance(jwt, str)
    assert document["id"] != payload(jwt)["jti"]
    assert document["credentialStatus"]["id"] != payload(jwt)["vc"]["credentialStatus"]["id"]
    again = wallet.ask_credential(token, **JWT), wallet.ask_credential(token)
    assert [given(one) for one in again] == [jwt, document]


def test_a_draft_wallet_gets_its_token_in_the_old_answer(wallet: AppWallet, links: offers.OfferLinks):
    body = {
        "format": "jwt_vc_json",
        "credential_definition": {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
        "proof": {"proof_type": "jwt", "jwt": wallet.proof()},
    }
    answer = wallet.post("credential", body, wallet.token_for(links.oid4vci_jwt)).json()
    assert verdict(answer["credential"]) == "valid"
    assert answer["credentials"][0]["credential"] == answer["credential"]


def test_several_keys_each_get_a_token(wallet: AppWallet, links: offers.OfferLinks):
    access, nonce = wallet.token_for(links.oid4vci_jwt), wallet.nonce()
    others = [AppWallet(now=wallet.now, issuer=wallet.issuer) for _number in range(3)]
    others[0].key = EcKey()
    answer = wallet.ask_credential(access, *(one.proof(nonce=nonce) for one in others), **JWT).json()
    made = [entry["credential"] for entry in answer["credentials"]]
    assert len({payload(one)["jti"] for one in made}) == len({payload(one)["sub"] for one in made}) == 3
    assert [verdict(one) for one in made] == ["valid"] * 3


def test_other_keys_get_the_other_format_no_more_than_the_first(
    wallet: AppWallet, links: offers.OfferLinks, now: datetime
):
    access = wallet.token_for(links.oid4vci)
    given(wallet.ask_credential(access))
    thief = AppWallet(now=now, issuer=wallet.issuer)
    answer = thief.ask_credential(access, **JWT)
    assert (answer.status_code, answer.json()["error"]) == (400, "credential_request_denied")
    assert not Credential.objects.filter(holder_binding__startswith="jwt:").exists()


def test_a_proof_that_fetched_one_format_fetches_no_other(wallet: AppWallet, links: offers.OfferLinks):
    access, proof = wallet.token_for(links.oid4vci), wallet.proof()
    given(wallet.ask_credential(access, proof))
    answer = wallet.ask_credential(access, proof, **JWT)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_nonce")
    assert not Credential.objects.filter(holder_binding__startswith="jwt:").exists()


def test_taking_the_award_back_revokes_the_token(
    wallet: AppWallet, links: offers.OfferLinks, credential: issuance.IssuedCredential, now: datetime
):
    token = given(wallet.ask_credential(wallet.token_for(links.oid4vci_jwt), **JWT))
    awards.reverse_award(credential.award_id, actor_id=None, reason="Wrong person.", now=now)
    report = verify_credential(token.encode(), now=timezone.now())
    assert (report.verdict, report.check("status").reason) == ("invalid", "status.revoked")


def test_moving_to_a_new_wallet_replaces_tokens_and_keeps_both_of_the_new_one(
    wallet: AppWallet,
    links: offers.OfferLinks,
    learner: int,
    credential: issuance.IssuedCredential,
    now: datetime,
):
    old = given(wallet.ask_credential(wallet.token_for(links.oid4vci_jwt), **JWT))
    made = offers.make_offer(learner, credential.award_id, replaces=True, now=timezone.now())
    again = offers.links_of(learner, made.id, now=timezone.now())
    assert again is not None
    newer = AppWallet(now=now, issuer=wallet.issuer)
    access = newer.token_for(again.oid4vci_jwt)
    token, document = given(newer.ask_credential(access, **JWT)), given(newer.ask_credential(access))
    assert verdict(old) == "invalid"
    assert str(row_of(old).replaced_by_id) == str(row_of(token).pk)
    assert verdict(token) == "valid"
    assert verify_credential(json.dumps(document).encode(), now=timezone.now()).verdict == "valid"


def test_a_wallet_waits_while_the_token_cannot_be_signed_and_gets_it_later(
    wallet: AppWallet, links: offers.OfferLinks, monkeypatch: pytest.MonkeyPatch
):
    def away(*_args: Any, **_more: Any) -> None:
        raise issuance.SignerUnavailable("The key is away.")

    access = wallet.token_for(links.oid4vci_jwt)
    with monkeypatch.context() as patch:
        patch.setattr(tokens, "_make", away)
        answer = wallet.ask_credential(access, **JWT)
        assert answer.status_code == 202, answer.content
        waiting = {"transaction_id": answer.json()["transaction_id"]}
        assert wallet.post("deferred", waiting, access).status_code == 202
    assert verdict(given(wallet.post("deferred", waiting, access))) == "valid"
    assert Credential.objects.filter(holder_binding__startswith="jwt:").count() == 1


def test_a_token_whose_key_was_revoked_is_given_no_more_until_it_is_signed_anew(
    wallet: AppWallet, links: offers.OfferLinks
):
    access = wallet.token_for(links.oid4vci_jwt)
    token = given(wallet.ask_credential(access, **JWT))
    IssuerKey.objects.filter(pk=row_of(token).issuer_key_id).update(state=IssuerKey.REVOKED)
    assert wallet.ask_credential(access, **JWT).status_code == 202


def test_a_badge_that_the_older_model_cannot_say_leaves_nothing_behind(
    wallet: AppWallet, links: offers.OfferLinks, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_args: Any, **_more: Any) -> None:
        raise issuance.DocumentRefused("It has no place there.")

    monkeypatch.setattr(tokens, "_make", refuse)
    answer = wallet.ask_credential(wallet.token_for(links.oid4vci_jwt), **JWT)
    assert (answer.status_code, answer.json()["error"]) == (400, "credential_request_denied")
    assert not Credential.objects.filter(holder_binding__startswith="jwt:").exists()


def test_a_token_that_does_not_verify_is_given_to_nobody(
    wallet: AppWallet, links: offers.OfferLinks, monkeypatch: pytest.MonkeyPatch
):
    from microcred_app.ob3.jwt_credential import sign_older_jwt

    def broken(*args: Any, **more: Any) -> bytes:
        return sign_older_jwt(*args, **more)[:-4] + b"AAAA"

    access = wallet.token_for(links.oid4vci_jwt)
    monkeypatch.setattr(tokens, "sign_older_jwt", broken)
    assert wallet.ask_credential(access, **JWT).status_code == 202


def test_what_was_claimed_as_a_token_is_told_as_that(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int
):
    access = wallet.token_for(links.oid4vci_jwt)
    answer = wallet.ask_credential(access, **JWT).json()
    told = {"notification_id": answer["notification_id"], "event": "credential_accepted"}
    assert wallet.post("notification", told, access).status_code == 204
    assert offers.get_offer(learner, offer.id, now=timezone.now()).state == "accepted"
    [entry, _made] = audit.list_entries(object_type="offer", object_id=str(offer.id))
    assert entry.details["protocol"] == "oid4vci-jwt"
    assert entry.details["holders"][0].startswith("jwt:")


@pytest.mark.usefixtures("switched_off")
def test_an_operator_may_leave_it_out(wallet: AppWallet, links: offers.OfferLinks):
    assert list(wallet.metadata()["credential_configurations_supported"]) == ["open_badge"]
    assert links.oid4vci_jwt == ""
    [address] = parse_qs(urlsplit(links.oid4vci).query)["credential_offer_uri"]
    assert wallet.http.get(path_of(address), {"format": "jwt_vc_json"}).status_code == 400
    access = wallet.token_for(links.oid4vci)
    answer = wallet.ask_credential(access, **JWT)
    assert (answer.status_code, answer.json()["error"]) == (400, "unknown_credential_configuration")
    answer = wallet.ask_credential(access, credential_configuration_id=None, format="jwt_vc_json")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_credential_format")
