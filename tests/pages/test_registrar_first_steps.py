"""A site with nothing in it: what the console says to do first, and that it works as it is said."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from microcred_app.applets.badges import api as badges
from tests.fixtures.catalogue import make_officer, make_user, publish, set_up_catalogue

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/"
MISSING = "There is no organisation yet."


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    """Nothing: this file begins where a site begins."""


@pytest.mark.parametrize("path", ["", "badges/new", "webhooks/", "vendors/", "roles/"])
def test_without_an_organisation_every_page_that_needs_one_says_how_it_is_made(
    sign_in: SignIn, path: str
) -> None:
    page = sign_in(make_user("root", is_superuser=True)).get(HERE + path).content.decode()
    assert MISSING in page
    assert 'method="post"' not in page, "a form that nobody can send"
    set_up_catalogue()
    page = sign_in(make_officer("ruth")).get(HERE + path).content.decode()
    assert MISSING not in page


def test_the_file_that_is_shown_makes_an_organisation(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in(make_user("root", is_superuser=True)).get(HERE).content.decode()
    shown, command = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    file = tmp_path / "organisation.yaml"
    file.write_text(html.unescape(shown), encoding="utf-8")
    assert html.unescape(command).split()[-2:] == ["microcred_apply", file.name]
    call_command("microcred_apply", str(file), "--yes")
    assert [issuer.name for issuer in badges.list_issuers()] == ["My School"]


def test_the_first_steps_are_shown_until_a_badge_is_published(sign_in: SignIn) -> None:
    set_up_catalogue()
    ruth, auditor = sign_in(make_officer("ruth")), sign_in(make_officer("olga", "auditor"))
    steps = ruth.get(HERE).context["first_steps"]
    assert (steps.organisations, steps.skills) == (True, True)
    shown = ruth.get(HERE).content.decode()
    assert "First steps" in shown
    assert f'<a href="{reverse("microcred_app:registrar-draft-new")}">New badge</a>' in shown
    assert auditor.get(HERE).context["first_steps"] is None
    publish("safety", {"outcome": "o.a"})
    assert ruth.get(HERE).context["first_steps"] is None


def test_the_menu_groups_what_a_person_may_open(sign_in: SignIn) -> None:
    set_up_catalogue()
    groups = sign_in(make_officer("ruth")).get(HERE).context["tabs"]
    assert [group.title for group in groups] == [
        "", "What can be earned", "Who earned it", "Wallets and other systems", "Oversight",
    ]  # fmt: skip
    names = [tab.name for group in groups for tab in group.tabs]
    assert len(names) == len(set(names)) == 15
    steward = sign_in(make_officer("stella", "steward")).get(HERE).context["tabs"]
    assert [tab.name for tab in steward[0].tabs] == ["overview"]
    assert "awards" not in [tab.name for group in steward for tab in group.tabs]
    assert all(group.tabs for group in steward)
