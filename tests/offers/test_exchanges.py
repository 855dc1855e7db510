"""The ways of Learner Credential Wallet: interaction address, VC-API exchange, older request, plain address."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.utils import timezone

from microcred_app.api import verify_credential
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import binding
from microcred_app.applets.offers import api as offers
from tests.fixtures.wallet_app import AppWallet, path_of

PEOPLE = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*"}


def is_valid(document: Any) -> bool:
    return verify_credential(json.dumps(document).encode(), now=timezone.now()).verdict == "valid"


def state(offer: offers.OfferInfo, learner: int) -> str:
    return offers.get_offer(learner, offer.id, now=timezone.now()).state


def exchange_of(links: offers.OfferLinks) -> str:
    """The exchange as the wallet finds it in its link, which it decodes twice."""
    request = parse_qs(urlsplit(links.lcw).query)["request"][0]
    assert unquote(request) == request, "decoding it a second time must change nothing"
    return str(json.loads(request)["protocols"]["vcapi"])


def test_one_address_leads_wallets_to_every_protocol(wallet: AppWallet, links: offers.OfferLinks):
    assert len(links.interaction) <= 400
    assert "iuv=1" in links.interaction
    answer = wallet.http.get(path_of(links.interaction), HTTP_ACCEPT="application/json").json()
    assert answer["protocols"]["vcapi"] == exchange_of(links)
    assert answer["protocols"]["oid4vci-1.0"] == links.oid4vci


def test_people_who_open_the_address_get_a_page(wallet: AppWallet, links: offers.OfferLinks):
    page = wallet.http.get(path_of(links.interaction), **PEOPLE)
    assert page.status_code == 200
    assert "<h1>" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"


def test_an_exchange_asks_for_a_key_and_gives_the_badge_made_out_to_it(
    wallet: AppWallet, links: offers.OfferLinks, offer: offers.OfferInfo, learner: int
):
    question = wallet.post_json(exchange_of(links), {}).json()["verifiablePresentationRequest"]
    assert question["query"] == [{"type": "DIDAuthentication", "acceptedMethods": [{"method": "key"}]}]
    assert question["challenge"]
    assert question["domain"]
    vp = wallet.presentation(question["challenge"], question["domain"])
    answer = wallet.post_json(exchange_of(links), {"verifiablePresentation": vp}).json()
    [given] = answer["verifiablePresentation"]["verifiableCredential"]
    assert given["credentialSubject"]["id"] == wallet.key.did
    assert is_valid(given)
    assert state(offer, learner) == "fetched"


def test_the_older_request_gives_the_badge_itself(
    wallet: AppWallet, links: offers.OfferLinks, credential: issuance.IssuedCredential
):
    query = parse_qs(urlsplit(links.lcw_legacy).query)
    assert query["auth_type"] == ["bearer"]
    answer = wallet.post_json(query["vc_request_url"][0], wallet.presentation(query["challenge"][0]))
    assert answer.status_code == 200, answer.content
    assert answer.json()["credentialSubject"]["id"] == wallet.key.did
    assert is_valid(answer.json())
    # that wallet decodes HTML entities in the whole body before it reads the JSON
    assert b"&" not in answer.content


def test_the_plain_address_is_json_whatever_is_asked_for(
    wallet: AppWallet, links: offers.OfferLinks, credential: issuance.IssuedCredential
):
    for accept in ("*/*", "text/html", "application/json"):
        answer = wallet.http.get(path_of(links.document), HTTP_ACCEPT=accept)
        assert answer["Content-Type"] == "application/json"
        assert answer.content == credential.document


def test_an_offer_with_digits_is_not_open_to_protocols_that_cannot_ask_for_them(
    wallet: AppWallet, learner: int, credential: issuance.IssuedCredential, now: datetime
):
    made = offers.make_offer(learner, credential.award_id, guarded=True, now=now)
    links = offers.links_of(learner, made.id, now=now)
    assert links is not None
    assert (links.interaction, links.lcw, links.lcw_legacy, links.document) == ("", "", "", "")
    handle = links.oid4vci.rsplit("%2F", 1)[1]
    for kind in ("interactions", "documents"):
        assert wallet.http.get(f"/microcred/wallet/{kind}/{handle}").status_code == 404
    for kind in ("exchanges", "requests"):
        assert wallet.post_json(f"/microcred/wallet/{kind}/{handle}", {}).status_code == 404


def test_what_cannot_be_signed_now_leaves_the_offer_open(
    wallet: AppWallet, links: offers.OfferLinks, monkeypatch: pytest.MonkeyPatch
):
    def full(*_args: Any, **_more: Any) -> None:
        raise issuance.StatusListFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(binding, "write_credential", full)
        answer = wallet.exchange(exchange_of(links))
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert wallet.exchange(exchange_of(links)).status_code == 200
