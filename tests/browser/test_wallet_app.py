"""Putting a badge into a wallet app, in a browser: readable, narrow and wide, by keyboard, with and without scripts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offers import api as offers
from tests.fixtures.accessibility import violations
from tests.fixtures.credentials import earn_badge, make_learner
from tests.fixtures.wallet_app import AppWallet

pytestmark = pytest.mark.browser
BACK = "https://satchel.example/back"


@pytest.fixture
def school(live_server: Any, settings: Any, transactional_db: None) -> str:
    cache.clear()
    clients = [["satchel", BACK, "Satchel"]]
    settings.MICROCRED = {
        **settings.MICROCRED,
        "PUBLIC_BASE_URL": live_server.url,
        "WALLET_CLIENTS": clients,
    }
    return str(live_server.url)


@pytest.fixture
def amina(school: str) -> int:
    return make_learner()


@pytest.fixture
def badge(amina: int) -> issuance.IssuedCredential:
    return issuance.get_credential(str(earn_badge(amina, now=timezone.now())))


def enter(browser: Browser, url: str, person: int, **options: Any) -> BrowserContext:
    context: BrowserContext = browser.new_context(base_url=url, **options)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=person))
    context.add_cookies(
        [{"name": name, "value": it.value, "url": url} for name, it in client.cookies.items()]
    )
    return context


def look(page: Page, name: str, width: int) -> list[str]:
    """Violations, and what is wider than the screen; a picture where one is asked for."""
    if folder := os.environ.get("MICROCRED_PICTURES"):
        page.screenshot(path=Path(folder) / f"wallet-app-{name}-{width}.png", full_page=True)
    found = [f"{name}: {line}" for line in violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{name}: {wide} px too wide"] if wide > 0 else [])


def open_links(learner: int, award_id: str) -> tuple[offers.OfferInfo, offers.OfferLinks]:
    now = timezone.now()
    made = offers.list_offers(learner, award_id, now=now)[0]
    found = offers.links_of(learner, made.id, now=now)
    assert found is not None
    return made, found


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (390, "dark")])
def test_every_page_is_accessible_and_fits(
    browser: Browser, school: str, amina: int, badge: issuance.IssuedCredential, width: int, scheme: str
):
    issuance.issue_to_did(
        badge.award_id, "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH", now=timezone.now()
    )
    get_user_model().objects.filter(pk=amina).update(last_name="Diallo-Keita")
    context = enter(browser, school, amina, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    found: list[str] = []
    for kind, label in (
        ("open", "With a QR code or a link"),
        ("guarded", "With a QR code and six digits to type"),
    ):
        page.goto(f"/microcred/my/wallets/app/{badge.id}/")
        if kind == "open":
            found += look(page, f"before-{scheme}", width)
        page.get_by_label(label).check()
        page.get_by_role("button", name="Yes, show me the code").click()
        page.get_by_text("Waiting for your wallet").wait_for()
        found += look(page, f"{kind}-{scheme}", width)
        page.get_by_text("My wallet does not understand the code").click()
        found += look(page, f"{kind}-more-{scheme}", width)
    _made, links = open_links(amina, badge.award_id)
    wallet = AppWallet(now=timezone.now(), issuer=offers.issuer_id())
    wallet.fetch(links.oid4vci, tx_code=links.tx_code)
    page.reload()
    page.get_by_text("a wallet fetched the badge").wait_for()
    found += look(page, f"fetched-{scheme}", width)
    challenge = AppWallet.pkce()[1]
    query = f"response_type=code&client_id=satchel&redirect_uri={BACK}&code_challenge={challenge}"
    page.goto(f"/microcred/oid4vci/authorise?{query}&code_challenge_method=S256")
    found += look(page, f"consent-{scheme}", width)
    again = offers.make_offer(amina, badge.award_id, now=timezone.now())
    seen = offers.links_of(amina, again.id, now=timezone.now())
    assert seen is not None
    page.goto(seen.interaction)
    found += look(page, f"interaction-{scheme}", width)
    context.close()
    assert not found


def test_the_page_follows_the_wallet_while_it_is_open(
    browser: Browser, school: str, amina: int, badge: issuance.IssuedCredential
):
    context = enter(browser, school, amina, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"/microcred/my/wallets/app/{badge.id}/")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Yes, show me the code").press("Enter")
    page.get_by_text("Waiting for your wallet").wait_for()
    _made, links = open_links(amina, badge.award_id)
    wallet = AppWallet(now=timezone.now(), issuer=offers.issuer_id())
    page.get_by_role("button", name="Look again").focus()
    token = wallet.token_for(links.oid4vci)
    answer = wallet.ask_credential(token).json()
    expect(page.get_by_role("status").first).to_contain_text("a wallet fetched the badge")
    expect(page.locator("[data-offer-codes]")).to_be_hidden()
    expect(page.locator("[data-offer-sentence]")).to_be_focused()  # it is not lost
    told = {"notification_id": answer["notification_id"], "event": "credential_accepted"}
    wallet.post("notification", told, token)
    expect(page.get_by_role("status").first).to_contain_text("keeps the badge")
    context.close()


def test_everything_works_without_scripts(
    browser: Browser, school: str, amina: int, badge: issuance.IssuedCredential
):
    context = enter(browser, school, amina, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/microcred/my/wallets/app/{badge.id}/")
    page.get_by_role("button", name="Yes, show me the code").click()
    expect(page.locator(".mc-offer__grid svg")).to_be_visible()
    _made, links = open_links(amina, badge.award_id)
    AppWallet(now=timezone.now(), issuer=offers.issuer_id()).read_offer(links.oid4vci)
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_text("A wallet has read the offer")).to_be_visible()
    page.get_by_role("button", name="Cancel this offer").click()
    expect(page.get_by_text("This offer was cancelled")).to_be_visible()
    expect(page.locator(".mc-offer__grid")).to_have_count(0)
    page.get_by_role("link", name="Make a new offer").click()
    expect(page.get_by_role("heading", name="Offers of this badge")).to_be_visible()
    context.close()
