"""Is the site well, and what are its figures? Asked by load balancers, alarms and Prometheus."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from microcred_app import operation
from microcred_app.applets.attainments.models import DueEvaluation
from microcred_app.applets.awards import api as awards
from microcred_app.applets.delivery.models import Connection, Delivery, DeliveryAttempt, TargetHealth
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.applets.webhooks.models import WebhookMessage
from tests.fixtures.catalogue import do_unit, make_user, publish
from tests.fixtures.registrar_world import fail_delivery

HEALTH = "/microcred/operate/health"
FIGURES = "/microcred/operate/metrics"
TOKEN = "a-token-of-enough-characters"
NOW = timezone.now()


@pytest.fixture
def token(settings: Any) -> dict[str, str]:
    settings.MICROCRED = {**settings.MICROCRED, "METRICS_TOKEN": TOKEN}
    return {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def waiting() -> Delivery:
    """One push that has been due for an hour."""
    publish("safety", {"outcome": "o.a"}, name="Safety")
    amina = make_user("amina")
    do_unit(amina, "a")
    fail_delivery(amina, awards.held_badges(amina)["safety"], NOW)
    long_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.update(
        state="pending", attempts=0, created_at=long_ago, next_attempt_at=long_ago, last_code=""
    )
    DueEvaluation.objects.all().delete()
    return Delivery.objects.get()


def read(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_site_that_does_what_is_due_is_well(client: Client) -> None:
    answer = client.get(HEALTH)
    assert (answer.status_code, answer.json()) == (200, {"status": "pass"})
    assert "no-store" in answer["Cache-Control"]


def test_something_due_that_nobody_takes_fails_the_check(client: Client, waiting: Delivery) -> None:
    assert client.get(HEALTH).status_code == 503
    Delivery.objects.update(state="delivered", next_attempt_at=None)
    assert client.get(HEALTH).status_code == 200


def test_the_limit_is_the_operators(client: Client, waiting: Delivery, settings: Any) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "HEALTH_OVERDUE_SECONDS": 7200.0}
    assert client.get(HEALTH).status_code == 200


def test_a_lease_that_ran_out_and_a_forgotten_evaluation_fail_the_check(
    client: Client, waiting: Delivery
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.update(state="claimed", lease_until=long_ago)
    assert client.get(HEALTH).status_code == 503
    Delivery.objects.update(state="delivered", next_attempt_at=None)
    amina = Connection.objects.get().learner_id
    DueEvaluation.objects.create(learner_id=amina, kind="outcome", key="o.a", created_at=long_ago)
    assert client.get(HEALTH).status_code == 503


def test_a_message_of_a_webhook_that_nobody_takes_fails_the_check(client: Client) -> None:
    made = webhooks.create_endpoint(
        "school", name="HR", url="https://hr.example/h", events=["badge.awarded"], asks_email=False,
        actor_id=None, now=NOW,
    )  # fmt: skip
    webhooks.send_test_event(made.endpoint.id, actor_id=None, now=timezone.now() - timedelta(hours=1))
    WebhookMessage.objects.update(next_attempt_at=timezone.now() - timedelta(hours=1))
    assert client.get(HEALTH).status_code == 503
    webhooks.pause_endpoint(made.endpoint.id, actor_id=None, now=NOW)
    assert client.get(HEALTH).status_code == 200


@pytest.mark.parametrize("waits", ["for a person", "for its time", "for a place that is down"])
def test_what_waits_for_a_reason_does_not_fail_the_check(
    client: Client, waiting: Delivery, waits: str
) -> None:
    if waits == "for a person":
        Delivery.objects.update(next_attempt_at=None)
    if waits == "for its time":
        Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))
    if waits == "for a place that is down":
        host = waiting.connection.host_id
        TargetHealth.objects.create(target=f"wallet:{host}", failures_in_row=5, changed_at=NOW)
    assert client.get(HEALTH).status_code == 200


def test_a_database_that_does_not_answer_is_ill_and_not_an_error_500(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_now: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr("microcred_app.rest.operation.read_health", away)
    answer = client.get(HEALTH)
    assert (answer.status_code, answer.json()) == (503, {"status": "fail"})


def test_strangers_learn_no_reasons(client: Client, waiting: Delivery, token: dict[str, str]) -> None:
    assert client.get(HEALTH).json() == {"status": "fail"}
    reasons = client.get(HEALTH, headers=token).json()
    assert reasons["overdue_seconds"]["wallet"] == pytest.approx(3600, abs=60)
    assert reasons["limit_seconds"] == 900


def test_strangers_cannot_make_the_database_count(client: Client, waiting: Delivery) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get(HEALTH)
    asked = [query["sql"].upper() for query in captured]
    assert len(asked) <= 16
    assert not any("COUNT(" in sql for sql in asked)


def test_without_a_token_in_the_settings_there_are_no_figures(client: Client, settings: Any) -> None:
    for configured in ("", "short"):
        settings.MICROCRED = {**settings.MICROCRED, "METRICS_TOKEN": configured}
        for headers in ({}, {"authorization": f"Bearer {configured}"}):
            answer = client.get(FIGURES, headers=headers)
            assert answer.status_code == 404
            assert "METRICS_TOKEN" in answer.json()["detail"]


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"]
)
def test_a_wrong_token_is_refused(client: Client, token: dict[str, str], given: str) -> None:
    answer = client.get(FIGURES, headers={"authorization": given} if given else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_figures_are_what_the_tables_say(client: Client, waiting: Delivery, token: dict[str, str]) -> None:
    for number, outcome in enumerate(("delivered", "delivered", "retry")):
        began = waiting.created_at + timedelta(seconds=10)
        DeliveryAttempt.objects.create(
            delivery=waiting,
            started_at=began,
            finished_at=began + timedelta(seconds=number + 1),
            outcome=outcome,
        )
    answer = client.get(FIGURES, headers=token)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    found = read(answer.content.decode())
    wallet = ("lane", "wallet")
    assert found["microcred_healthy", ()] == 0
    assert found["microcred_outbox_rows", (wallet, ("state", "due"))] == 1
    assert found["microcred_outbox_rows", (("lane", "webhook"), ("state", "waiting"))] == 0
    assert found["microcred_outbox_oldest_seconds", (wallet,)] == pytest.approx(3600, abs=60)
    assert found["microcred_recent_tries", (wallet, ("outcome", "delivered"))] == 2
    assert found["microcred_request_seconds", (wallet, ("quantile", "0.5"))] == 2
    assert found["microcred_arrival_seconds", (wallet, ("quantile", "0.99"))] == 12


def test_figures_name_nobody(client: Client, waiting: Delivery, token: dict[str, str]) -> None:
    TargetHealth.objects.create(target="wallet:1", failures_in_row=2, changed_at=NOW)
    text = client.get(FIGURES, headers=token).content.decode()
    assert 'microcred_place_failures{place="wallet:1"} 2.0' in text
    assert "amina" not in text and str(waiting.pk) not in text


def test_without_the_library_the_address_says_what_to_install(
    client: Client, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "microcred_app.rest.figures", None)
    answer = client.get(FIGURES, headers=token)
    assert answer.status_code == 501
    assert "microcred[metrics]" in answer.json()["detail"]


def test_the_log_gets_a_line_for_each_lane(waiting: Delivery, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="microcred.figures")
    operation.log_figures(timezone.now())
    lines = [
        json.loads(record.getMessage()) for record in caplog.records if record.name == "microcred.figures"
    ]
    assert [line["lane"] for line in lines] == [
        "wallet",
        "webhook",
        "mail",
        "vendor",
        "announcement",
        "evaluation",
        "copies",
    ]
    assert lines[0]["due"] == 1 and lines[0]["overdue"] >= 3600


@pytest.mark.parametrize(
    ("values", "share", "expected"), [((), 0.5, 0.0), ((3.0,), 0.99, 3.0), ((1.0, 2.0, 3.0, 4.0), 0.5, 3.0)]
)
def test_quantiles(values: tuple[float, ...], share: float, expected: float) -> None:
    assert operation.quantile(values, share) == expected
