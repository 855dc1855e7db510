"""What thieves, guessers and vandals try with offers, tokens, proofs and presentations, and what it gets them."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.offers import api as offers
from microcred_app.applets.offers.models import UsedNonce
from microcred_app.ob3.contexts import CREDENTIALS_V2
from tests.fixtures.credentials import make_learner
from tests.fixtures.wallet_app import PRE_AUTHORISED, AppWallet, EcKey, EdKey, b64, path_of

WRONG = "000000"


@pytest.fixture
def thief(now: datetime) -> AppWallet:
    return AppWallet(now=now, issuer=offers.issuer_id())


@pytest.fixture
def token(wallet: AppWallet, links: offers.OfferLinks) -> str:
    return wallet.token_for(links.oid4vci)


def state(offer: offers.OfferInfo, learner: int) -> str:
    return offers.get_offer(learner, offer.id, now=timezone.now()).state


def refused(answer: Any, error: str, status: int = 400) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    assert not Credential.objects.exclude(holder_binding="email").exists()


def exchange_of(links: offers.OfferLinks) -> str:
    return str(json.loads(parse_qs(urlsplit(links.lcw).query)["request"][0])["protocols"]["vcapi"])


# -- codes and offers --------------------------------------------------------------------------------------------------


def test_an_offer_gives_one_wallet_one_token(wallet: AppWallet, thief: AppWallet, links: offers.OfferLinks):
    code = wallet.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    assert wallet.ask_token(**{"pre-authorized_code": code}).status_code == 200
    refused(thief.ask_token(**{"pre-authorized_code": code}), "invalid_grant")


def test_a_stolen_offer_shows_on_the_page_and_can_be_taken_back(
    wallet: AppWallet,
    thief: AppWallet,
    links: offers.OfferLinks,
    offer: offers.OfferInfo,
    learner: int,
    credential: issuance.IssuedCredential,
):
    stolen = thief.fetch(links.oid4vci)
    assert wallet.http.get(path_of(links.document)).status_code == 404
    assert wallet.post_json(exchange_of(links), {}).status_code == 404
    assert state(offer, learner) == "fetched"
    now = timezone.now()
    made = offers.make_offer(learner, credential.award_id, replaces=True, now=now)
    again = offers.links_of(learner, made.id, now=now)
    assert again is not None
    mine = wallet.fetch(again.oid4vci)
    row = issuance.get_credential(stolen["id"].rsplit("/", 1)[1])
    assert row.revoked_at is not None
    assert row.replaced_by == mine["id"].rsplit("/", 1)[1]


def test_digits_cannot_be_guessed(
    wallet: AppWallet, thief: AppWallet, learner: int, credential: issuance.IssuedCredential, now: datetime
):
    made = offers.make_offer(learner, credential.award_id, guarded=True, now=now)
    links = offers.links_of(learner, made.id, now=now)
    assert links is not None
    code = thief.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    wrong = WRONG if links.tx_code != WRONG else "000001"
    for _try in range(5):
        refused(thief.ask_token(**{"pre-authorized_code": code}, tx_code=wrong), "invalid_grant")
    refused(wallet.ask_token(**{"pre-authorized_code": code}, tx_code=links.tx_code), "invalid_grant")
    assert state(made, learner) == "blocked"


def test_digits_that_are_missing_cost_no_try_and_surplus_ones_are_refused(
    wallet: AppWallet,
    learner: int,
    credential: issuance.IssuedCredential,
    links: offers.OfferLinks,
    now: datetime,
):
    code = wallet.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    refused(wallet.ask_token(**{"pre-authorized_code": code}, tx_code="123456"), "invalid_request")
    made = offers.make_offer(learner, credential.award_id, guarded=True, now=now)
    guarded = offers.links_of(learner, made.id, now=now)
    assert guarded is not None
    code = wallet.read_offer(guarded.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    for _try in range(6):
        refused(wallet.ask_token(**{"pre-authorized_code": code}), "invalid_request")
    assert wallet.ask_token(**{"pre-authorized_code": code}, tx_code=guarded.tx_code).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"pre-authorized_code": "guess"},
        {"pre-authorized_code": "", "tx_code": "1"},
        {"grant_type": "password", "username": "a", "password": "b"},
        {"grant_type": "authorization_code", "code": "x", "client_id": "x"},
        {"grant_type": ""},
    ],
)
def test_a_token_needs_a_code(thief: AppWallet, offer: offers.OfferInfo, form: dict[str, str]):
    answer = thief.ask_token(**form)
    assert answer.status_code in (400, 401), answer.content
    assert answer.json()["error"] in (
        "invalid_request",
        "invalid_grant",
        "unsupported_grant_type",
        "invalid_client",
    )


def test_codes_are_taken_from_the_body_once_and_not_from_the_address(
    thief: AppWallet, links: offers.OfferLinks
):
    code = thief.read_offer(links.oid4vci)["grants"][PRE_AUTHORISED]["pre-authorized_code"]
    body = f"grant_type={PRE_AUTHORISED}&pre-authorized_code={code}&pre-authorized_code={code}"
    kind = "application/x-www-form-urlencoded"
    path = urlsplit(thief.issuer).path
    refused(thief.http.post(f"{path}/token", body, content_type=kind), "invalid_request")
    answer = thief.http.post(
        f"{path}/token?pre-authorized_code={code}", f"grant_type={PRE_AUTHORISED}", content_type=kind
    )
    refused(answer, "invalid_request")
    refused(thief.post("token", {"pre-authorized_code": code}), "invalid_request")
    refused(thief.http.post(f"{path}/token", b"\xff%zz;", content_type=kind), "invalid_request")


def test_offers_cannot_be_found_by_trying(thief: AppWallet, offer: offers.OfferInfo, learner: int):
    """Addresses have 160 random bits; the offer's own id opens nothing, and every miss looks the same."""
    said = set()
    for guess in (str(offer.id), offer.id.hex, "0" * 40, "x", "%00", "é"):
        for kind in ("interactions", "documents"):
            answer = thief.http.get(f"/microcred/wallet/{kind}/{guess}", HTTP_ACCEPT="*/*")
            said.add((answer.status_code, answer.content))
        assert thief.http.get(f"/microcred/oid4vci/offers/{guess}").status_code == 404
    assert len(said) == 1
    assert state(offer, learner) == "waiting"


def test_whoever_tries_too_often_has_to_wait(thief: AppWallet, db: None, settings: Any):
    settings.MICROCRED = {**settings.MICROCRED, "WALLETS_PER_MINUTE": 3}
    answers = [thief.http.get(f"/microcred/oid4vci/offers/{number}") for number in range(5)]
    codes = [answer.status_code for answer in answers]
    assert codes[:3] == [404, 404, 404]
    assert 429 in codes[3:]
    assert int(answers[-1]["Retry-After"]) > 0


def test_an_offer_ends_by_itself(
    wallet: AppWallet, learner: int, credential: issuance.IssuedCredential, now: datetime
):
    made = offers.make_offer(learner, credential.award_id, now=now - timedelta(minutes=16))
    assert offers.links_of(learner, made.id, now=now) is None
    assert state(made, learner) == "expired"


def test_a_new_offer_ends_the_earlier_one(
    wallet: AppWallet,
    links: offers.OfferLinks,
    learner: int,
    credential: issuance.IssuedCredential,
    now: datetime,
):
    offers.make_offer(learner, credential.award_id, now=now)
    assert wallet.http.get(path_of(links.interaction)).status_code == 404


def test_learners_cannot_make_offers_without_end(
    learner: int, credential: issuance.IssuedCredential, now: datetime
):
    with pytest.raises(offers.TooManyOffers):
        for _press in range(100):
            offers.make_offer(learner, credential.award_id, now=now)


def test_nobody_offers_or_sees_what_belongs_to_another(
    learner: int, credential: issuance.IssuedCredential, offer: offers.OfferInfo, now: datetime
):
    other = make_learner("bo")
    with pytest.raises(offers.OfferNotFound):
        offers.make_offer(other, credential.award_id, now=now)
    for look in (offers.get_offer, offers.links_of, offers.cancel_offer):
        with pytest.raises(offers.OfferNotFound):
            look(other, offer.id, now=now)


# -- tokens and proofs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bearer", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 5_000])
def test_without_a_token_nothing_is_given(thief: AppWallet, bearer: str, db: None):
    path = f"{urlsplit(thief.issuer).path}/credential"
    answer = thief.http.post(path, "{}", content_type="application/json", HTTP_AUTHORIZATION=bearer)
    refused(answer, "invalid_token", 401)


def test_a_stolen_token_is_worth_nothing_after_its_owner_used_it(
    wallet: AppWallet, thief: AppWallet, token: str
):
    assert wallet.ask_credential(token).status_code == 200
    answer = thief.ask_credential(token)
    assert (answer.status_code, answer.json()["error"]) == (400, "credential_request_denied")


def test_a_token_of_one_offer_reports_nothing_about_another(
    wallet: AppWallet, thief: AppWallet, token: str, now: datetime
):
    from tests.fixtures.credentials import earn_badge

    given = wallet.ask_credential(token).json()["notification_id"]
    other = make_learner("bo")
    badge = issuance.get_credential(str(earn_badge(other, "lights", now=now)))
    made = offers.make_offer(other, badge.award_id, now=now)
    links = offers.links_of(other, made.id, now=now)
    assert links is not None
    foreign = thief.token_for(links.oid4vci)
    told = thief.post("notification", {"notification_id": given, "event": "credential_deleted"}, foreign)
    assert told.json()["error"] == "invalid_notification_id"
    asked = thief.post("deferred", {"transaction_id": given}, foreign)
    assert asked.json()["error"] == "invalid_transaction_id"


def test_a_nonce_works_once(wallet: AppWallet, token: str, links: offers.OfferLinks):
    nonce = wallet.nonce()
    assert wallet.ask_credential(token, wallet.proof(nonce=nonce)).status_code == 200
    again = wallet.ask_credential(token, wallet.proof(nonce=nonce))
    assert (again.status_code, again.json()["error"]) == (400, "invalid_nonce")
    assert again.json()["c_nonce"]


def test_asking_for_nonces_fills_no_table(wallet: AppWallet, db: None):
    assert len({wallet.nonce() for _ask in range(20)}) == 20
    assert UsedNonce.objects.count() == 0


@pytest.mark.parametrize("nonce", ["", "made-up", "a.b:c", "x" * 5_000])
def test_a_nonce_that_is_not_ours_is_refused(wallet: AppWallet, token: str, nonce: str):
    refused(wallet.ask_credential(token, wallet.proof(nonce=nonce)), "invalid_nonce")


def test_a_nonce_ends(wallet: AppWallet, token: str):
    from microcred_app.applets.offers.offer_secrets import make_nonce

    old = make_nonce("key-proof", now=timezone.now() - timedelta(minutes=6))
    refused(wallet.ask_credential(token, wallet.proof(nonce=old)), "invalid_nonce")


def test_a_nonce_of_an_exchange_is_none_of_a_key_proof(
    wallet: AppWallet, links: offers.OfferLinks, learner: int, now: datetime
):
    challenge = wallet.post_json(exchange_of(links), {}).json()["verifiablePresentationRequest"]["challenge"]
    token = wallet.token_for(links.oid4vci)
    refused(wallet.ask_credential(token, wallet.proof(nonce=challenge)), "invalid_nonce")


def test_a_proof_with_the_key_of_somebody_else_is_refused(wallet: AppWallet, thief: AppWallet, token: str):
    """The thief names the wallet's key, and signs with their own."""
    answer = thief.ask_credential(token, thief.proof(header={"kid": wallet.key.kid}))
    refused(answer, "invalid_proof")


def test_a_key_in_the_header_beside_a_name_is_refused(wallet: AppWallet, thief: AppWallet, token: str):
    header = {"kid": wallet.key.kid, "jwk": thief.key.jwk}
    refused(thief.ask_credential(token, thief.proof(header=header)), "invalid_proof")
    refused(
        thief.ask_credential(token, thief.proof(header={"kid": None, "jwk": wallet.key.jwk})), "invalid_proof"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://another.example/oid4vci"},
        {"aud": None},
        {"aud": ["https://another.example", offers]},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": 1},
        {"iat": 32_503_680_000},
        {"exp": 1},
        {"nbf": 32_503_680_000},
        {"exp": "never"},
    ],
)
def test_a_proof_for_others_or_of_another_time_is_refused(
    wallet: AppWallet, token: str, changes: dict[str, Any]
):
    if isinstance(changes.get("aud"), list):
        changes = {"aud": ["https://another.example", wallet.issuer]}
    refused(wallet.ask_credential(token, wallet.proof(**changes)), "invalid_proof")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "RS256"},
        {"alg": None},
        {"typ": "JWT"},
        {"typ": None},
        {"crit": ["exp"]},
        {"x5c": ["MIIB"]},
        {"kid": "did:web:thief.example#key"},
        {"kid": "https://thief.example/key"},
        {"kid": None},
        {"kid": 7},
        {"jku": "https://thief.example/keys"},
        {"kid": "did:key:z6Mk"},
        {"kid": "did:jwk:e30#0"},
    ],
)
def test_a_proof_cannot_choose_how_it_is_checked(wallet: AppWallet, token: str, header: dict[str, Any]):
    refused(wallet.ask_credential(token, wallet.proof(header=header)), "invalid_proof")


def test_the_public_key_as_shared_secret_opens_nothing(wallet: AppWallet, token: str):
    import hashlib
    import hmac

    assert isinstance(wallet.key, EdKey)
    public = wallet.key.public
    proof = wallet.proof(
        header={"alg": "HS256"}, sign=lambda data: hmac.new(public, data, hashlib.sha256).digest()
    )
    refused(wallet.ask_credential(token, proof), "invalid_proof")


def test_an_unsigned_proof_is_refused(wallet: AppWallet, token: str):
    proof = wallet.proof(header={"alg": "none"}, sign=lambda _data: b"")
    refused(wallet.ask_credential(token, proof), "invalid_proof")
    refused(wallet.ask_credential(token, wallet.proof(sign=lambda _data: b"\0" * 64)), "invalid_proof")


def test_a_private_key_in_the_header_is_refused(wallet: AppWallet, token: str):
    wallet.key = EcKey()
    jwk = {**wallet.key.jwk, "d": b64(b"\1" * 32)}
    refused(wallet.ask_credential(token, wallet.proof(header={"jwk": jwk})), "invalid_proof")


def test_a_key_that_is_no_point_of_its_curve_is_refused(wallet: AppWallet, token: str):
    wallet.key = EcKey()
    jwk = {**wallet.key.jwk, "y": b64(b"\1" * 32)}
    refused(wallet.ask_credential(token, wallet.proof(header={"jwk": jwk})), "invalid_proof")


def test_one_bad_proof_among_good_ones_gives_nothing(wallet: AppWallet, thief: AppWallet, token: str):
    nonce = wallet.nonce()
    bad = thief.proof(header={"kid": wallet.key.kid}, nonce=nonce)
    refused(wallet.ask_credential(token, wallet.proof(nonce=nonce), bad), "invalid_proof")
    two = wallet.ask_credential(token, wallet.proof(), wallet.proof(iat=int(wallet.now.timestamp()) - 1))
    refused(two, "invalid_proof")


def test_a_badge_that_was_taken_back_goes_into_no_wallet(
    wallet: AppWallet, token: str, credential: issuance.IssuedCredential
):
    from microcred_app.applets.awards import api as awards

    awards.reverse_award(credential.award_id, actor_id=None, reason="Wrong person.", now=timezone.now())
    answer = wallet.ask_credential(token)
    refused(answer, "credential_request_denied")


# -- bodies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["credential", "deferred", "notification"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a":1,"a":2}', b"\xff", b"[" * 10_000, b"NaN"])
def test_what_is_no_json_object_is_refused(wallet: AppWallet, name: str, body: bytes, db: None):
    path = f"{urlsplit(wallet.issuer).path}/{name}"
    answer = wallet.http.post(path, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("invalid_")


def test_bodies_have_an_end(wallet: AppWallet, links: offers.OfferLinks):
    huge = b'{"a":"' + b"x" * 70_000 + b'"}'
    for name in ("credential", "deferred", "notification"):
        path = f"{urlsplit(wallet.issuer).path}/{name}"
        assert wallet.http.post(path, huge, content_type="application/json").status_code == 413
    assert (
        wallet.http.post(path_of(exchange_of(links)), huge, content_type="application/json").status_code
        == 413
    )
    form = wallet.post_form("token", {"grant_type": "x" * 20_000})
    assert form.status_code == 413


@pytest.mark.parametrize("method", ["put", "patch", "delete", "get"])
def test_other_methods_are_refused(wallet: AppWallet, method: str, db: None):
    answer = getattr(wallet.http, method)(f"{urlsplit(wallet.issuer).path}/token")
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]


# -- presentations -----------------------------------------------------------------------------------------------------


def refused_exchange(wallet: AppWallet, links: offers.OfferLinks, vp: Any, code: str) -> None:
    answer = wallet.post_json(exchange_of(links), {"verifiablePresentation": vp})
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] == code
    assert not Credential.objects.exclude(holder_binding="email").exists()


@pytest.fixture
def question(wallet: AppWallet, links: offers.OfferLinks) -> dict[str, Any]:
    return dict(wallet.post_json(exchange_of(links), {}).json()["verifiablePresentationRequest"])


def bomb(size: int) -> dict[str, Any]:
    """Blank nodes that all look alike: telling them apart costs factorially."""
    return {
        "verifiableCredential": [
            {"type": "VerifiableCredential", "holder": {"holder": {"holder": {}}}} for _node in range(size)
        ]
    }


@pytest.mark.parametrize(
    "change",
    [
        bomb(50),
        {"@context": [CREDENTIALS_V2, "https://thief.example/context"]},
        {"@context": [CREDENTIALS_V2, {"holder": "https://thief.example/#holder"}]},
        {"@context": CREDENTIALS_V2},
        {"type": ["VerifiablePresentation", "Other"]},
        {"holder": {"id": "did:key:z6Mk"}},
        {"holder": "did:web:thief.example"},
        {"holder": "did:key:" + "z" * 2_000},
        {"@graph": [{}]},
        {"proof": []},
        {"proof": [{}] * 9},
        {"id": ["x"]},
    ],
)
def test_a_presentation_of_another_form_is_refused_before_it_is_computed(
    wallet: AppWallet,
    links: offers.OfferLinks,
    question: dict[str, Any],
    change: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
):
    vp = {**wallet.presentation(question["challenge"], question["domain"]), **change}

    def computed(*_args: Any, **_more: Any) -> bytes:
        raise AssertionError("the document was canonicalised")

    monkeypatch.setattr("microcred_app.ob3.cryptosuites.canonicalise", computed)
    monkeypatch.setattr("microcred_app.ob3.did_auth.verify_presentation", computed)
    refused_exchange(wallet, links, vp, "invalid_presentation")


@pytest.mark.parametrize(
    "change",
    [
        {"proofValue": "z" + "1" * 80},
        {"verificationMethod": "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH#x"},
        {"proofPurpose": "assertionMethod"},
        {"created": "2999-01-01T00:00:00Z"},
        {"domain": "https://another.example"},
        {"type": "JcsEd25519Signature2022"},
        {"extra": "x"},
        {"challenge": 7},
        {"created": {"@value": "x"}},
    ],
)
def test_a_proof_that_is_changed_is_refused(
    wallet: AppWallet, links: offers.OfferLinks, question: dict[str, Any], change: dict[str, Any]
):
    vp = copy.deepcopy(wallet.presentation(question["challenge"], question["domain"]))
    vp["proof"].update(change)
    refused_exchange(wallet, links, vp, "invalid_presentation")


def test_a_presentation_of_another_holder_is_refused(
    wallet: AppWallet, thief: AppWallet, links: offers.OfferLinks, question: dict[str, Any]
):
    vp = thief.presentation(question["challenge"], question["domain"], holder=wallet.key.did)
    refused_exchange(wallet, links, vp, "invalid_presentation")


def test_an_answer_to_another_sites_question_is_refused(
    wallet: AppWallet, links: offers.OfferLinks, question: dict[str, Any]
):
    vp = wallet.presentation(question["challenge"], "https://another.example")
    refused_exchange(wallet, links, vp, "invalid_presentation")
    refused_exchange(wallet, links, wallet.presentation(question["challenge"]), "invalid_presentation")


def test_a_challenge_that_we_did_not_ask_or_that_was_asked_elsewhere_is_refused(
    wallet: AppWallet, links: offers.OfferLinks, question: dict[str, Any], now: datetime
):
    from microcred_app.applets.offers.offer_secrets import make_nonce

    for challenge in ("made-up", wallet.nonce(), make_nonce("exchange.another", now=now)):
        vp = wallet.presentation(challenge, question["domain"])
        refused_exchange(wallet, links, vp, "invalid_nonce")


def test_a_presentation_cannot_be_played_again(
    wallet: AppWallet, links: offers.OfferLinks, question: dict[str, Any]
):
    vp = wallet.presentation(question["challenge"], question["domain"])
    first = wallet.post_json(exchange_of(links), {"verifiablePresentation": vp})
    assert first.status_code == 200
    again = wallet.post_json(exchange_of(links), {"verifiablePresentation": vp})
    assert again.status_code == 404


def test_the_older_request_takes_its_own_challenge_only(
    wallet: AppWallet, thief: AppWallet, links: offers.OfferLinks
):
    query = parse_qs(urlsplit(links.lcw_legacy).query)
    address, challenge = query["vc_request_url"][0], query["challenge"][0]
    for vp in (
        wallet.presentation("another"),
        thief.presentation(challenge, holder=wallet.key.did),
        {},
        {"verifiablePresentation": wallet.presentation(challenge)},
    ):
        answer = wallet.post_json(address, vp)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_presentation")
    assert wallet.post_json(address, wallet.presentation(challenge)).status_code == 200
