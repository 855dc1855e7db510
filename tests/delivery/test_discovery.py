"""Reading a host's service description: what is taken from it, kept of it, and refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from microcred_app.applets.delivery.discovery import discover_host, read_description
from microcred_app.applets.delivery.errors import AnswerUnusable
from microcred_app.applets.delivery.models import Host
from microcred_app.applets.delivery.outbound_guard import GuardedResponse, OutboundGuard
from tests.fixtures.credentials import NOW

BASE = "https://wallet.example"
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {
        "title": "A wallet",
        "termsOfService": f"{BASE}/terms",
        "x-imssf-privacyPolicyUrl": f"{BASE}/privacy",
        "x-imssf-image": f"{BASE}/logo.png",
    },
    "components": {
        "securitySchemes": {
            "Anything": {
                "type": "oauth2",
                "x-imssf-registrationUrl": f"{BASE}/register",
                "flows": {
                    "authorizationCode": {
                        "authorizationUrl": f"{BASE}/authorize",
                        "tokenUrl": "/token",
                        "scopes": {"a": "A", "b": "B"},
                    }
                },
            }
        }
    },
}


def changed(path: str, value: object) -> dict[str, Any]:
    """The document with one value replaced."""
    document = copy.deepcopy(DOCUMENT)
    *parents, last = path.split("/")
    place = document
    for name in parents:
        place = place[name]
    place[last] = value
    return document


FLOW = "components/securitySchemes/Anything/flows/authorizationCode"
SCHEME = "components/securitySchemes/Anything"


def test_addresses_scopes_and_pages_are_taken_from_it():
    found = read_description(DOCUMENT, base_url=BASE)
    assert (found.name, found.scopes) == ("A wallet", ("a", "b"))
    assert found.registration_url == f"{BASE}/register"
    assert found.authorisation_url == f"{BASE}/authorize"
    assert found.token_url == f"{BASE}/token"
    assert found.privacy_url == f"{BASE}/privacy"


@pytest.mark.parametrize(
    "place", [f"{FLOW}/authorizationUrl", f"{FLOW}/tokenUrl", f"{SCHEME}/x-imssf-registrationUrl"]
)
@pytest.mark.parametrize(
    "address",
    [
        "https://honest.example/authorize",
        "http://wallet.example/authorize",
        "https://wallet.example:8443/authorize",
        "https://wallet.example@evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "https://[",
        "",
        None,
        7,
    ],
)
def test_an_address_elsewhere_is_refused(place: str, address: object):
    """The attack (mix-up): name an honest wallet's consent page beside one's own token address."""
    with pytest.raises(AnswerUnusable):
        read_description(changed(place, address), base_url=BASE)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"components": []},
        {"components": {"securitySchemes": {"x": "oauth2"}}},
        {"components": {"securitySchemes": {"x": {"type": "apiKey"}}}},
        {"components": {"securitySchemes": {"x": {"type": "oauth2", "flows": {"clientCredentials": {}}}}}},
    ],
)
def test_a_description_without_a_way_to_ask_for_permission_is_refused(document: dict[str, Any]):
    with pytest.raises(AnswerUnusable):
        read_description(document, base_url=BASE)


def test_what_is_only_shown_is_made_harmless():
    document = changed("info/title", "<b>My</b>\u202e wallet\n")
    document["info"]["termsOfService"] = "javascript:alert(1)"
    found = read_description(document, base_url=BASE)
    assert (found.name, found.terms_url) == ("My wallet", "")


def test_a_host_without_a_name_is_called_by_its_address():
    assert read_description(changed("info/title", None), base_url=BASE).name == "wallet.example"


class CannedGuard(OutboundGuard):
    """Answers with prepared responses and remembers what was asked."""

    asked: list[dict[str, str]]
    answers: list[GuardedResponse]

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> GuardedResponse:
        self.asked.append(dict(headers or {}))
        return self.answers.pop(0)


def canned(*answers: tuple[int, dict[str, str]]) -> CannedGuard:
    guard = CannedGuard()
    body = json.dumps(DOCUMENT).encode()
    object.__setattr__(guard, "asked", [])
    object.__setattr__(
        guard, "answers", [GuardedResponse(status, headers, body, BASE) for status, headers in answers]
    )
    return guard


def test_a_description_is_kept_as_long_as_the_host_allows_and_then_asked_for_by_tag(db: None):
    guard = canned((200, {"cache-control": "public, max-age=600", "etag": '"one"'}), (304, {}))
    discover_host(BASE, now=NOW, guard=guard)
    discover_host(BASE, now=NOW + timedelta(seconds=599), guard=guard)
    assert len(guard.asked) == 1
    again = discover_host(BASE, now=NOW + timedelta(seconds=601), guard=guard)
    assert guard.asked[1]["If-None-Match"] == '"one"'
    assert again.name == "A wallet"
    assert Host.objects.count() == 1


@pytest.mark.parametrize(
    ("header", "seconds"), [("max-age=0", 60), ("max-age=99999999", 86_400), ("no-store", 3600), ("", 3600)]
)
def test_how_long_is_bounded(db: None, header: str, seconds: int):
    host = discover_host(BASE, now=NOW, guard=canned((200, {"cache-control": header})))
    assert host.description_fresh_until == NOW + timedelta(seconds=seconds)
