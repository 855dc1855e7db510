"""The page on which a learner's wallet is compared with what was delivered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import Connection, Delivery
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.registrar_world import fail_delivery

SignIn = Callable[..., Client]
PAGE = "/microcred/registrar/deliveries/compare/"


@pytest.fixture
def wallet(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A wallet into which one badge was delivered and that does not hold it any more."""
    publish("safety", {"outcome": "o.a"}, name="Safety")
    ada = make_user("ada")
    do_unit(ada, "a")
    fail_delivery(ada, awards.held_badges(ada)["safety"], NOW)
    Delivery.objects.update(state="delivered", delivered_at=NOW, next_attempt_at=None, last_code="created")
    connection = Connection.objects.get()

    def answer(pk: UUID, **_given: Any) -> delivery.Comparison:
        missing = tuple(Delivery.objects.filter(state="delivered").values_list("pk", flat=True))
        return delivery.Comparison(pk, ada, "A wallet", 1, 0, "", missing)

    monkeypatch.setattr(delivery, "compare_wallet", answer)
    return connection.pk


def test_what_is_missing_is_shown_first_and_delivered_when_asked(sign_in: SignIn, wallet: UUID) -> None:
    ruth = sign_in(make_officer())
    page = ruth.post(PAGE, {"q": "ada", "do": "compare"}).content.decode()
    assert "0 of 1 badges" in page and "Deliver 1 badge again" in page
    assert Delivery.objects.get().state == "delivered"
    page = ruth.post(PAGE, {"q": "ada", "do": "deliver"}, follow=True).content.decode()
    assert "1 badge is delivered again." in page
    assert Delivery.objects.get().state == "pending"


def test_a_wallet_that_cannot_be_looked_into_says_why(
    sign_in: SignIn, wallet: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = delivery.Comparison(wallet, make_user("eve"), "A wallet", 1, 0, "no_permission")
    monkeypatch.setattr(delivery, "compare_wallet", lambda *_args, **_given: told)
    page = sign_in(make_officer()).post(PAGE, {"q": "ada", "do": "compare"}).content.decode()
    assert "its owner did not permit to look into the wallet" in page
    assert "Deliver again what is missing" not in page


@pytest.mark.parametrize("words", ["", "nobody at all", "\x00", "x" * 5000])
def test_words_that_find_nobody_say_so(sign_in: SignIn, wallet: UUID, words: str) -> None:
    answer = sign_in(make_officer()).post(PAGE, {"q": words, "do": "compare"})
    assert answer.status_code == 400
    assert "Nothing was delivered" in answer.content.decode()


def test_only_who_runs_jobs_for_the_organisation_comes_in(sign_in: SignIn, wallet: UUID) -> None:
    assert sign_in(make_user("nobody")).get(PAGE).status_code == 403
    assert sign_in(make_officer("alma", "auditor")).get(PAGE).status_code == 403
    other = sign_in(make_officer("olga", "registrar", "college"))
    assert "Nothing was delivered" in other.post(PAGE, {"q": "ada", "do": "deliver"}).content.decode()
    assert Delivery.objects.get().state == "delivered"
    assert sign_in().get(PAGE).status_code == 302


def test_the_list_of_deliveries_leads_there(sign_in: SignIn, wallet: UUID) -> None:
    assert PAGE in sign_in(make_officer()).get("/microcred/registrar/deliveries/").content.decode()
