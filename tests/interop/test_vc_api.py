"""Credentials and presentations of @digitalbazaar/vc, sent by Node's fetch to the VC-API of a running server.

The shapes are those of the W3C's VCALM (components VerifyCredentialResult, VerifyPresentationResult, ProblemDetails),
written down again here as far as our answers use them; answers may have more members than these.
"""

from typing import Any

import pytest
from jsonschema import Draft201909Validator

from microcred_app.ob3.contexts import CREDENTIALS_V2
from microcred_app.ob3.dids import resolve_did_key
from microcred_app.ob3.documents import build_achievement_credential
from microcred_app.ob3.multikey import encode_base58btc
from tests.interop.verifiers import run_client
from tests.ob3.samples import ISSUER, NOW, PLAIN, SIGNER

PROBLEMS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "title"],
        "properties": {name: {"type": "string"} for name in ("type", "title", "detail")},
    },
}
ENTRIES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["verified"],
        "properties": {"verified": {"type": "boolean"}, "input": {"type": "object"}},
    },
}


def said_of(kind: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["verified"],
        "properties": {"verified": {"type": "boolean"}, "input": {"type": kind}},
    }


CREDENTIAL_RESULT = {
    "type": "object",
    "required": ["verified", "problemDetails"],
    "properties": {
        "verified": {"type": "boolean"},
        "credential": {"type": "object"},
        "problemDetails": PROBLEMS,
        "results": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "validFrom": said_of("string"),
                "validUntil": said_of("string"),
                "credentialSchema": ENTRIES,
                "credentialStatus": ENTRIES,
                "proof": ENTRIES,
            },
        },
        **{
            name: {"type": "array", "items": {"type": "string"}}  # as earlier drafts have it
            for name in ("checks", "warnings", "errors")
        },
    },
}
PRESENTATION_RESULT = {
    "type": "object",
    "required": ["verified", "problemDetails"],
    "properties": {
        "verified": {"type": "boolean"},
        "verifiablePresentation": {"type": "object"},
        "problemDetails": PROBLEMS,
        "results": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "presentation": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "challenge": said_of("string"),
                        "domain": said_of("string"),
                        "holder": said_of("string"),
                        "proof": ENTRIES,
                    },
                }
            },
        },
    },
}


@pytest.fixture
def answers(live_server: Any) -> dict[str, Any]:
    job = {
        "base": f"{live_server.url}/microcred/vc-api",
        "now": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "documents": {ISSUER: resolve_did_key(ISSUER)},
        "key": {
            "did": ISSUER,
            "publicKeyMultibase": ISSUER.removeprefix("did:key:"),
            "secretKeyMultibase": "z" + encode_base58btc(b"\x80\x26" + SIGNER.seed),
        },
        "credential": build_achievement_credential(PLAIN),
        "challenge": "6e62f66e-67de-11eb-b490-ef3eeefa55f2",
        "domain": "verifier.example",
    }
    return run_client("vc_api.mjs", job)


@pytest.mark.interop
def test_a_foreign_client_gets_answers_in_the_published_shapes(answers: dict[str, Any]) -> None:
    assert {name: answer["status"] for name, answer in answers.items()} == {
        "credential": 200,
        "changed": 200,
        "presentation": 200,
        "replayed": 200,
        "malformed": 400,
    }
    for name, schema in (
        ("credential", CREDENTIAL_RESULT),
        ("changed", CREDENTIAL_RESULT),
        ("presentation", PRESENTATION_RESULT),
        ("replayed", PRESENTATION_RESULT),
        ("malformed", PROBLEMS["items"]),
    ):
        found = [error.message for error in Draft201909Validator(schema).iter_errors(answers[name]["body"])]
        assert found == [], name
    assert answers["malformed"]["type"] == "application/problem+json"
    bodies = {name: answer["body"] for name, answer in answers.items()}
    assert bodies["credential"]["verified"] is True
    assert bodies["credential"]["credential"]["@context"][0] == CREDENTIALS_V2
    assert bodies["presentation"]["verified"] is True, bodies["presentation"]["report"]
    assert bodies["changed"]["verified"] is bodies["replayed"]["verified"] is False
    assert bodies["changed"]["problemDetails"] and bodies["replayed"]["errors"]
