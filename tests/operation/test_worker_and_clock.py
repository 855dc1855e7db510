"""What the health address tells of the moment: is a worker there, do the clocks agree, is the cache one?"""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from microcred_app import operation, tasks
from microcred_app.applets.delivery import heartbeat
from microcred_app.applets.delivery.models import WorkerSign

from .test_health_and_figures import FIGURES, HEALTH, read, token

__all__ = ["token"]


@pytest.fixture(autouse=True)
def no_sign_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_left_at", float("-inf"))
    cache.clear()


def told(client: Client, token: dict[str, str]) -> dict[str, Any]:
    return dict(client.get(HEALTH, headers=token).json())


def test_a_site_without_any_worker_says_so(client: Client, token: dict[str, str]) -> None:
    found = told(client, token)
    assert (found["status"], found["worker_seen_seconds"]) == ("pass", None)
    assert any("ever seen" in text for text in found["problems"])


@pytest.mark.parametrize(
    "work",
    [
        lambda: call_command("microcred_worker", "--once", stdout=StringIO()),
        lambda: tasks.deliver_due_task.apply(),
    ],
)
def test_a_worker_leaves_its_sign(client: Client, token: dict[str, str], work: Any) -> None:
    work()
    found = told(client, token)
    assert found["problems"] == []
    assert found["worker_seen_seconds"] < 60
    page = client.get(FIGURES, headers=token).content.decode()
    assert read(page)["microcred_worker_seen_seconds", ()] < 60


def test_a_worker_that_went_away_fails_the_check(client: Client, token: dict[str, str]) -> None:
    WorkerSign.objects.create(seen_at=timezone.now() - timedelta(hours=1))
    found = told(client, token)
    assert client.get(HEALTH).status_code == 503
    assert any("start microcred_worker" in text for text in found["problems"])


def test_two_caches_are_noticed(client: Client, token: dict[str, str]) -> None:
    WorkerSign.objects.create(seen_at=timezone.now())
    assert any("share a cache" in text for text in told(client, token)["problems"])


def test_a_cache_that_is_away_stops_nothing(
    client: Client, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionError("away")

    monkeypatch.setattr(heartbeat.cache, "set", away, raising=False)
    monkeypatch.setattr(heartbeat.cache, "get", away, raising=False)
    heartbeat.leave_sign(timezone.now())
    assert WorkerSign.objects.exists()
    assert any("share a cache" in text for text in told(client, token)["problems"])


def test_the_sign_is_written_twice_a_minute_at_most(django_assert_num_queries: Any) -> None:
    heartbeat.leave_sign(timezone.now())
    with django_assert_num_queries(0):
        heartbeat.leave_sign(timezone.now())


@pytest.mark.parametrize(("skew", "status"), [(30.0, 200), (-30.0, 200), (61.0, 503), (-3600.0, 503)])
def test_clocks_that_differ_are_noticed(
    client: Client, token: dict[str, str], monkeypatch: pytest.MonkeyPatch, skew: float, status: int
) -> None:
    monkeypatch.setattr("microcred_app.operation.read_clock_skew", lambda: skew)
    assert client.get(HEALTH).status_code == status
    found = told(client, token)
    assert found["clock_skew_seconds"] == skew
    assert any("clocks" in text for text in found["problems"]) is (status == 503)


def test_the_database_s_clock_is_read(transactional_db: None) -> None:
    assert abs(operation.read_clock_skew()) < 5
