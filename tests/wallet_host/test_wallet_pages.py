"""What the owner of a wallet sees, and what the wallet finds out by itself."""

from __future__ import annotations

import json
import re

import requests

from tests.fixtures.wallet import hidden_fields
from tests.wallet_host.badges import Signer, serving_list, status_entry
from tests.wallet_host.conftest import Issuer


def push(issuer: Issuer, document: bytes, person: str = "amina") -> None:
    answer = requests.post(
        f"{issuer.host.api}/credentials",
        data=document,
        headers={"Authorization": f"Bearer {issuer.token(person)}", "Content-Type": "application/json"},
    )
    assert answer.status_code in (200, 201), answer.text


def badge_page(issuer: Issuer, browser: requests.Session) -> str:
    path = re.search(r'href="(/badges/\d+/)"', browser.get(issuer.host.url).text)
    assert path
    return issuer.host.url + path.group(1)


def test_a_good_badge_is_shown_with_picture_issuer_date_and_verdict(issuer: Issuer):
    push(issuer, Signer().badge())
    page = issuer.host.browser("amina").get(issuer.host.url).text
    assert "Badge 1" in page
    assert "A school" in page
    assert "1 March 2026" in page
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in page
    assert 'alt="A wheel"' in page
    assert "Genuine and in force" in page


def test_nobody_else_sees_it(issuer: Issuer):
    push(issuer, Signer().badge())
    page = badge_page(issuer, issuer.host.browser("amina"))
    assert issuer.host.browser("ben").get(page).status_code == 404
    assert requests.get(page, allow_redirects=False).status_code == 302


def test_a_changed_badge_is_called_not_genuine(issuer: Issuer):
    document = json.loads(Signer().badge())
    document["credentialSubject"]["achievement"]["name"] = "A better badge"
    push(issuer, json.dumps(document).encode())
    assert "Not genuine" in issuer.host.browser("amina").get(issuer.host.url).text


def test_a_badge_signed_by_another_key_than_its_issuers_is_not_genuine(issuer: Issuer):
    document = Signer().badge(issuer={"id": Signer().did, "type": ["Profile"], "name": "A school"})
    push(issuer, document)
    assert "Not genuine" in issuer.host.browser("amina").get(issuer.host.url).text


def test_a_revocation_becomes_visible_when_checked_again(issuer: Issuer):
    signer = Signer()
    with serving_list() as served:
        served.body = signer.status_list(served.url, set())
        push(issuer, signer.badge(credentialStatus=status_entry(served.url, 1234)))
        browser = issuer.host.browser("amina")
        page = badge_page(issuer, browser)
        assert "Genuine and in force" in browser.get(page).text

        served.body = signer.status_list(served.url, {1234})
        checked = browser.post(f"{page}check/", data=hidden_fields(browser.get(page).text))
        assert "Revoked by its issuer" in checked.text


def test_a_list_that_somebody_else_signed_says_nothing(issuer: Issuer):
    signer = Signer()
    with serving_list() as served:
        served.body = Signer().status_list(served.url, set())
        push(issuer, signer.badge(credentialStatus=status_entry(served.url, 7)))
        assert "could not be checked" in issuer.host.browser("amina").get(issuer.host.url).text


def test_an_unreachable_list_is_not_taken_for_good_news(issuer: Issuer):
    signer = Signer()
    with serving_list() as served:
        served.status = 503
        push(issuer, signer.badge(credentialStatus=status_entry(served.url, 7)))
        assert "could not be checked" in issuer.host.browser("amina").get(issuer.host.url).text


def test_markup_in_a_badge_stays_text(issuer: Issuer):
    document = json.loads(Signer().badge())
    document["credentialSubject"]["achievement"]["name"] = "<script>alert(1)</script>"
    document["credentialSubject"]["achievement"]["image"]["id"] = "javascript:alert(1)"
    push(issuer, json.dumps(document).encode())
    page = issuer.host.browser("amina").get(issuer.host.url).text
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_withdrawing_the_permission_ends_it(issuer: Issuer):
    token = issuer.token("amina")
    browser = issuer.host.browser("amina")
    page = browser.get(issuer.host.url).text
    path = re.search(r'action="(/senders/\d+/withdraw/)"', page)
    assert path
    browser.post(issuer.host.url + path.group(1), data=hidden_fields(page))
    answer = requests.get(f"{issuer.host.api}/profile", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
