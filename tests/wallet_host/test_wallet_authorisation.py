"""The wallet's OAuth server: registration, consent, codes, tokens, as Open Badges 3.0 narrows them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.fixtures.wallet import WalletHost
from tests.wallet_host.conftest import CALLBACK, SCOPE, Issuer, registration


def test_discovery_is_the_official_description_with_this_wallets_addresses(wallet_host: WalletHost):
    document = requests.get(f"{wallet_host.api}/discovery").json()
    scheme = document["components"]["securitySchemes"]["OAuth2ACG"]
    flow = scheme["flows"]["authorizationCode"]
    assert document["openapi"].startswith("3.0")
    assert set(document["paths"]) == {"/credentials", "/profile", "/discovery"}
    assert scheme["x-imssf-registrationUrl"] == f"{wallet_host.url}/oauth/register"
    assert flow["authorizationUrl"].startswith(wallet_host.url)
    assert flow["tokenUrl"].startswith(wallet_host.url)
    assert document["info"]["x-imssf-privacyPolicyUrl"] == f"{wallet_host.url}/privacy/"
    assert f"{SCOPE}credential.upsert" in flow["scopes"]


@pytest.mark.parametrize(
    "missing",
    [
        "client_name",
        "client_uri",
        "logo_uri",
        "tos_uri",
        "policy_uri",
        "software_id",
        "software_version",
        "redirect_uris",
        "scope",
    ],
)
def test_registration_without_a_required_statement_is_refused(wallet_host: WalletHost, missing: str):
    statements = registration()
    del statements[missing]
    answer = requests.post(f"{wallet_host.url}/oauth/register", json=statements)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_client_metadata"
    assert missing in answer.json()["error_description"]


@pytest.mark.parametrize(
    "changes",
    [
        {"policy_uri": "http://localhost:9/privacy"},
        {"client_uri": "http://issuer.example/"},
        {"token_endpoint_auth_method": "none"},
        {"scope": "everything"},
    ],
    ids=["two hosts", "no https", "public client", "unknown scope"],
)
def test_registration_against_the_specification_is_refused(wallet_host: WalletHost, changes: dict[str, str]):
    answer = requests.post(f"{wallet_host.url}/oauth/register", json=registration(**changes))
    assert answer.status_code == 400


def test_consent_page_says_in_plain_words_who_may_do_what(issuer: Issuer):
    page = issuer.host.browser("amina").get(issuer.consent_page()).text
    assert "An issuer" in page
    assert "Amina Diallo" in page
    assert "put badges into your wallet" in page
    assert "http://127.0.0.1:9/privacy" in page


def test_a_code_becomes_tokens_once(issuer: Issuer):
    code = issuer.code("amina")
    first = issuer.exchange(code)
    assert first.status_code == 200
    assert first.json()["token_type"] == "Bearer"
    assert first.json()["refresh_token"]
    second = issuer.exchange(code)
    assert second.status_code == 400
    assert second.json()["error"] == "invalid_grant"


def test_a_code_needs_the_verifier_it_was_asked_for_with(issuer: Issuer):
    answer = issuer.exchange(issuer.code("amina"), code_verifier="x" * 60)
    assert answer.status_code == 400


def test_asking_without_a_challenge_is_refused(issuer: Issuer):
    page = issuer.consent_page(code_challenge="", code_challenge_method="")
    answer = issuer.host.browser("amina").get(page, allow_redirects=False)
    assert "error=invalid_request" in answer.headers["Location"]


def test_a_challenge_in_the_clear_brings_no_code(issuer: Issuer):
    location = issuer.host.decide(issuer.consent_page(code_challenge_method="plain"), "amina")
    answer = parse_qs(urlsplit(location).query)
    assert "code" not in answer
    assert answer["error"] == ["invalid_request"]


def test_saying_no_sends_the_browser_back_with_the_reason_and_the_wallets_name(issuer: Issuer):
    location = issuer.host.decide(issuer.consent_page(), "amina", allow=False)
    answer = parse_qs(urlsplit(location).query)
    assert location.startswith(CALLBACK)
    assert answer["error"] == ["access_denied"]
    assert answer["state"] == ["s1"]


def test_the_answer_names_the_wallet(issuer: Issuer):
    """RFC 9207: with several wallets, a client can tell whose answer it holds."""
    location = issuer.host.decide(issuer.consent_page(), "amina")
    assert parse_qs(urlsplit(location).query)["iss"] == [issuer.host.url]


def test_a_foreign_callback_is_never_redirected_to(issuer: Issuer):
    answer = issuer.host.browser("amina").get(
        issuer.consent_page(redirect_uri="http://127.0.0.1:9/other"), allow_redirects=False
    )
    assert answer.status_code == 400


def test_refresh_tokens_are_exchanged_for_new_ones(issuer: Issuer):
    first = issuer.exchange(issuer.code("amina")).json()
    second = issuer.ask_tokens(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    again = issuer.ask_tokens(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert again.status_code == 400


def test_a_revoked_token_opens_nothing(issuer: Issuer):
    token = issuer.token("amina")
    header = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{issuer.host.api}/profile", headers=header).status_code == 200
    revoked = requests.post(
        f"{issuer.host.url}/oauth/revoke/",
        auth=(issuer.client_id, issuer.client_secret),
        data={"token": token},
    )
    assert revoked.status_code == 200
    assert requests.get(f"{issuer.host.api}/profile", headers=header).status_code == 401


def test_sign_in_leads_nowhere_else(wallet_host: WalletHost):
    session = requests.Session()
    page = session.get(f"{wallet_host.url}/sign-in/?next=https://evil.example/")
    assert "evil.example" not in page.text
