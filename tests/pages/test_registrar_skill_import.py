"""An import is seen before it happens, and what happens is what was seen."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from microcred_app.applets.skills import api as skills
from tests.fixtures.catalogue import make_officer

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/"


@pytest.fixture
def stella(sign_in: SignIn) -> Client:
    return sign_in(make_officer("stella", "steward"))


def hand_in(client: Client, text: str, **form: str) -> str:
    file = io.BytesIO(text.encode())
    file.name = "skills.csv"
    response = client.post(HERE + "skills/import", {"files": file, "framework": "bikes", **form})
    assert response.status_code in (200, 400)
    return response.content.decode()


def field(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def confirm(client: Client, page: str, answer: str = "yes") -> Any:
    form = {"token": field(page, "token"), "seen": field(page, "seen"), "answer": answer}
    return client.post(HERE + "skills/import/confirm", form, follow=True)


def test_what_was_shown_is_imported_and_once(stella: Client) -> None:
    page = hand_in(stella, "key,name\ns.a,Skill A\ns.new,Brand new\n")
    assert "1</strong> new skill" in page
    assert "1</strong> changed skill" in page
    assert skills.count_skills() == 3
    done = confirm(stella, page).content.decode()
    assert "Imported: 1 skill is new, 1 changed" in done
    assert "Brand new" in done
    assert skills.get_skill("s.a").name == "Skill A"
    assert "not here any more" in confirm(stella, page).content.decode()


def test_no_is_no(stella: Client) -> None:
    page = hand_in(stella, "key,name\ns.new,Brand new\n")
    assert "Nothing was imported" in confirm(stella, page, "no").content.decode()
    assert skills.count_skills() == 3
    assert "not here any more" in confirm(stella, page).content.decode()


def test_a_catalogue_that_changed_is_shown_again(stella: Client) -> None:
    page = hand_in(stella, "key,name\ns.new,Brand new\n")
    skills.define_skill(key="s.new", framework_key="bikes", name="Somebody else's")
    again = confirm(stella, page)
    assert again.status_code == 409
    assert "changed since you looked" in again.content.decode()
    assert skills.get_skill("s.new").name == "Somebody else's"
    assert "1 changed" in confirm(stella, again.content.decode()).content.decode()


def test_problems_name_the_line_and_keep_the_form(stella: Client) -> None:
    page = hand_in(stella, "key,name\nx y,Two words\n", name="My framework")
    assert "have to be mended" in page or "has to be mended" in page
    assert "line 2" in page
    assert 'value="My framework"' in page
    assert "Choose at least one file" in stella.post(HERE + "skills/import", {}).content.decode()
    assert "Choose a framework" in hand_in(stella, "key,name\nx,y\n", framework="")


def test_another_person_cannot_say_yes(stella: Client, sign_in: SignIn) -> None:
    page = hand_in(stella, "key,name\ns.new,Brand new\n")
    other = sign_in(make_officer("otto", "steward"))
    assert "not here any more" in confirm(other, page).content.decode()
