"""Who holds what and why, and taking it back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from microcred_app.applets.awards import api as awards
from tests.fixtures.catalogue import do_unit, make_user, publish

SignIn = Callable[..., Client]
LIST = "/microcred/registrar/awards/"


@pytest.fixture
def award_id(amina: int) -> str:
    publish("micro-a", {"outcome": "o.a"})
    do_unit(amina, "a")
    return awards.held_badges(amina)["micro-a"]


@pytest.fixture
def ruth(sign_in: SignIn) -> Client:
    return sign_in(make_user("ruth"), "view_award", "add_reversal")


def test_nobody_else_comes_in(award_id: str, amina: int, sign_in: SignIn) -> None:
    for url in (
        "/microcred/registrar/",
        LIST,
        reverse("microcred_app:registrar-award", args=[award_id]),
        "/microcred/registrar/badges/",
    ):
        assert sign_in().get(url).status_code == 302
        assert sign_in(amina).get(url).status_code == 403


def test_awards_are_found_by_holder_and_badge(award_id: str, ruth: Client) -> None:
    assert "Amina Diallo" in ruth.get(LIST).content.decode()
    assert "Amina Diallo" in ruth.get(LIST, {"q": "amina@example.org"}).content.decode()
    assert "No award matches" in ruth.get(LIST, {"q": "nobody"}).content.decode()
    assert "No award matches" in ruth.get(LIST, {"badge": "other"}).content.decode()


def test_an_award_shows_rule_attainment_source_and_credential(award_id: str, ruth: Client) -> None:
    page = ruth.get(reverse("microcred_app:registrar-award", args=[award_id])).content.decode()
    for said in (
        "Mend part a of a bicycle",
        "type@microcred_unit+block@a",
        "score 1<",
        "Rule of version 1",
    ):
        assert said in page


def test_revoking_asks_for_a_reason_and_keeps_what_was_typed(award_id: str, ruth: Client) -> None:
    url = reverse("microcred_app:registrar-award", args=[award_id])
    assert ruth.post(url, {"reason": " "}).status_code == 400
    assert ruth.post(url, {"reason": "Copied work"}).status_code == 302
    page = ruth.get(url).content.decode()
    assert "Revoked on" in page
    assert "Copied work" in page
    assert "This award was revoked before" in ruth.post(url, {"reason": "x"}).content.decode()


def test_seeing_is_not_revoking(award_id: str, sign_in: SignIn, amina: int) -> None:
    client = sign_in(make_user("auditor"), "view_award")
    url = reverse("microcred_app:registrar-award", args=[award_id])
    assert "Revoke this award" not in client.get(url).content.decode()
    assert client.post(url, {"reason": "x"}).status_code == 403
    assert awards.held_badges(amina) == {"micro-a": award_id}


@pytest.mark.parametrize("wanted", ["x", "41868c34-2eae-401a-9a1e-731d80d68cd9"])
def test_an_unknown_award_is_answered_kindly(ruth: Client, wanted: str) -> None:
    assert ruth.get(f"/microcred/registrar/awards/{wanted}").status_code == 404
