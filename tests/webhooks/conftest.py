"""An organisation, a learner and a system that is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from microcred_app.applets.delivery.api import WorkDone, pump_lane
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.webhooks import api as webhooks
from tests.fixtures.catalogue import NOW, make_user, publish, set_up_catalogue

from .receiver import Receiver, running_receiver

Run = Callable[..., WorkDone]
EVERYTHING = [event.value for event in webhooks.CHOOSABLE]


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()
    publish("safety", {"outcome": "o.a"}, name="Safety")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as found:
        yield found


@pytest.fixture
def amina() -> int:
    return make_user("amina")


@pytest.fixture
def endpoint(receiver: Receiver) -> webhooks.NewSecret:
    return make_endpoint(receiver.url)


def make_endpoint(url: str, **changes: Any) -> webhooks.NewSecret:
    values: dict[str, Any] = {"name": "People Ltd", "events": EVERYTHING, "asks_email": False}
    return webhooks.create_endpoint("school", url=url, actor_id=None, now=NOW, **(values | changes))


@pytest.fixture
def run() -> Run:
    """Send what is due at a moment; the clock stands still."""

    def work(now: datetime = NOW, *, seconds: float = 30.0) -> WorkDone:
        moment = now + timedelta(seconds=1)
        return pump_lane(
            webhooks.WebhookLane(),
            clock=lambda: moment,
            worker="test",
            seconds=20,
            stop=threading.Event(),
            guard=OutboundGuard(admit_loopback=True, seconds=seconds),
        )

    return work
