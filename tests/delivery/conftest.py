"""Delivery against the demo's wallet host, which is a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from tests.fixtures.credentials import NOW, earn_badge, make_learner
from tests.fixtures.wallet import WalletHost, running_wallet_host, wallet_host

__all__ = ["running_wallet_host", "wallet_host"]

Connect = Callable[..., delivery.ConnectionInfo]


@pytest.fixture
def guard() -> OutboundGuard:
    """The guard as the demo runs it, with patience for hosts on a busy machine."""
    return OutboundGuard(admit_loopback=True, seconds=30.0)


@pytest.fixture
def hurried() -> OutboundGuard:
    """A guard that gives up soon, for hosts that take half a minute."""
    return OutboundGuard(admit_loopback=True, seconds=2.0)


@pytest.fixture
def learner(db: None) -> int:
    return make_learner()


@pytest.fixture
def credential(learner: int) -> UUID:
    return earn_badge(learner)


@pytest.fixture
def connect(wallet_host: WalletHost, guard: OutboundGuard) -> Connect:
    """The whole walk: to the consent page, the press of Yes as *person*, and back."""

    def walk(learner_id: int, *, person: str = "amina", now: datetime = NOW) -> delivery.ConnectionInfo:
        consent_page = delivery.connect_start(learner_id, wallet_host.url, now=now, guard=guard)
        answer = read_answer(wallet_host.decide(consent_page, person))
        return delivery.connect_finish(learner_id, **answer, now=now, guard=guard).connection

    return walk


def read_answer(location: str) -> dict[str, str]:
    """What the browser brings back to the callback."""
    query = parse_qs(urlsplit(location).query)
    return {
        "returned_to": location.partition("?")[0],
        "state": query.get("state", [""])[0],
        "code": query.get("code", [""])[0],
        "error": query.get("error", [""])[0],
        "issuer": query.get("iss", [""])[0],
    }
