"""A learner is named to a system only while they agree, and they are asked for each system by its name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import EmailConsent, WebhookMessage
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish

from .conftest import Run, make_endpoint
from .receiver import Receiver

PAGE = "/microcred/my/address/"


@pytest.fixture
def asking(receiver: Receiver, amina: int) -> str:
    """A system that asks for addresses, and a learner with a badge that it was told of."""
    made = make_endpoint(receiver.url, asks_email=True)
    publish("chain", {"outcome": "o.b"}, name="Chain")
    do_unit(amina, "a")
    return made.endpoint.id


def test_the_address_is_told_from_the_agreement_to_its_withdrawal(
    amina: int, asking: str, receiver: Receiver, run: Run
) -> None:
    run()
    webhooks.agree(amina, asking, now=NOW)
    do_unit(amina, "b")
    run()
    webhooks.withdraw_consent(amina, asking, now=NOW)
    publish("oil", {"outcome": "o.c"}, name="Oil")
    do_unit(amina, "c")
    run()
    assert [body["data"].get("learner_email") for body in receiver.said] == [None, "amina@example.org", None]


def test_a_message_that_waits_forgets_the_address_when_the_agreement_ends(
    amina: int, asking: str, receiver: Receiver, run: Run
) -> None:
    receiver.answer = lambda number: (500 if number == 1 else 200, {}, b"")
    webhooks.agree(amina, asking, now=NOW)
    run()
    webhooks.withdraw_consent(amina, asking, now=NOW)
    run(NOW + timedelta(minutes=5))
    assert [body["data"].get("learner_email") for body in receiver.said] == ["amina@example.org", None]
    assert "amina" not in str(WebhookMessage.objects.get().content)


def test_nobody_agrees_for_others_or_to_a_system_that_does_not_ask(
    amina: int, asking: str, receiver: Receiver
) -> None:
    silent = make_endpoint(receiver.url, name="Silent").endpoint.id
    stranger = make_user("stranger")
    for person, key in ((amina, silent), (stranger, asking), (amina, "nonsense")):
        with pytest.raises(webhooks.EndpointNotFound):
            webhooks.agree(person, key, now=NOW)
    assert not EmailConsent.objects.exists()


def test_the_page_names_who_asks_and_takes_yes_and_no(amina: int, asking: str, client: Client) -> None:
    client.force_login(get_user_model().objects.get(pk=amina))
    page = client.get(PAGE).content.decode()
    assert "People Ltd" in page and "127.0.0.1" in page and "amina@example.org" in page
    assert PAGE in client.get("/microcred/my/", headers={"accept": "text/html"}).content.decode()
    said = client.post(PAGE, {"system": asking, "do": "agree"}, follow=True).content.decode()
    assert "You agreed on" in said
    said = client.post(PAGE, {"system": asking, "do": "withdraw"}, follow=True).content.decode()
    assert "You took your agreement back" in said
    assert client.post(PAGE, {"system": "nonsense", "do": "agree"}).status_code == 404
    assert client.post(PAGE, {"system": "nonsense"}).status_code == 404


def test_who_is_not_asked_sees_no_way_there(amina: int, client: Client) -> None:
    client.force_login(get_user_model().objects.get(pk=amina))
    assert PAGE not in client.get("/microcred/my/", headers={"accept": "text/html"}).content.decode()
    assert "No system asks" in client.get(PAGE).content.decode()
