"""Vendor accounts in a browser: added, tested, mapped, given another key; every page is accessible and fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from microcred_app.applets.awards.models import Award
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.mailing.models import BadgeMail
from microcred_app.applets.vendors import api as vendors
from microcred_app.applets.vendors.models import VendorAccount, VendorAttempt, VendorIssue
from tests.fixtures.accessibility import violations
from tests.fixtures.registrar_world import RegistrarWorld, set_up_registrar_world
from tests.vendors.simulator import KEY, Vendor, running_vendor

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> RegistrarWorld:
    return set_up_registrar_world()


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running_vendor() as found:
        yield found


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
def account(world: RegistrarWorld, vendor: Vendor) -> str:
    """An account whose key ends soon, with orders in every state, and a mail that was given up."""
    now = timezone.now()
    made = vendors.add_account(
        "school", kind="credly", name="Badges of the school", key=KEY, base_url=vendor.address("credly"),
        organisation_key="org-1", key_expires_on=f"{now + timedelta(days=9):%Y-%m-%d}", actor_id=None, now=now,
    )  # fmt: skip
    vendors.sync_templates(made.id, actor_id=None, now=now)
    vendors.map_badge(made.id, "safety", "501", actor_id=None, now=now)
    awards = Award.objects.filter(version__badge__key="safety").order_by("pk")[:3]
    for award, state, code in zip(
        awards, ("delivered", "dead", "pending"), ("issued", "refused", ""), strict=True
    ):
        row = VendorIssue.objects.create(
            account_id=made.id, award=award, created_at=now, state=state, last_code=code,
            last_detail="The address is blocked." if code == "refused" else "",
        )  # fmt: skip
        if code:
            VendorAttempt.objects.create(
                delivery=row, started_at=now, finished_at=now, outcome=state, code=code,
                http_status=201 if code == "issued" else 422, note=row.last_detail,
            )  # fmt: skip
    BadgeMail.objects.create(
        credential=Credential.objects.filter(award__version__badge__key="safety")[0], created_at=now,
        state="dead", last_code="address_not_taken",
    )  # fmt: skip
    return made.id


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path",
    [
        "registrar/",
        "registrar/vendors/",
        "registrar/vendors/{account}/",
        "registrar/vendors/{account}/?sure=remove",
        "registrar/deliveries/",
        "my/address/",
    ],
)
def test_a_page_is_accessible_and_fits(
    enter: Enter, account: str, path: str, width: int, request: Any
) -> None:
    learner = Award.objects.filter(version__badge__key="safety").order_by("pk")[0].learner_id
    person = learner if path.startswith("my/") else None
    page = enter("/microcred/" + path.format(account=account), person=person, width=width)
    if person:
        expect(page.get_by_role("button", name="Issue my badges at Badges of the school")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_account_is_added_tested_mapped_and_removed(enter: Enter, vendor: Vendor) -> None:
    page = enter("/microcred/registrar/vendors/")
    page.get_by_label("Name of the account").fill("Sandbox")
    page.get_by_label("The organisation’s id at the vendor").fill("org-1")
    page.get_by_label("Key", exact=True).fill(KEY)
    page.get_by_label("Address of the interface").fill(vendor.address("credly"))
    page.get_by_role("button", name="Add the account").click()
    expect(page.get_by_text("The account was added.")).to_be_visible()
    page.get_by_role("button", name="Test the key and read the templates").click()
    expect(page.get_by_text("The vendor accepted the key. 2 templates were read.")).to_be_visible()
    page.get_by_label("Template for Workshop Safety").select_option(label="Workshop Safety")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Template for Workshop Safety")).to_have_value("501")
    assert KEY not in page.content()
    page.get_by_label("New key").fill("wrong")
    with page.expect_navigation():
        page.get_by_role("button", name="Use this key").click()
    page.get_by_role("button", name="Test the key and read the templates").click()
    expect(page.get_by_role("alert")).to_contain_text("The vendor did not accept the key.")
    assert violations(page) == []
    page.get_by_role("link", name="Remove this account").click()
    page.get_by_role("button", name="Remove it for good").click()
    expect(page.get_by_text("The account was removed.")).to_be_visible()
    assert bytes(VendorAccount.objects.get().sealed_key) == b""


def test_a_refused_form_says_what_is_wrong_and_forgets_the_key(enter: Enter) -> None:
    page = enter("/microcred/registrar/vendors/")
    page.get_by_label("Key", exact=True).fill("secret-thing")
    page.get_by_role("button", name="Add the account").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the account a name")
    assert "secret-thing" not in page.content()
    assert violations(page) == []
    assert page.title().startswith("Error:")


def test_a_learner_agrees_and_takes_it_back(enter: Enter, account: str) -> None:
    learner = Award.objects.filter(version__badge__key="safety").order_by("pk")[0].learner_id
    page = enter("/microcred/my/address/", person=learner)
    page.get_by_role("button", name="Issue my badges at Badges of the school").click()
    expect(page.get_by_text("Your badges are issued there from now on.")).to_be_visible()
    page.get_by_role("button", name="Issue no more there").click()
    expect(page.get_by_text("No badge is issued there any more.")).to_be_visible()
    expect(page.get_by_text("You took your agreement back on")).to_be_visible()
    assert violations(page) == []
