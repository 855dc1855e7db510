"""Signing in: with a password, or with one click as the demo's people and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def amina(person: Callable[[str], Any]) -> Any:
    return person("amina")


def test_the_page_lists_the_people_who_are_there(amina: Any, client: Client) -> None:
    page = client.get(reverse("lms:sign-in")).content.decode()
    assert "Sign in as Amina" in page and "Sign in as Ben" not in page


def test_one_click_signs_in_as_a_demo_account(amina: Any, client: Client) -> None:
    answer = client.post(reverse("lms:sign-in-as", args=["amina"]), follow=True)
    assert answer.context["user"] == amina


def test_one_click_is_for_demo_accounts_only(person: Callable[[str], Any], client: Client) -> None:
    person("somebody")
    assert client.post(reverse("lms:sign-in-as", args=["somebody"])).status_code == 404
    assert client.post(reverse("lms:sign-in-as", args=["ben"])).status_code == 404


def test_one_click_can_be_switched_off(amina: Any, client: Client, settings: Any) -> None:
    settings.DEMO_QUICK_SIGN_IN = False
    assert client.post(reverse("lms:sign-in-as", args=["amina"])).status_code == 404


def test_following_a_link_signs_nobody_in_or_out(amina: Any, client: Client) -> None:
    assert client.get(reverse("lms:sign-in-as", args=["amina"])).status_code == 405
    client.force_login(amina)
    assert client.get(reverse("lms:sign-out")).status_code == 405


def test_a_sign_in_without_the_csrf_token_is_refused(amina: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("lms:sign-in-as", args=["amina"])).status_code == 403
    assert strict.post(reverse("lms:sign-in"), {"username": "amina", "password": "secret"}).status_code == 403


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(amina: Any, client: Client) -> None:
    answer = client.post(reverse("lms:sign-in"), {"username": "amina", "password": "wrong"})
    assert answer.status_code == 400
    assert "Check both and try again" in answer.content.decode()
    assert 'value="amina"' in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/studio/", "/studio/"), ("https://evil.example/", "/"), ("//evil.example/", "/"), ("", "/")],
)
def test_after_signing_in_only_our_own_pages_are_opened(
    amina: Any, client: Client, wanted: str, reached: str
) -> None:
    body = {"username": "amina", "password": "secret", "next": wanted}
    assert client.post(reverse("lms:sign-in"), body)["Location"] == reached
