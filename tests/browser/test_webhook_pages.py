"""Webhooks in a browser: a secret is copied, a test event is sent, and every page is accessible and fits the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from microcred_app.applets.awards.models import Award
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookAttempt, WebhookMessage
from tests.fixtures.accessibility import violations
from tests.fixtures.registrar_world import RegistrarWorld, set_up_registrar_world

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> RegistrarWorld:
    return set_up_registrar_world()


@pytest.fixture
def enter(browser: Browser, live_server: Any, world: RegistrarWorld) -> Iterator[Enter]:
    contexts = []

    def visit(path: str, *, person: int | None = None, width: int = 1280) -> Page:
        client = Client()
        client.force_login(get_user_model().objects.get(pk=person or world.registrar))
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, reduced_motion="reduce"
        )
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def endpoint(world: RegistrarWorld) -> str:
    """A system with a log: accepted, given up, on its way."""
    made = webhooks.create_endpoint(
        "school", name="People Ltd", url="https://hr.example/a/rather/long/address/that/has/to/break/somewhere",
        events=[event.value for event in webhooks.CHOOSABLE], asks_email=True, actor_id=None, now=timezone.now(),
    )  # fmt: skip
    key = made.endpoint.id
    for state, code in (("delivered", "accepted"), ("dead", "host_problem"), ("pending", "")):
        message = webhooks.send_test_event(key, actor_id=None, now=timezone.now())
        WebhookMessage.objects.filter(pk=message).update(state=state, last_code=code)
        if code:
            WebhookAttempt.objects.create(
                delivery_id=message, started_at=timezone.now(), finished_at=timezone.now(), outcome=state,
                code=code, http_status=200 if state == "delivered" else 503,
            )  # fmt: skip
    return key


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path",
    [
        "registrar/webhooks/",
        "registrar/webhooks/{endpoint}/",
        "registrar/webhooks/{endpoint}/?sure=remove",
        "registrar/deliveries/compare/",
        "my/address/",
    ],
)
def test_a_page_is_accessible_and_fits(enter: Enter, endpoint: str, path: str, width: int) -> None:
    learner = Award.objects.filter(version__badge__issuer__slug="school").values_list(
        "learner_id", flat=True
    )[0]
    person = learner if path.startswith("my/") else None
    page = enter("/microcred/" + path.format(endpoint=endpoint), person=person, width=width)
    if person:
        expect(page.get_by_role("button", name="Tell People Ltd my address")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_endpoint_is_added_tested_and_removed(enter: Enter) -> None:
    page = enter("/microcred/registrar/webhooks/")
    page.get_by_label("Name of the system").fill("Data warehouse")
    page.get_by_label("Address", exact=True).fill("https://warehouse.example/hook")
    page.get_by_role("button", name="Add it and show its secret").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text("whsec_")).to_have_count(0)
    page.get_by_role("button", name="Send a test event").click()
    expect(page.get_by_text("A test event is on its way.")).to_be_visible()
    expect(page.get_by_role("table", name="Messages")).to_contain_text("endpoint.test")
    page.get_by_role("link", name="Remove this webhook").click()
    page.get_by_role("button", name="Remove it for good").click()
    expect(page.get_by_text("The endpoint was removed.")).to_be_visible()


def test_a_refused_form_says_what_is_wrong(enter: Enter) -> None:
    page = enter("/microcred/registrar/webhooks/")
    page.get_by_label("Name of the system").fill("Data warehouse")
    page.get_by_label("Address", exact=True).fill("nonsense")
    page.get_by_role("button", name="Add it and show its secret").click()
    expect(page.get_by_role("alert")).to_contain_text("This address cannot be used")
    assert violations(page) == []
    assert page.title().startswith("Error:")
