"""A wallet's answer counts once, for us, and only from whoever holds the key."""

import json
from datetime import timedelta
from typing import Any

import pytest

from microcred_app.ob3.contexts import CREDENTIALS_V2, ED25519_2020_V1
from microcred_app.ob3.cryptosuites import ED25519_SIGNATURE_2020, EDDSA_JCS_2022, EDDSA_RDFC_2022
from microcred_app.ob3.errors import InputError
from microcred_app.ob3.multikey import encode_signature
from microcred_app.ob3.presentations import verify_presentation
from tests.ob3.samples import ISSUER, METHOD, NOW, PLAIN, SIGNER, signed

SUITES = {"legacy": ED25519_SIGNATURE_2020, "rdfc": EDDSA_RDFC_2022, "jcs": EDDSA_JCS_2022}


def presentation(
    kind: str = "legacy", options: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    suite = SUITES[kind]
    document = {
        "@context": [CREDENTIALS_V2, ED25519_2020_V1] if kind == "legacy" else [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": ISSUER,
        **members,
    }
    named = {"type": "DataIntegrityProof", "cryptosuite": suite.name}
    stated = {
        **({"type": "Ed25519Signature2020"} if kind == "legacy" else named),
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": METHOD,
        "proofPurpose": "authentication",
        "challenge": "once",
        "domain": "learn.example.edu",
        **(options or {}),
    }
    stated = {name: value for name, value in stated.items() if value is not None}
    signature = SIGNER.sign(suite.hash_data(document, stated))
    return {**document, "proof": {**stated, "proofValue": encode_signature(signature)}}


def report_on(document: Any, **options: Any) -> Any:
    asked = {"challenge": "once", "domain": "learn.example.edu", "now": NOW, **options}
    return verify_presentation(json.dumps(document), **asked)


@pytest.mark.parametrize("kind", SUITES)
def test_an_answer_to_our_question_is_valid(kind: str) -> None:
    report = report_on(presentation(kind))
    assert report.verdict == "valid", report
    assert report.check("holder").detail == ISSUER


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"challenge": "twice"}, "proof.challenge"),
        ({"challenge": None}, "proof.challenge"),
        ({"domain": "elsewhere.example"}, "proof.domain"),
        ({"domain": None}, "proof.domain"),
        ({"proofPurpose": "assertionMethod"}, "proof.purpose"),
        ({"created": "2026-03-02T09:00:00Z"}, "proof.from_future"),
        ({"expires": "2026-02-28T09:00:00Z"}, "proof.expired"),
    ],
)
def test_an_answer_to_another_question_is_refused(options: dict[str, Any], code: str) -> None:
    report = report_on(presentation("rdfc", options))
    assert (report.verdict, report.check("signature").reason) == ("invalid", code)


@pytest.mark.parametrize(
    "members", [{"holder": "did:key:z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E"}, {"id": "urn:x:1"}]
)
def test_a_changed_answer_is_refused(members: dict[str, Any]) -> None:
    assert report_on({**presentation(), **members}).verdict == "invalid"


@pytest.mark.parametrize(
    "members",
    [{"holder": None}, {"type": "Thing"}, {"@context": ED25519_2020_V1}, {"holder": "mailto:a@b.c"}],
)
def test_what_is_no_presentation_is_refused(members: dict[str, Any]) -> None:
    report = report_on({**presentation(), **members})
    assert (report.verdict, report.check("structure").outcome) == ("invalid", "failed")


def test_the_credentials_inside_are_judged() -> None:
    inside = {"verifiableCredential": [signed(PLAIN)]}
    assert report_on(presentation("rdfc", **inside)).verdict == "valid"
    forged = {"verifiableCredential": [{**signed(PLAIN), "name": "Other"}]}
    report = report_on(presentation("rdfc", **forged))
    assert report.check("signature").outcome == "passed"
    assert report.check("credentials").outcome == "failed"


def test_an_unknown_holder_and_an_unknown_suite_are_undetermined() -> None:
    other = presentation(options={"verificationMethod": "did:web:a.example#k"}, holder="did:web:a.example")
    assert report_on(other).verdict == "undetermined"
    document = presentation("rdfc")
    document["proof"]["cryptosuite"] = "ecdsa-rdfc-2019"
    assert report_on(document).verdict == "undetermined"


def test_without_challenge_nothing_is_proved() -> None:
    with pytest.raises(InputError):
        report_on(presentation(), challenge="")
    with pytest.raises(InputError):
        report_on(presentation(), now=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("data", ["", "[]", "{", '{"holder": {}}', "null"])
def test_anything_gets_a_report(data: str) -> None:
    assert verify_presentation(data, now=NOW + timedelta(1), challenge="x").verdict == "invalid"
