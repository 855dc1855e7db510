"""Lists of people, spare time, switching, credits and shared drafts in a browser: accessible, never wider than it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from microcred_app.jobs import open_jobs, work
from tests.fixtures.accessibility import violations
from tests.fixtures.catalogue import COURSE, NOW, do_unit, make_officer, make_user, publish, set_up_catalogue
from tests.fixtures.chromium import PATIENCE

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
LISTS = "/microcred/registrar/lists/"
#: Where pictures are left for people to look at; nowhere unless it is set.
PICTURES = os.environ.get("MICROCRED_LOOK", "")


@pytest.fixture
def ruth(transactional_db: None) -> int:
    set_up_catalogue()
    publish("placed", {"signoff": "placement", "role": "assessor"}, name="Placement passed")
    publish(
        "workshop",
        {"all": [{"signoff": "placement", "role": "assessor"}, {"outcome": "o.a"}, {"outcome": "o.b"}]},
        name="Workshop ready",
    )
    publish("wide", {"all": [{"outcome": "o.a"}, {"outcome": "o.c"}]}, name="A road of its own")
    for key, badge in (("shop", "workshop"), ("other", "wide")):
        definition = pathways.PathwayDefinition(
            key=key, title=f"The road {key}", badge_key=badge, stages=(("All", "badge", badge),)
        )
        pathways.store_pathway(definition, actor_id=None, now=NOW)
    for number in range(4):
        make_user(f"kim{number}")
    kim = get_user_model().objects.get(username="kim0").pk
    do_unit(kim, "a")
    pathways.follow(kim, "shop", now=NOW)
    source = authoring.SourceInfo(
        "block-v1:Demo+BIKE+1+type@microcred_unit+block@b9", COURSE, "o.b", "True a wheel in nine minutes", 9
    )
    authoring.register_source(source, now=NOW)
    return make_officer("ruth")


@pytest.fixture
def enter(browser: Browser, live_server: Any) -> Iterator[Enter]:
    """A browser in which somebody is signed in; script errors fail the test."""
    contexts, problems = [], []

    def open_page(user: str, *, width: int = 1280, **options: Any) -> Page:
        client = Client()
        client.force_login(get_user_model().objects.get(username=user))
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, **options
        )
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


def sound(page: Page, name: str, width: int) -> None:
    """The page has one heading, nothing that axe finds, and is no wider than the screen."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    found = violations(page)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (found, wider, page.get_by_role("heading", level=1).count()) == ([], 0, 1), name


@pytest.mark.parametrize("width", [1280, 390])
def test_a_list_from_the_form_to_its_end(enter: Enter, ruth: int, width: int) -> None:
    page = enter("ruth", width=width)
    page.goto(LISTS)
    sound(page, "lists-empty", width)
    page.get_by_role("button", name="See what would be signed off").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page, "lists-refused", width)
    page.get_by_label("Or paste the list").fill(
        "learner;day;reason;evidence\nkim0;2026-02-01;;https://e.example/1\nkim1@example.org;;;\nnobody@example.org;;;\n"
        "ruth;;;\nkim1;;;\nkim2;1.2.2026;;\n"
    )
    page.get_by_role("button", name="See what would be signed off").click()
    expect(page.get_by_role("button", name="Sign off 2 people")).to_be_visible()
    expect(page.get_by_text("Earns: Placement passed.").first).to_be_visible()
    sound(page, "list-ready", width)
    page.get_by_label("What you saw").fill("Six weeks in the shop")
    page.get_by_role("button", name="Sign off 2 people").click()
    expect(page.get_by_text("0 of 2 rows done")).to_be_visible()
    sound(page, "list-running", width)
    for job in open_jobs():
        while work(job, clock=timezone.now, seconds=60):
            pass
    expect(page.get_by_role("button", name="Undo")).to_be_visible()  # the page follows by itself
    expect(page.get_by_text("2 of 2 rows done")).to_be_visible()
    sound(page, "list-done", width)
    page.goto(LISTS)
    sound(page, "lists-some", width)


@pytest.mark.parametrize("width", [1280, 390])
def test_spare_time_and_a_switch(
    enter: Enter, ruth: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from microcred_app.compat import platform

    monkeypatch.setattr(type(platform()), "is_enrolled", lambda _self, _user, _course: True)
    page = enter("kim0", width=width)
    page.goto("/microcred/my/pathways/shop")
    page.get_by_label("At most").select_option("10")
    page.get_by_role("button", name="Show what fits").click()
    expect(page.get_by_role("link", name="True a wheel in nine minutes")).to_be_visible()
    sound(page, "spare-time", width)
    page.get_by_role("link", name="Switch to another pathway: see what carries over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Switch to another pathway")
    sound(page, "switches", width)
    page.get_by_role("link", name="The road other").click()
    expect(page.get_by_role("heading", name="Counts there already")).to_be_visible()
    sound(page, "switch", width)
    page.get_by_role("button", name="Switch to this pathway").click()
    expect(page.get_by_text("You follow this pathway now.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_credits_and_a_shared_draft(enter: Enter, ruth: int, width: int) -> None:
    publish("ceu", {"outcome": "o.c"}, terms=badges.Terms(credits=Decimal("1.5"), credit_unit="CEU"))
    do_unit(get_user_model().objects.get(username="kim0").pk, "c")
    content = {
        "name": "Plant care",
        "issuer": "school",
        "kind": "macro",
        "description": "Mind the pumps",
        "requirement": {"all": [{"badge": "placed"}, {"outcome": "o.b"}]},
    }
    badges.open_draft("plant", content, actor_id=None, now=NOW)
    page = enter("kim0", width=width)
    page.goto("/microcred/my/credits")
    expect(page.get_by_text("1.5 CEU").first).to_be_visible()
    sound(page, "credits", width)
    page = enter("ruth", width=width)
    page.goto("/microcred/registrar/badges/plant/edit")
    page.get_by_role("link", name="Share it to be read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Share a draft")
    sound(page, "share", width)
    link = page.get_by_label("Link").input_value()
    page.goto(link[link.index("/microcred/") :])
    expect(page.get_by_text("Nobody can earn it yet")).to_be_visible()
    sound(page, "shared-draft", width)
