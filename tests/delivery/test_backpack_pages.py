"""What a learner reads before a badge gets a public page, and how they take the page back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.models import HostedAssertion
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from tests.fixtures.credentials import make_learner

from .backpack import Backpack, running_backpack
from .conftest import read_answer


@pytest.fixture
def backpack() -> Iterator[Backpack]:
    with running_backpack() as found:
        yield found


@pytest.fixture
def connected(backpack: Backpack, learner: int, guard: OutboundGuard) -> delivery.ConnectionInfo:
    now = timezone.now()
    page = delivery.connect_start(learner, backpack.url, now=now, guard=guard)
    return delivery.connect_finish(
        learner, **read_answer(backpack.consent(page)), now=now, guard=guard
    ).connection


def visit(user_id: int) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(get_user_model().objects.get(pk=user_id))
    return client


def test_the_choice_says_that_a_page_becomes_public(
    connected: delivery.ConnectionInfo, learner: int, credential: UUID
) -> None:
    page = visit(learner).get(reverse("microcred_app:wallet-send", args=[credential])).content.decode()
    assert "puts a page of the badge on the web" in page
    assert "A page of this badge is public" not in page
    assert "older kind" in visit(learner).get(reverse("microcred_app:my-wallets")).content.decode()


def test_a_page_is_shown_after_sending_and_taken_back(
    connected: delivery.ConnectionInfo,
    learner: int,
    credential: UUID,
    guard: OutboundGuard,
    backpack: Backpack,
) -> None:
    client, page = visit(learner), reverse("microcred_app:wallet-send", args=[credential])
    client.post(page, {"wallet": str(connected.id)})
    delivery.deliver_due(timezone.now(), guard=guard)
    assert backpack.held[0]["id"] in client.get(page).content.decode()
    gone = client.get(reverse("microcred_app:wallet-disconnect", args=[connected.id])).content.decode()
    assert "stay readable on the web" in gone
    assert client.post(page, {"do": "withdraw"}).status_code == 302
    assert HostedAssertion.objects.get().withdrawn_at is not None
    assert "A page of this badge is public" not in client.get(page).content.decode()


def test_nobody_takes_back_the_page_of_somebody_else(
    connected: delivery.ConnectionInfo, learner: int, credential: UUID
) -> None:
    delivery.send_credential(learner, credential, connected.id, now=timezone.now())
    stranger = visit(make_learner("bruno"))
    answer = stranger.post(reverse("microcred_app:wallet-send", args=[credential]), {"do": "withdraw"})
    assert answer.status_code == 404
    assert HostedAssertion.objects.get().withdrawn_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["assertions/x", "badges/none/v1", "issuers/none", "assertions/" + "x" * 5000]
)
def test_an_address_that_does_not_exist_is_a_plain_answer(path: str) -> None:
    answer = Client().get(f"/microcred/ob2/{path}")
    assert answer.status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"].startswith("application/json")
