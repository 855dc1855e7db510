"""Who may make endpoints, and what an endpoint may be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from microcred_app.applets.audit.models import AuditEntry
from microcred_app.applets.delivery.api import pump_lane
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookAttempt, WebhookMessage
from microcred_app.permissions import api as permissions
from tests.fixtures.catalogue import NOW, make_officer, make_user

from .conftest import make_endpoint

BAD_ADDRESSES = [
    "",
    "hr.example/hook",
    "ftp://hr.example/hook",
    "http://hr.example/hook",
    "https://user:pw@hr.example/hook",
    "https://hr.example:22/hook",
    "https://2130706433/hook",
    "https://hr.example/\nhook",
    "https://hr.example/a b",
    "https://hr.example/#part",
    "javascript:alert(1)",
    "https://hr.example/" + "x" * 2000,
]


@pytest.fixture
def in_production(settings: Any) -> None:
    """No loopback addresses, as on a real site."""
    settings.MICROCRED = {**settings.MICROCRED, "ALLOW_LOOPBACK_TARGETS": False}


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_an_address_that_must_not_be_contacted_is_refused(url: str, in_production: None) -> None:
    with pytest.raises(webhooks.EndpointRefused):
        make_endpoint(url)


@pytest.mark.parametrize(
    "changes", [{"name": " "}, {"name": "x" * 101}, {"events": []}, {"events": ["badge.lost"]}]
)
def test_a_form_that_is_not_filled_in_says_what_to_do(changes: dict[str, object]) -> None:
    with pytest.raises(webhooks.EndpointRefused):
        make_endpoint("https://hr.example/hook", **changes)


def test_only_who_manages_the_organisation_makes_one() -> None:
    for role in ("steward", "reviewer", "auditor"):
        with pytest.raises(permissions.NotAllowed):
            webhooks.create_endpoint(
                "school", name="X", url="https://hr.example/h", events=["badge.awarded"], asks_email=False,
                actor_id=make_officer(role, role), now=NOW,
            )  # fmt: skip


def test_an_endpoint_of_others_is_not_there() -> None:
    key = make_endpoint("https://hr.example/hook").endpoint.id
    stranger = make_user("stranger")
    for deed in (
        lambda: webhooks.get_endpoint(key, actor_id=stranger),
        lambda: webhooks.rotate_secret(key, hours=1, actor_id=stranger, now=NOW),
        lambda: webhooks.send_test_event(key, actor_id=stranger, now=NOW),
        lambda: webhooks.remove_endpoint(key, actor_id=stranger, now=NOW),
        lambda: webhooks.list_messages(key, actor_id=stranger),
        lambda: webhooks.resend_given_up(key, actor_id=stranger, now=NOW),
        lambda: webhooks.get_endpoint("nonsense", actor_id=None),
    ):
        with pytest.raises(webhooks.EndpointNotFound):
            deed()


def test_a_removed_endpoint_sends_nothing_any_more() -> None:
    key = make_endpoint("https://hr.example/hook").endpoint.id
    webhooks.send_test_event(key, actor_id=None, now=NOW)
    webhooks.remove_endpoint(key, actor_id=None, now=NOW)
    assert WebhookMessage.objects.get().state == "dead"
    with pytest.raises(webhooks.EndpointNotFound):
        webhooks.get_endpoint(key, actor_id=None)


def test_decisions_stand_in_the_log_without_the_address_or_the_secret() -> None:
    made = make_endpoint("https://hr.example/hook?token=hidden-in-the-address")
    webhooks.rotate_secret(made.endpoint.id, hours=1, actor_id=None, now=NOW)
    webhooks.pause_endpoint(made.endpoint.id, actor_id=None, now=NOW)
    webhooks.resume_endpoint(made.endpoint.id, actor_id=None, now=NOW)
    entries = str(list(AuditEntry.objects.filter(object_type="webhook").values()))
    for action in ("webhook.created", "webhook.secret_rotated", "webhook.paused", "webhook.resumed"):
        assert action in entries
    assert "hidden-in-the-address" not in entries and "whsec_" not in entries


def test_an_address_inside_the_network_is_not_contacted(in_production: None) -> None:
    """The name is judged when it is resolved, whatever it was when the endpoint was made."""
    made = make_endpoint("https://hr.example/hook")
    webhooks.send_test_event(made.endpoint.id, actor_id=None, now=NOW)
    guard = OutboundGuard(seconds=2, resolver=lambda _host, _port: ["10.0.0.7"])
    pump_lane(
        webhooks.WebhookLane(), clock=lambda: NOW + timedelta(seconds=1), worker="t", seconds=5, guard=guard
    )
    assert WebhookAttempt.objects.get().code == "address_refused"
