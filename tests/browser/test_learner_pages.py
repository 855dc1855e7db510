"""The learner's pages in a browser: no axe violation, nothing wider than the screen, usable by keyboard."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect

from microcred_app import api, signoffs
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.pathways import api as pathways
from tests.fixtures.accessibility import violations
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish, set_up_catalogue, unit

pytestmark = pytest.mark.browser
PAGES = {
    "catalogue": ("", "/microcred/pathways/"),
    "stranger": ("", "/microcred/pathways/plant"),
    "pathway": ("amina", "/microcred/my/pathways/plant"),
    "badges": ("amina", "/microcred/my/"),
    "external": ("amina", "/microcred/my/elsewhere/"),
    "signoffs": ("rev", "/microcred/sign-offs/"),
}


@pytest.fixture
def amina(transactional_db: None) -> int:
    set_up_catalogue()
    return make_user("amina")


@pytest.fixture
def school(live_server: Any, settings: Any, amina: int) -> str:
    settings.MICROCRED = {**settings.MICROCRED, "PUBLIC_BASE_URL": live_server.url}
    for key, letter, name in (
        ("safety", "a", "Safety in the workshop"),
        ("pumps", "b", "Pump maintenance"),
        ("valves", "c", "Valve maintenance"),
    ):
        terms = badges.Terms(level="Basic", expires_after="P2Y")
        publish(
            key, {"outcome": f"o.{letter}"}, name=name, minutes=20, skill_keys=(f"s.{letter}",), terms=terms
        )
    requirement = {
        "all": [
            {"badge": "safety", "within": "P2Y"},
            {"at_least": 1, "of": [{"badge": "pumps"}, {"badge": "valves"}]},
            {"signoff": "workplace-placement", "role": "assessor"},
        ]
    }
    publish("plant", requirement, kind="macro", name="Plant Operations Certificate", minutes=60)
    stages = (("Work safely", "badge", "safety"), ("Maintain pumps", "badge", "pumps"))
    for key, title in (("plant", "Plant operations"), ("again", "Another road to the same certificate")):
        pathways.store_pathway(
            pathways.PathwayDefinition(
                key=key,
                title=title,
                badge_key="plant",
                description="Learn to run a small plant, from the first safety round to pumps and valves.",
                stages=stages,
                level="Basic",
                owner="School of engineering",
                leads_to=("plant",) if key == "again" else (),
            ),
            actor_id=None,
            now=NOW,
        )
    now = timezone.now()
    do_unit(amina, "a", now=now - timedelta(days=100))
    api.unit_progress(amina, unit("b"), now=now)
    pathways.follow(amina, "plant", now=now)
    rev = make_officer("rev", role="reviewer")
    ben = make_officer("ben", role="steward")
    signoffs.give_sign_off(rev, ben, "workplace-placement", "assessor", reason="Eight weeks.", now=now)
    return str(live_server.url)


def enter(browser: Browser, url: str, person: str, width: int, **options: Any) -> BrowserContext:
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 800}, base_url=url, **options
    )
    if person:
        client = Client()
        client.force_login(get_user_model().objects.get(username=person))
        context.add_cookies(
            [{"name": name, "value": morsel.value, "url": url} for name, morsel in client.cookies.items()]
        )
    return context


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_accessible_and_fit_the_screen(width: int, school: str, browser: Browser) -> None:
    found: dict[str, list[str]] = {}
    for name, (person, address) in PAGES.items():
        for scheme in ("light", "dark"):
            context = enter(browser, school, person, width, color_scheme=scheme)
            page = context.new_page()
            assert page.goto(address).status == 200, name  # type: ignore[union-attr]
            found[f"{name} {scheme}"] = violations(page)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{name} is {wide} px too wide"
            if scheme == "light" and (folder := os.environ.get("MICROCRED_PICTURES")):
                page.screenshot(path=Path(folder) / f"learner-{name}-{width}.png", full_page=True)
            context.close()
    assert not {name: lines for name, lines in found.items() if lines}


def test_a_refused_sign_off_puts_the_focus_on_what_to_mend(school: str, browser: Browser) -> None:
    context = enter(browser, school, "rev", 390)
    page = context.new_page()
    page.goto("/microcred/sign-offs/")
    page.get_by_label("Learner").fill("nobody-like-this")
    page.get_by_label("What you saw").fill("Kept words.")
    page.get_by_role("button", name="Sign off", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#s-learner")).to_be_focused()
    expect(page.get_by_label("What you saw")).to_have_value("Kept words.")
    if folder := os.environ.get("MICROCRED_PICTURES"):
        page.screenshot(path=Path(folder) / "learner-signoffs-refused-390.png", full_page=True)
    page.get_by_label("Learner").fill("amina@example.org")
    page.get_by_role("button", name="Sign off", exact=True).press("Enter")
    page.get_by_text("Signed off. What it earns").wait_for()
    context.close()


def test_the_link_of_a_shared_badge_is_copied(school: str, browser: Browser, amina: int) -> None:
    award = awards.held_badges(amina)["safety"]
    credential = issuance.credential_of_award(award)
    assert credential is not None
    issuance.share_credential(amina, credential.id, now=timezone.now())
    context = enter(browser, school, "amina", 390, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    for address in ("/microcred/my/", f"/microcred/credentials/{credential.id}"):
        page.goto(address)
        page.evaluate("navigator.clipboard.writeText('')")
        page.get_by_role("button", name="Copy link").press("Enter")
        page.get_by_text("Link copied.").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == credential.uri
        assert violations(page) == []
    context.close()


def test_without_scripts_the_link_is_opened_and_no_button_is_idle(
    school: str, browser: Browser, amina: int
) -> None:
    credential = issuance.credential_of_award(awards.held_badges(amina)["safety"])
    assert credential is not None
    issuance.share_credential(amina, credential.id, now=timezone.now())
    context = enter(browser, school, "amina", 390, java_script_enabled=False)
    page = context.new_page()
    page.goto("/microcred/my/")
    assert not page.get_by_role("button", name="Copy link").is_visible()
    page.get_by_role("link", name="Open verify page").click()
    page.wait_for_url(f"**/credentials/{credential.id}")
    context.close()
