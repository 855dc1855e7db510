"""The console's page for vendor accounts, and mails that were given up: who sees them, and what a press does."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.issuance.models import Credential
from microcred_app.applets.mailing.models import BadgeMail
from microcred_app.applets.vendors import api as vendors
from microcred_app.applets.vendors.models import VendorAccount, VendorMapping
from tests.fixtures.registrar_world import RegistrarWorld, set_up_registrar_world
from tests.vendors.simulator import KEY, running_vendor

pytestmark = pytest.mark.django_db
PAGE = "/microcred/registrar/vendors/"


@pytest.fixture
def world() -> RegistrarWorld:
    return set_up_registrar_world()


def visit(user_id: int) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(get_user_model().objects.get(pk=user_id))
    return client


@pytest.fixture
def account(world: RegistrarWorld) -> Any:
    with running_vendor() as vendor:
        made = vendors.add_account(
            "school", kind="credly", name="Ours", key=KEY, base_url=vendor.address("credly"),
            organisation_key="org-1", actor_id=None, now=timezone.now(),
        )  # fmt: skip
        yield made


def test_only_registrars_of_the_organisation_see_an_account(world: RegistrarWorld, account: Any) -> None:
    own, foreign = f"{PAGE}{account.id}/", PAGE
    assert visit(world.registrar).get(own).status_code == 200
    assert visit(world.auditor).get(own).status_code == 403
    assert visit(world.other_registrar).get(own).status_code == 404
    assert "Ours" not in visit(world.other_registrar).get(foreign).content.decode()


def test_no_page_ever_holds_the_key(world: RegistrarWorld, account: Any) -> None:
    client = visit(world.registrar)
    for path in (PAGE, f"{PAGE}{account.id}/", "/microcred/registrar/", "/microcred/registrar/audit/"):
        assert KEY not in client.get(path).content.decode()
    form = {
        "organisation": "school",
        "kind": "credly",
        "name": "",
        "key": "typed-key",
        "organisation_key": "o",
    }
    answer = client.post(PAGE, form)
    assert answer.status_code == 400
    assert "typed-key" not in answer.content.decode()


def test_lines_that_did_not_change_leave_no_trace(world: RegistrarWorld, account: Any) -> None:
    client = visit(world.registrar)
    client.post(f"{PAGE}{account.id}/", {"do": "sync"})
    form = {"do": "map", "badge": ["safety", "brakes"], "template": ["501", ""]}
    for _time in range(2):
        assert client.post(f"{PAGE}{account.id}/", form).status_code == 302
    assert VendorMapping.objects.get().badge.key == "safety"
    assert AuditEntry.objects.filter(action="vendor.mapped").count() == 1


def test_a_line_that_cannot_be_saved_saves_none(world: RegistrarWorld, account: Any) -> None:
    client = visit(world.registrar)
    client.post(f"{PAGE}{account.id}/", {"do": "sync"})
    form = {"do": "map", "badge": ["safety", "foreign"], "template": ["501", "502"]}
    assert client.post(f"{PAGE}{account.id}/", form).status_code == 400
    assert not VendorMapping.objects.exists()


@pytest.mark.parametrize("do", ["", "nonsense", "resend"])
def test_a_press_that_means_nothing_is_refused(do: str, world: RegistrarWorld, account: Any) -> None:
    answer = visit(world.registrar).post(f"{PAGE}{account.id}/", {"do": do, "seen": "-1e9"})
    assert answer.status_code == 400


def test_a_key_that_ends_is_on_the_overview(world: RegistrarWorld, account: Any) -> None:
    client = visit(world.registrar)
    assert "0</span> vendor accounts need you" in client.get("/microcred/registrar/").content.decode()
    VendorAccount.objects.update(key_expires_at=timezone.now())
    text = client.get("/microcred/registrar/").content.decode()
    assert "1</span> vendor account needs you" in text
    assert "last day is over" in text


def test_without_accounts_the_overview_is_silent_about_them(world: RegistrarWorld) -> None:
    assert 'id="vendors"' not in visit(world.registrar).get("/microcred/registrar/").content.decode()


@pytest.fixture
def given_up(world: RegistrarWorld) -> BadgeMail:
    credential = Credential.objects.filter(award__version__badge__key="safety")[0]
    return BadgeMail.objects.create(
        credential=credential,
        created_at=timezone.now(),
        state="dead",
        last_code="address_not_taken",
        attempts=12,
    )


def test_mails_that_were_given_up_are_shown_and_sent_again(
    world: RegistrarWorld, given_up: BadgeMail
) -> None:
    client, page = visit(world.registrar), reverse("microcred_app:registrar-deliveries")
    text = client.get(page).content.decode()
    assert "1 mail was given up" in text
    assert "the mail server does not take the address" in text
    assert "1 mail was given up" in client.get("/microcred/registrar/").content.decode()
    assert client.post(page, {"do": "mails", "seen": "4"}).status_code == 409
    assert client.post(page, {"do": "mails", "seen": "1"}).status_code == 302
    given_up.refresh_from_db()
    assert (given_up.state, given_up.attempts, given_up.last_code) == ("pending", 0, "")
    assert AuditEntry.objects.get(action="mails.resent").issuer_slug == "school"
    assert "mail was given up" not in client.get(page).content.decode()


def test_mails_of_another_organisation_are_not_seen_or_sent(
    world: RegistrarWorld, given_up: BadgeMail
) -> None:
    other, page = visit(world.other_registrar), reverse("microcred_app:registrar-deliveries")
    assert "mail was given up" not in other.get(page).content.decode()
    assert other.post(page, {"do": "mails", "seen": "1"}).status_code == 409
    assert visit(world.auditor).post(page, {"do": "mails", "seen": "1"}).status_code == 403
    given_up.refresh_from_db()
    assert given_up.state == "dead"


@pytest.mark.parametrize("code", ["revoked", "not_wanted"])
def test_what_must_not_be_mailed_is_not_offered(
    code: str, world: RegistrarWorld, given_up: BadgeMail
) -> None:
    BadgeMail.objects.update(last_code=code)
    page = reverse("microcred_app:registrar-deliveries")
    assert "mail was given up" not in visit(world.registrar).get(page).content.decode()
