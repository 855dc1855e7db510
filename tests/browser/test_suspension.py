"""A badge is suspended and reinstated in a browser: every page of it accessible, and none wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges.api import Terms
from microcred_app.applets.issuance import api as issuance
from tests.fixtures.accessibility import violations
from tests.fixtures.catalogue import do_unit, make_officer, make_user, publish, set_up_catalogue
from tests.fixtures.chromium import PATIENCE

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
#: Where to leave pictures of the pages, for whoever wants to look at them.
PICTURES = os.environ.get("MICROCRED_PICTURES", "")


@pytest.fixture
def people(transactional_db: None) -> dict[str, int]:
    set_up_catalogue()
    publish("short", {"outcome": "o.a"}, name="Short courses of care", terms=Terms(document_days=30))
    found = {"ruth": make_officer("ruth"), "amina": make_user("amina"), "ben": make_user("ben")}
    for name in ("amina", "ben"):
        do_unit(found[name], "a", now=timezone.now())
    return found


@pytest.fixture
def enter(browser: Browser, live_server: Any, people: dict[str, int]) -> Iterator[Enter]:
    contexts, problems = [], []

    def open_page(person: str, *, width: int = 1280) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
        if person:
            client = Client()
            client.force_login(get_user_model().objects.get(pk=people[person]))
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
            )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


def look(page: Page, name: str) -> None:
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} pixels wider than the screen"
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_preview_to_the_lifting(enter: Enter, people: dict[str, int], width: int) -> None:
    award = awards.held_badges(people["amina"])["short"]
    credential = issuance.credential_of_award(award)
    assert credential is not None
    issuance.share_credential(people["amina"], credential.id, now=timezone.now())
    page = enter("ruth", width=width)
    page.goto(f"/microcred/registrar/awards/{award}")
    look(page, f"award-held-{width}")
    page.get_by_label("Reason").first.fill("Under investigation")
    page.get_by_label("What the holder reads (may stay empty)").fill("We look at your sheet again.")
    page.get_by_role("button", name="Suspend this award").click()
    expect(page.get_by_text("Suspended since")).to_be_visible()
    look(page, f"award-suspended-{width}")

    holder = enter("amina", width=width)
    holder.goto("/microcred/my/")
    expect(holder.get_by_text("We look at your sheet again.")).to_be_visible()
    look(holder, f"holder-{width}")
    stranger = enter("", width=width)
    stranger.goto(f"/microcred/credentials/{credential.id}")
    expect(stranger.get_by_text("Suspended: not valid now")).to_be_visible()
    look(stranger, f"verify-{width}")
    stranger.goto(f"/microcred/credentials/{credential.id}/embed")
    look(stranger, f"embed-{width}")

    page.goto("/microcred/registrar/recalls/new?badge=short&do=suspend")
    page.get_by_text("Until when each copy verifies").first.click()
    look(page, f"many-{width}")
    page.goto("/microcred/registrar/awards/?state=suspended")
    look(page, f"list-{width}")
    page.goto("/microcred/registrar/recalls/new?state=suspended&do=lift")
    look(page, f"many-lift-{width}")
    page.goto(f"/microcred/registrar/awards/{award}")
    page.get_by_label("Reason").first.fill("Nothing found")
    page.get_by_role("button", name="Lift the suspension").click()
    expect(page.get_by_text("Held since")).to_be_visible()
    stranger.goto(f"/microcred/credentials/{credential.id}")
    expect(stranger.get_by_text("Valid now").first).to_be_visible()
    look(stranger, f"verify-lifted-{width}")
