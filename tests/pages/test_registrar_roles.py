"""Giving and taking roles, per organisation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from microcred_app.applets.offices import api as offices
from tests.fixtures.catalogue import make_officer

SignIn = Callable[..., Client]
HERE = "/microcred/registrar/"


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_officer("ruth"))


def test_a_role_is_given_by_address_and_taken_again(ruth: Client, amina: int) -> None:
    form = {"step": "give", "organisation": "school", "account": "AMINA@example.org", "role": "auditor"}
    page = ruth.post(HERE + "roles/", form, follow=True).content.decode()
    assert "Amina Diallo is auditor now" in page
    assert [held.role for held in offices.roles_of(amina)] == ["auditor"]
    take = {"step": "take", "organisation": "school", "user": str(amina), "role": "auditor"}
    assert "was taken away" in ruth.post(HERE + "roles/", take, follow=True).content.decode()
    assert offices.roles_of(amina) == ()
    assert "not auditor of school" in ruth.post(HERE + "roles/", take).content.decode()


@pytest.mark.parametrize(
    ("account", "role", "said"),
    [
        ("", "auditor", "Write the user name"),
        ("nobody", "auditor", "no open account “nobody”"),
        ("amina", "emperor", "“emperor” is no role"),
        ("\x00", "auditor", "Write the user name"),
    ],
)
def test_what_cannot_be_is_said_and_stays_typed(
    ruth: Client, amina: int, account: str, role: str, said: str
) -> None:
    form = {"step": "give", "organisation": "school", "account": account, "role": role}
    response = ruth.post(HERE + "roles/", form)
    assert response.status_code == 400
    assert said in response.content.decode()
    if account.isalnum():
        assert f'value="{account}"' in response.content.decode()


def test_nobody_locks_themselves_out_by_one_click(ruth: Client) -> None:
    own = offices.list_roles("school")[0]
    take = {"step": "take", "organisation": "school", "user": str(own.user_id), "role": "registrar"}
    response = ruth.post(HERE + "roles/", take)
    assert response.status_code == 409
    assert "This is your own role" in response.content.decode()
    assert offices.list_roles("school") == (own,)
    assert ruth.post(HERE + "roles/", take | {"sure": "yes"}).status_code == 302
    assert offices.list_roles("school") == ()
