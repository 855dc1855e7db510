"""How every answer of a host to an upsert is read; one row per answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from microcred_app.applets.delivery.outbound_guard import GuardedResponse
from microcred_app.applets.delivery.push import read_answer
from microcred_app.applets.delivery.retry import parse_retry_after, wait_before_retry

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BADGE = json.dumps({"id": "urn:1", "issuer": {"id": "did:key:z"}, "name": "A"}).encode()
INFO = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": "Because"}


def answer(status: int, body: bytes = b"", **headers: str) -> GuardedResponse:
    return GuardedResponse(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, body, ""
    )


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (201, BADGE, "delivered", "created"),
        (200, BADGE, "delivered", "replaced"),
        (200, json.dumps({**json.loads(BADGE), "extra": 1}).encode(), "delivered", "replaced"),
        (201, b'{"id": "urn:1", "issuer": "did:key:z"}', "delivered", "created"),
        (304, b"", "delivered", "already_there"),
        (201, b"", "retry", "not_confirmed"),
        (200, b"{}", "retry", "not_confirmed"),
        (200, b"<html>Sign in</html>", "retry", "not_confirmed"),
        (201, b'{"id": "urn:2", "issuer": {"id": "did:key:z"}}', "retry", "not_confirmed"),
        (201, b'{"id": "urn:1", "issuer": {"id": "did:key:other"}}', "retry", "not_confirmed"),
        (200, b"[" * 100_000, "retry", "not_confirmed"),
        (202, b"", "retry", "not_confirmed"),
        (401, b"", "unauthorised", "unauthorised"),
        (408, b"", "retry", "host_problem"),
        (429, b"", "retry", "too_busy"),
        (500, b"", "retry", "host_problem"),
        (503, b"", "retry", "host_problem"),
        (302, b"", "dead", "refused"),
        (400, b"", "dead", "refused"),
        (403, b"", "dead", "refused"),
        (404, b"", "dead", "refused"),
        (405, b"", "dead", "refused"),
        (413, b"", "dead", "refused"),
        (422, b"", "dead", "refused"),
    ],
)
def test_an_answer_leads_to(status: int, body: bytes, kind: str, code: str):
    outcome = read_answer(answer(status, body), BADGE, now=NOW)
    assert (outcome.kind, outcome.code, outcome.http_status) == (kind, code, status)


@pytest.mark.parametrize("status", [400, 429, 500])
def test_the_hosts_reason_is_kept(status: int):
    assert read_answer(answer(status, json.dumps(INFO).encode()), BADGE, now=NOW).detail == "Because"


@pytest.mark.parametrize("said", [None, 5, ["x"], {"a": 1}])
def test_a_reason_of_a_wrong_shape_is_left_out(said: object):
    body = json.dumps({**INFO, "imsx_description": said}).encode()
    assert read_answer(answer(400, body), BADGE, now=NOW).detail == ""


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 1.0),
        ("999999999999", 86_400.0),
        ("Mon, 02 Mar 2026 09:31:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 09:00:00 GMT", 1.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_within_bounds(value: str, seconds: float | None):
    assert parse_retry_after(value, now=NOW) == seconds


def test_waits_double_and_stay_below_five_hours():
    waits = [wait_before_retry(n, retry_after=None, spread=lambda: 0.5) for n in range(1, 14)]
    assert waits[0] == timedelta(seconds=15)
    assert waits[1] == timedelta(seconds=30)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=4)
    assert wait_before_retry(10_000, retry_after=None, spread=lambda: 1.0) < timedelta(hours=5)


def test_waits_are_spread():
    assert wait_before_retry(3, retry_after=None, spread=lambda: 0.0) < wait_before_retry(
        3, retry_after=None, spread=lambda: 0.9
    )


def test_a_host_is_never_asked_earlier_than_it_wishes():
    assert wait_before_retry(1, retry_after=300.0, spread=lambda: 0.0) == timedelta(seconds=300)
    assert wait_before_retry(1, retry_after=300.0, spread=lambda: 1.0) > timedelta(seconds=300)
