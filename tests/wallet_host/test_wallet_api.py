"""The Open Badges 3.0 API of the wallet."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import requests

from tests.wallet_host.badges import Signer
from tests.wallet_host.conftest import SCOPE, Issuer

OFFICIAL = json.loads(
    (Path(__file__).resolve().parents[2] / "demo_site/wallet_host/openapi/ob_v3p0.json").read_text()
)


def check_schema(name: str, value: object) -> None:
    """Hold *value* against a schema of the official description."""
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{name}", "components": OFFICIAL["components"]})


class Api:
    def __init__(self, issuer: Issuer, person: str = "amina", **changes: str):
        self.url = issuer.host.api
        self.headers = {"Authorization": f"Bearer {issuer.token(person, **changes)}"}

    def push(self, document: bytes, content_type: str = "application/json") -> requests.Response:
        return requests.post(
            f"{self.url}/credentials", data=document, headers={**self.headers, "Content-Type": content_type}
        )

    def get(self, path: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", headers=self.headers)


@pytest.fixture
def api(issuer: Issuer) -> Api:
    return Api(issuer)


@pytest.fixture
def signer() -> Signer:
    return Signer()


def test_a_new_badge_is_created_and_echoed_byte_for_byte(issuer: Issuer, api: Api, signer: Signer):
    document = signer.badge()
    answer = api.push(document)
    assert answer.status_code == 201
    assert answer.content == document
    assert issuer.host.kept("amina") == [document]
    assert issuer.host.kept("ben") == []


def test_the_same_badge_again_stays_one(issuer: Issuer, api: Api, signer: Signer):
    document = signer.badge()
    assert [api.push(document).status_code for _ in range(3)] == [201, 200, 200]
    assert issuer.host.kept("amina") == [document]


def test_a_newer_valid_from_replaces(issuer: Issuer, api: Api, signer: Signer):
    api.push(signer.badge(valid_from="2026-03-01T10:00:00Z"))
    newer = signer.badge(valid_from="2026-04-01T10:00:00Z")
    assert api.push(newer).status_code == 200
    assert issuer.host.kept("amina") == [newer]


def test_an_older_one_does_not_replace(issuer: Issuer, api: Api, signer: Signer):
    newer = signer.badge(valid_from="2026-04-01T10:00:00Z")
    api.push(newer)
    assert api.push(signer.badge(valid_from="2026-03-01T10:00:00Z")).status_code == 400
    assert issuer.host.kept("amina") == [newer]


def test_equal_ids_of_two_issuers_are_two_badges(issuer: Issuer, api: Api):
    api.push(Signer().badge())
    api.push(Signer().badge())
    assert len(issuer.host.kept("amina")) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"{}",
        b'{"type": ["OpenBadgeCredential"], "id": "urn:1"}',
        b'{"type": ["OpenBadgeCredential"], "id": "urn:1", "issuer": "urn:2", "validFrom": "2026-13-45T00:00:00Z",'
        b' "credentialSubject": {}}',
        b'{"type": ["OpenBadgeCredential"], "id": "urn:1", "issuer": "urn:2", "validFrom": "2026-01-01T00:00:00",'
        b' "credentialSubject": {}}',
    ],
)
def test_what_is_no_badge_is_refused_with_a_reason(issuer: Issuer, api: Api, body: bytes):
    answer = api.push(body)
    assert answer.status_code == 400
    check_schema("Imsx_StatusInfo", answer.json())
    assert answer.json()["imsx_description"]
    assert issuer.host.kept("amina") == []


def test_another_media_type_is_refused(api: Api, signer: Signer):
    assert api.push(signer.badge(), content_type="application/vc+ld+json").status_code == 400


def test_errors_follow_the_official_schema(issuer: Issuer, api: Api, signer: Signer):
    read_only = Api(issuer, scope=f"{SCOPE}credential.readonly")
    answers = {
        401: requests.get(f"{api.url}/credentials"),
        403: read_only.push(signer.badge()),
        404: requests.get(f"{api.url}/elsewhere"),
        405: requests.delete(f"{api.url}/credentials"),
        400: api.get("/credentials?limit=0"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        check_schema("Imsx_StatusInfo", answer.json())


def test_a_token_in_the_address_is_not_accepted(api: Api):
    token = api.headers["Authorization"].split()[1]
    assert requests.get(f"{api.url}/credentials?access_token={token}").status_code == 401


def test_badges_are_listed_page_by_page(api: Api, signer: Signer):
    for number in range(1, 6):
        api.push(signer.badge(number=number, valid_from=f"2026-03-0{number}T10:00:00Z"))
    page = api.get("/credentials?limit=2&offset=2")
    assert [credential["name"] for credential in page.json()["credential"]] == ["Badge 3", "Badge 4"]
    assert page.headers["X-Total-Count"] == "5"
    links = requests.utils.parse_header_links(page.headers["Link"])
    places = {link["rel"]: link["url"].split("?")[1] for link in links}
    assert places == {
        "first": "limit=2&offset=0",
        "prev": "limit=2&offset=0",
        "next": "limit=2&offset=4",
        "last": "limit=2&offset=4",
    }


def test_since_leaves_out_what_was_issued_before(api: Api, signer: Signer):
    for number in range(1, 4):
        api.push(signer.badge(number=number, valid_from=f"2026-03-0{number}T10:00:00Z"))
    page = api.get("/credentials?since=2026-03-01T10:00:00Z")
    assert [credential["name"] for credential in page.json()["credential"]] == ["Badge 2", "Badge 3"]


def test_a_profile_is_shown_and_replaced(issuer: Issuer, api: Api):
    before = api.get("/profile").json()
    check_schema("Profile", before)
    assert before["name"] == "Amina Diallo"
    put = requests.put(
        f"{api.url}/profile",
        headers=api.headers,
        json={"id": "urn:x", "type": ["Profile"], "name": "Amina D."},
    )
    assert put.status_code == 200
    after = api.get("/profile").json()
    assert (after["id"], after["name"]) == (before["id"], "Amina D.")
