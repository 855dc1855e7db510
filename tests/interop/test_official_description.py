"""What is sent to Open Badges 3.0 hosts is held to the official OpenAPI description by a mock that nobody here wrote.

Prism reads the description as 1EdTech published it (see ``demo_site/wallet_host/openapi/PROVENANCE.rst``) and answers
400 or 422 to a request that violates it. Its paths are put below the base path that the specification gives hosts, as a
gateway would; nothing else of the description is changed. Prism answers with examples and keeps nothing, so what is
looked at is the status and not what the app makes of the body.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from microcred_app.applets.delivery.description import API_PATH
from microcred_app.applets.delivery.holdings import read_holdings
from microcred_app.applets.delivery.outbound_guard import GuardedResponse, OutboundGuard
from microcred_app.applets.delivery.push import push_document
from microcred_app.applets.issuance.models import Credential
from tests.fixtures.credentials import earn_badge, make_learner
from tests.fixtures.servers import free_ports, wait_until_it_answers

pytestmark = [pytest.mark.interop, pytest.mark.django_db]

HERE = Path(__file__).parent
DESCRIPTION = HERE.parents[1] / "demo_site" / "wallet_host" / "openapi" / "ob_v3p0.json"
PRISM = HERE / "node_modules" / ".bin" / "prism"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class SeeingGuard(OutboundGuard):
    """The guard, remembering the answers."""

    seen: list[GuardedResponse] = []

    def request(self, *args: Any, **kwargs: Any) -> GuardedResponse:
        """As ever."""
        answer = super().request(*args, **kwargs)
        self.seen.append(answer)
        return answer


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running mock."""
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    description["paths"] = {API_PATH + path: entry for path, entry in description["paths"].items()}
    written = tmp_path_factory.mktemp("prism") / "description.json"
    written.write_text(json.dumps(description))
    port = free_ports()
    log = written.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(
            ["node", str(PRISM.resolve()), "mock", "-p", str(port), "-h", "127.0.0.1", str(written)],
            stdout=output, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(address, process, log.read_text)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def guard() -> SeeingGuard:
    SeeingGuard.seen.clear()
    return SeeingGuard(admit_loopback=True, seconds=60.0)


@pytest.fixture
def signed() -> bytes:
    return bytes(Credential.objects.get(pk=earn_badge(make_learner())).document)


def test_an_upsert_is_as_the_official_description_wants_it(
    prism: str, guard: SeeingGuard, signed: bytes
) -> None:
    push_document(prism, "token", signed, now=NOW, guard=guard)
    (answer,) = guard.seen
    assert answer.status in (200, 201), answer.body[:2000]


@pytest.mark.parametrize("broken", ["issuer", "credentialSubject", "@context", "validFrom"])
def test_the_mock_refuses_what_is_not(broken: str, prism: str, guard: SeeingGuard, signed: bytes) -> None:
    """Otherwise the test above would prove nothing."""
    document = json.loads(signed)
    del document[broken]
    outcome = push_document(prism, "token", json.dumps(document).encode(), now=NOW, guard=guard)
    assert outcome.kind == "dead"
    assert guard.seen[0].status in (400, 422)


def test_the_mock_asks_for_permission(prism: str, signed: bytes) -> None:
    answer = requests.post(
        f"{prism}{API_PATH}/credentials",
        data=signed,
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    assert answer.status_code == 401


def test_reading_what_a_wallet_holds_asks_as_the_description_wants_it(prism: str, guard: SeeingGuard) -> None:
    read_holdings(prism, "token", {("did:key:me", "urn:1")}, guard=guard)
    assert guard.seen[0].status == 200, guard.seen[0].body[:2000]
