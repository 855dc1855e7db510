"""The authorisation code grant: a registered wallet sends the learner here, they choose, the wallet fetches."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offers import api as offers
from microcred_app.applets.offers.models import AccessToken
from tests.fixtures.credentials import make_learner
from tests.fixtures.wallet_app import AppWallet

BACK = "https://satchel.example/back"
CLIENT = "satchel"
PAGE = "/microcred/oid4vci/authorise"
HTML = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture(autouse=True)
def registered(settings: Any) -> None:
    settings.MICROCRED = {
        **settings.MICROCRED,
        "WALLET_CLIENTS": [[CLIENT, BACK, "Satchel"], ["bag", "bag.example:/back", "Bag"]],
    }


@pytest.fixture
def browser(learner: int) -> Client:
    return signed_in(learner)


def signed_in(person: int) -> Client:
    found = Client(**HTML)
    found.force_login(get_user_model().objects.get(pk=person))
    return found


def request(challenge: str, **changes: str | None) -> str:
    query = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "open_badge",
        "state": "af0ifjsldkj",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **changes,
    }
    return f"{PAGE}?{urlencode({name: value for name, value in query.items() if value is not None})}"


def answer_in(location: str) -> dict[str, str]:
    assert location.startswith(f"{BACK}?"), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def consent(browser: Client, address: str, award_id: str) -> dict[str, str]:
    page = browser.get(address)
    assert page.status_code == 200, page.content
    assert "Satchel" in page.content.decode()
    done = browser.post(address, {"answer": "yes", "award": award_id})
    assert done.status_code == 302, done.content
    return answer_in(done["Location"])


def exchange(wallet: AppWallet, code: str, verifier: str, **changes: str) -> Any:
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "code": code,
        "code_verifier": verifier,
        **changes,
    }
    return wallet.post_form("token", form)


def test_the_learner_chooses_and_the_wallet_fetches(
    wallet: AppWallet, browser: Client, credential: issuance.IssuedCredential
):
    verifier, challenge = wallet.pkce()
    back = consent(browser, request(challenge), credential.award_id)
    assert back["state"] == "af0ifjsldkj"
    assert back["iss"] == offers.issuer_id(), (
        "so that a wallet cannot mistake another server's answer for ours"
    )
    token = exchange(wallet, back["code"], verifier)
    assert token.status_code == 200, token.content
    given = wallet.ask_credential(token.json()["access_token"])
    assert given.json()["credentials"][0]["credential"]["credentialSubject"]["id"] == wallet.key.did


def test_the_metadata_name_the_way_where_wallets_are_registered(wallet: AppWallet, db: None):
    server = wallet.http.get("/.well-known/oauth-authorization-server/microcred/oid4vci").json()
    assert server["authorization_endpoint"] == f"{offers.issuer_id()}/authorise"
    assert server["code_challenge_methods_supported"] == ["S256"]


def test_who_is_not_signed_in_signs_in_first(db: None):
    answer = Client(**HTML).get(request("x" * 43))
    assert answer.status_code == 302
    assert "next=" in answer["Location"]


def test_no_is_told_to_the_wallet_and_nothing_is_made(
    wallet: AppWallet, browser: Client, learner: int, credential: issuance.IssuedCredential
):
    done = browser.post(request(wallet.pkce()[1]), {"answer": "no", "award": credential.award_id})
    assert answer_in(done["Location"])["error"] == "access_denied"
    assert AccessToken.objects.count() == 0
    assert offers.list_offers(learner, credential.award_id, now=wallet.now) == ()


def test_the_badge_of_an_offer_is_suggested_and_nothing_more(
    wallet: AppWallet, browser: Client, offer: offers.OfferInfo, credential: issuance.IssuedCredential
):
    page = browser.get(request(wallet.pkce()[1], issuer_state=str(offer.id))).content.decode()
    assert f'value="{credential.award_id}" checked' in page
    for state in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert browser.get(request(wallet.pkce()[1], issuer_state=state)).status_code == 200


def test_a_wallet_may_have_an_address_of_its_own_kind(
    wallet: AppWallet, browser: Client, credential: issuance.IssuedCredential
):
    address = request(wallet.pkce()[1], client_id="bag", redirect_uri="bag.example:/back")
    done = browser.post(address, {"answer": "yes", "award": credential.award_id})
    assert done["Location"].startswith("bag.example:/back?code=")


# -- attacks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "stranger"},
        {"client_id": None},
        {"redirect_uri": "https://thief.example/back"},
        {"redirect_uri": f"{BACK}/../thief"},
        {"redirect_uri": f"{BACK}?x=1"},
        {"redirect_uri": None},
        {"client_id": "bag"},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    browser: Client, credential: issuance.IssuedCredential, changes: dict[str, str | None]
):
    for send in (browser.get, browser.post):
        answer = send(request("x" * 43, **changes), {})
        assert answer.status_code == 400, "an open redirect would hand the learner to a thief"
        assert "not registered" in answer.content.decode()


@pytest.mark.parametrize(
    "odd",
    ["&issuer_state=a&issuer_state=b", "&state=a&state=b", "&x=%zz", "&x=\u00e9", "&response_type=token"],
)
def test_odd_requests_are_refused_with_a_page(
    browser: Client, credential: issuance.IssuedCredential, odd: str
):
    for answer in (
        browser.get(request("x" * 43) + odd),
        browser.post(request("x" * 43) + odd, {"answer": "no"}),
    ):
        assert answer.status_code in (302, 400) or b"Satchel" in answer.content
        if answer.status_code == 302:
            assert answer["Location"].startswith(BACK)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
    ],
)
def test_pkce_cannot_be_left_out_or_weakened(
    browser: Client, credential: issuance.IssuedCredential, changes: dict[str, str | None]
):
    address = request("x" * 43, **changes)
    for answer in (
        browser.get(address),
        browser.post(address, {"answer": "yes", "award": credential.award_id}),
    ):
        assert answer.status_code == 302
        assert answer_in(answer["Location"])["error"] == "invalid_request"


def test_a_code_without_its_verifier_is_worth_nothing_and_is_used_up(
    wallet: AppWallet, browser: Client, credential: issuance.IssuedCredential
):
    verifier, challenge = wallet.pkce()
    code = consent(browser, request(challenge), credential.award_id)["code"]
    stolen = exchange(wallet, code, "y" * 43)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    late = exchange(wallet, code, verifier)
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


def test_a_code_that_comes_twice_ends_the_token_of_the_first(
    wallet: AppWallet, browser: Client, credential: issuance.IssuedCredential
):
    verifier, challenge = wallet.pkce()
    code = consent(browser, request(challenge), credential.award_id)["code"]
    token = exchange(wallet, code, verifier).json()["access_token"]
    again = exchange(wallet, code, verifier)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert wallet.ask_credential(token).status_code == 401


@pytest.mark.parametrize(
    "changes", [{"client_id": "bag"}, {"client_id": "stranger"}, {"redirect_uri": "bag.example:/back"}]
)
def test_a_code_is_for_the_wallet_and_the_address_it_was_given_to(
    wallet: AppWallet,
    browser: Client,
    credential: issuance.IssuedCredential,
    changes: dict[str, str],
):
    verifier, challenge = wallet.pkce()
    code = consent(browser, request(challenge), credential.award_id)["code"]
    answer = exchange(wallet, code, verifier, **changes)
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.json()


def test_nobody_gives_away_the_badge_of_another(
    wallet: AppWallet, learner: int, credential: issuance.IssuedCredential
):
    other = signed_in(make_learner("bo"))
    answer = other.post(request(wallet.pkce()[1]), {"answer": "yes", "award": credential.award_id})
    assert answer.status_code == 400
    assert "Location" not in answer


def test_another_site_cannot_press_the_button(learner: int, credential: issuance.IssuedCredential):
    browser = Client(enforce_csrf_checks=True, **HTML)
    browser.force_login(get_user_model().objects.get(pk=learner))
    answer = browser.post(request("x" * 43), {"answer": "yes", "award": credential.award_id})
    assert answer.status_code == 403
    page = browser.get(request("x" * 43))
    assert page["X-Frame-Options"] == "DENY", "nor put the page into a frame and have it pressed"


def test_a_proof_of_another_client_is_refused(
    wallet: AppWallet, browser: Client, credential: issuance.IssuedCredential
):
    verifier, challenge = wallet.pkce()
    code = consent(browser, request(challenge), credential.award_id)["code"]
    token = exchange(wallet, code, verifier).json()["access_token"]
    answer = wallet.ask_credential(token, wallet.proof(iss="bag"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_proof")
    assert wallet.ask_credential(token, wallet.proof(iss=CLIENT)).status_code == 200
