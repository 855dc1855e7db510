"""Issuing over the VC-API: off, then for nobody, then for whoever may, and never more than a valid credential."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import checks
from django.test import Client, override_settings

from microcred_app.api import verify_credential
from microcred_app.applets.audit import api as audit
from microcred_app.applets.issuance.models import Credential, IssuerKey
from microcred_app.ob3.documents import build_achievement_credential
from tests.fixtures.catalogue import NOW, do_unit, make_user, publish
from tests.ob3.samples import PLAIN, replace

from .conftest import Post

PATH = "credentials/issue"
TOKEN = {"x-csrftoken": "t" * 32}
Caller = Callable[..., Client]


@pytest.fixture
def did() -> str:
    """The identifier of an issuer of this site, which has signed before."""
    publish("micro-a", {"outcome": "o.a"})
    do_unit(make_user(), "a")
    return IssuerKey.objects.get().did


def unsigned(did: str, **members: Any) -> dict[str, Any]:
    document = build_achievement_credential(replace(PLAIN, issuer=replace(PLAIN.issuer, id=did)))
    return {**document, **members}


def test_it_is_off_by_default_for_everybody(post: Post, caller: Caller, did: str) -> None:
    answer = post(PATH, {"credential": unsigned(did)}, caller("add_credential"), **TOKEN)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_offered")


@pytest.mark.usefixtures("issuing_on")
def test_strangers_and_accounts_without_the_permission_are_refused(
    post: Post, caller: Caller, did: str
) -> None:
    body = {"credential": unsigned(did)}
    assert post(PATH, body).json()["code"] == "not_signed_in"
    client = caller("view_award", "add_reversal")
    answer = post(PATH, body, client, **TOKEN)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.usefixtures("issuing_on")
@pytest.mark.parametrize("headers", [{}, {"x-csrftoken": "u" * 32}, {"x-csrftoken": ""}])
def test_another_sites_page_cannot_use_the_session(
    post: Post, caller: Caller, did: str, headers: dict[str, str]
) -> None:
    answer = post(PATH, {"credential": unsigned(did)}, caller("add_credential"), **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.usefixtures("issuing_on")
def test_what_is_signed_is_valid_and_leaves_a_trace(post: Post, caller: Caller, did: str) -> None:
    client = caller("add_credential")
    document = unsigned(did)
    answer = post(PATH, {"credential": document, "options": {}}, client, **TOKEN)
    assert answer.status_code == 201
    credential = answer.json()["verifiableCredential"]
    assert {name: value for name, value in credential.items() if name != "proof"} == document
    data = answer.content.removeprefix(b'{"verifiableCredential":').removesuffix(b"}")
    assert verify_credential(data, now=NOW.replace(year=NOW.year + 20)).check("signature").outcome == "passed"
    [entry] = [entry for entry in audit.list_entries() if entry.action == "document.signed"]
    assert entry.actor_id == int(client.session["_auth_user_id"])
    assert (entry.details["issuer"], entry.details["id"]) == (did, document["id"])
    assert Credential.objects.count() == 1  # the learner's own; nobody's award was written
    verified = post("credentials/verify", {"verifiableCredential": credential}).json()
    assert verified["verified"] is True


@pytest.mark.usefixtures("issuing_on")
@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"issuer": "did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E"}, "issuer must be"),
        ({"issuer": "x" * 5_000}, "issuer must be"),
        ({"issuer": {"id": 7}}, "issuer must be"),
        ({"issuer": None}, "issuer must be"),
        ({"proof": {}}, "unsigned"),
        ({"credentialStatus": {}}, "credentialStatus"),
        (
            {"id": "http://127.0.0.1:8000/microcred/credentials/41868c34-2eae-401a-9a1e-731d80d68cd9"},
            "another id",
        ),
        ({"id": "not an address"}, "id"),
        (
            {"type": ["VerifiableCredential", "OpenBadgeCredential", "BitstringStatusListCredential"]},
            "Status lists",
        ),
        ({"credentialSubject": {"type": "BitstringStatusList"}}, "Status lists"),
        ({"type": ["VerifiableCredential"]}, "not a complete"),
        ({"undefinedTerm": "unsigned"}, "undefinedTerm"),
        ({"@context": ["https://evil.example/context"]}, "evil.example"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "expired"),
        ({"validFrom": "2999-01-01T00:00:00Z"}, "not valid yet"),
        ({"credentialSubject": []}, "complete"),
    ],
)
def test_what_may_not_be_said_is_not_signed(
    post: Post, caller: Caller, did: str, members: dict[str, Any], said: str
) -> None:
    answer = post(PATH, {"credential": unsigned(did, **members)}, caller("add_credential"), **TOKEN)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert "document.signed" not in {entry.action for entry in audit.list_entries()}


@pytest.mark.usefixtures("issuing_on")
def test_a_key_that_was_given_up_signs_nothing(post: Post, caller: Caller, did: str) -> None:
    client = caller("add_credential")
    for state in (IssuerKey.RETIRED, IssuerKey.REVOKED):
        IssuerKey.objects.update(state=state)
        answer = post(PATH, {"credential": unsigned(did)}, client, **TOKEN)
        assert (answer.status_code, answer.json()["code"]) == (400, "document_refused")


@pytest.mark.usefixtures("issuing_on")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"credential": []},
        {"credential": "x"},
        {"credential": {}, "options": {"mandatoryPointers": ["/x"]}},
    ],
)
def test_requests_of_another_shape_are_refused(post: Post, caller: Caller, body: dict[str, Any]) -> None:
    answer = post(PATH, body, caller("add_credential"), **TOKEN)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_the_system_check_warns_while_it_is_on(settings: Any) -> None:
    def found() -> set[str]:
        return {message.id for message in checks.run_checks(tags=["microcred"])}

    assert "microcred.W002" not in found()
    with override_settings(MICROCRED={**settings.MICROCRED, "VC_API_ISSUE": True}):
        assert "microcred.W002" in found()


def test_the_answer_is_the_signed_bytes_themselves(
    post: Post, caller: Caller, did: str, issuing_on: Any
) -> None:
    answer = post(
        PATH, {"credential": unsigned(did, name="Ünïcode “badge” 🔧")}, caller("add_credential"), **TOKEN
    )
    assert "🔧".encode() in answer.content
    assert json.loads(answer.content)["verifiableCredential"]["name"] == "Ünïcode “badge” 🔧"
