"""The console in a browser: every page accessible and never wider than the screen; a job that follows itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from microcred_app.applets.backfill import api as backfill
from tests.fixtures.accessibility import violations
from tests.fixtures.chromium import PATIENCE
from tests.fixtures.registrar_world import RegistrarWorld, finish_job, set_up_registrar_world

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
HERE = "/microcred/registrar/"
PAGES = [
    "",
    "badges/",
    "badges/safety",
    "badges/leaving",
    "badges/safety/back-fill",
    "awards/",
    "awards/?since=soon",
    "awards/{award}",
    "compliance/",
    "compliance/?badge=safety&day=2999-01-01",
    "lists/",
    "skills/",
    "skills/s.a",
    "skills/import",
    "orphans/",
    "jobs/",
    "jobs/{done_job}",
    "jobs/{running_job}",
    "deliveries/",
    "deliveries/?state=failing",
    "pathways/",
    "pathways/new",
    "badges/new",
    "audit/",
    "roles/",
]


@pytest.fixture
def world(transactional_db: None) -> RegistrarWorld:
    return set_up_registrar_world()


@pytest.fixture
def enter(browser: Browser, live_server: Any, world: RegistrarWorld) -> Iterator[Enter]:
    """A browser in which the registrar is signed in; script errors fail the test."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=world.registrar))
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    contexts, problems = [], []

    def open_page(*, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, **options
        )
        context.add_cookies([cookie])  # type: ignore[list-item]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_fit(enter: Enter, world: RegistrarWorld, width: int) -> None:
    page = enter(width=width)
    found: dict[str, object] = {}
    for path in PAGES:
        page.goto(HERE + path.format(**vars(world)))
        problems = violations(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if problems or wider > 0 or page.get_by_role("heading", level=1).count() != 1:
            found[path] = (problems, wider)
    assert found == {}


def test_a_job_follows_itself_and_offers_what_comes_next(enter: Enter, world: RegistrarWorld) -> None:
    page = enter()
    page.goto(f"{HERE}jobs/{world.running_job}")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_text("0 of 5 learners looked at")).to_be_visible()
    finish_job(world.running_job, timezone.now())
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_text("5 of 5 learners looked at")).to_be_visible()


def test_what_is_typed_is_kept_while_the_job_ends(enter: Enter, world: RegistrarWorld) -> None:
    page = enter()
    page.goto(f"{HERE}jobs/{world.running_job}")
    reason = page.get_by_role("region", name="What you can do").get_by_label("Reason (may be empty)").last
    reason.fill("Started too early")
    finish_job(world.running_job, timezone.now())
    expect(page.get_by_text("5 of 5 learners looked at").first).to_be_visible()
    expect(reason).to_have_value("Started too early")


def test_without_javascript_a_backfill_is_seen_confirmed_and_started(
    enter: Enter, world: RegistrarWorld
) -> None:
    page = enter(width=390, java_script_enabled=False)
    page.goto(f"{HERE}badges/safety")
    page.get_by_role("link", name="Preview a back-fill").click()
    page.get_by_role("button", name="Start the back-fill for 1 learner").click()
    page.get_by_label("Yes, everybody is to hold this badge").check()
    page.get_by_role("button", name="Start the back-fill for 1 learner").click()
    expect(page.get_by_text("The back-fill is under way")).to_be_visible()
    assert backfill.count_batches(badge_key="safety") == 2


def test_the_menu_is_folded_on_a_phone_and_open_elsewhere(enter: Enter) -> None:
    page = enter(width=390)
    page.goto(f"{HERE}badges/")
    menu = page.get_by_role("navigation", name="Registrar")
    link = menu.get_by_role("link", name="Jobs")
    expect(link).to_be_hidden()
    fold = menu.locator("summary")
    expect(fold).to_have_text("All pages: Badges")
    fold.press("Enter")
    expect(link).to_be_visible()
    fold.press("Enter")
    page.set_viewport_size({"width": 1280, "height": 900})  # the phone is turned
    expect(link).to_be_visible()
    expect(fold).to_be_hidden()


def test_the_way_to_the_content_passes_the_menu_by(enter: Enter) -> None:
    page = enter()
    page.goto(f"{HERE}badges/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.activeElement.closest('main') !== null"
    assert page.evaluate(inside)
    assert page.get_by_role("main").get_by_role("navigation", name="Registrar").count() == 0
    group = page.get_by_role("list", name="What can be earned")
    expect(group.get_by_role("link")).to_have_text(["Badges", "Pathways", "Skills", "Orphans"])


def test_without_javascript_the_menu_is_open(enter: Enter) -> None:
    page = enter(width=390, java_script_enabled=False)
    page.goto(f"{HERE}badges/")
    menu = page.get_by_role("navigation", name="Registrar")
    expect(menu.get_by_role("link", name="Jobs")).to_be_visible()
