"""The page on which deliveries that were given up are seen and sent again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery.models import Delivery, DeliveryAttempt
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish
from tests.fixtures.registrar_world import fail_delivery

SignIn = Callable[..., Client]
PAGE = "/microcred/registrar/deliveries/"


@pytest.fixture
def given_up() -> list[Delivery]:
    publish("safety", {"outcome": "o.a"}, name="Safety")
    for name in ("ada", "ben"):
        learner = make_user(name)
        do_unit(learner, "a")
        fail_delivery(learner, awards.held_badges(learner)["safety"], NOW)
    rows = list(Delivery.objects.order_by("pk"))
    DeliveryAttempt.objects.create(
        delivery=rows[0], started_at=NOW, finished_at=NOW, outcome="dead", code="host_problem", http_status=503,
        note="Gone <b>fishing</b>",
    )  # fmt: skip
    return rows


def test_the_list_says_who_where_why_and_how_often(given_up: list[Delivery], sign_in: SignIn) -> None:
    page = sign_in(make_officer()).get(PAGE).content.decode()
    for said in ("Safety", "Ada Diallo", "A wallet", "the wallet was not available", "8 tries", "HTTP 503"):
        assert said in page, said
    assert "The host answered 503 for three days." in page
    assert "Gone &lt;b&gt;fishing" in page
    assert "Resend all 2" in page


def test_one_those_chosen_and_all_are_sent_again(given_up: list[Delivery], sign_in: SignIn) -> None:
    ruth = sign_in(make_officer())
    page = ruth.post(PAGE, {"do": f"one:{given_up[0].pk}"}, follow=True).content.decode()
    assert "1 delivery is on its way again." in page
    page = ruth.post(PAGE, {"do": "chosen", "delivery": [str(row.pk) for row in given_up]}, follow=True)
    assert "1 was left alone" in page.content.decode()
    assert Delivery.objects.filter(state="dead").count() == 0
    Delivery.objects.update(state="dead", last_code="refused")
    assert (
        "2 deliveries are on their way"
        in ruth.post(PAGE, {"do": "all", "seen": "2"}, follow=True).content.decode()
    )


def test_filters_narrow_the_list_and_what_all_means(given_up: list[Delivery], sign_in: SignIn) -> None:
    ruth = sign_in(make_officer())
    page = ruth.get(PAGE, {"q": "ada"}).content.decode()
    assert "Ada Diallo" in page
    assert "Ben Diallo" not in page
    assert "Resend the 1 that matches" in page
    ruth.post(f"{PAGE}?q=ada", {"do": "all", "seen": "1"})
    assert Delivery.objects.filter(state="dead").count() == 1
    for odd in (
        {"state": "x"},
        {"code": "\x00"},
        {"wallet": "https://nowhere"},
        {"page": "9" * 30},
        {"q": "'"},
    ):
        assert ruth.get(PAGE, odd).status_code == 200


def test_what_changed_meanwhile_is_said_and_nothing_is_sent(
    given_up: list[Delivery], sign_in: SignIn
) -> None:
    ruth = sign_in(make_officer())
    for form in ({"do": "all", "seen": "7"}, {"do": "chosen"}, {"do": "all", "seen": "x"}, {}):
        response = ruth.post(PAGE, form)
        assert response.status_code == 409, form
        assert 'role="alert"' in response.content.decode()
    assert Delivery.objects.filter(state="dead").count() == 2


def test_an_auditor_looks_and_others_see_nothing(given_up: list[Delivery], sign_in: SignIn) -> None:
    auditor = sign_in(make_officer("olga", "auditor"))
    page = auditor.get(PAGE).content.decode()
    assert "Ada Diallo" in page
    assert "Resend" not in page
    assert auditor.post(PAGE, {"do": "all", "seen": "2"}).status_code == 403
    other = sign_in(make_officer("otto", issuer_slug="college"))
    assert "Ada" not in other.get(PAGE).content.decode()
    assert other.post(PAGE, {"do": f"one:{given_up[0].pk}"}, follow=True).status_code == 200
    assert sign_in(make_officer("stella", "steward")).get(PAGE).status_code == 403
    assert Delivery.objects.filter(state="dead").count() == 2


def test_the_overview_leads_there(given_up: list[Delivery], sign_in: SignIn) -> None:
    page = sign_in(make_officer()).get("/microcred/registrar/").content.decode()
    assert f'href="{PAGE}?state=dead"' in page
