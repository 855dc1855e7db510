"""Every example of the Open Badges 3.0 specification that is a whole credential is accepted, or its error is known.

The errors are listed for readers in ``docs/reference/standards.rst``.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.data_integrity import without_proof
from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.schema import bundled_validators, check_schema
from microcred_app.ob3.structure import (
    require_achievement_credential,
    require_clr_credential,
    require_endorsement_credential,
    types_of,
)

FOLDER = Path(__file__).parent.parent / "vectors" / "1edtech-spec-examples"
EXAMPLES = sorted(path.name for path in FOLDER.glob("*.json"))
WRONG_STRUCTURE = {
    "examples--05-untitled.json": "credentialSubject.type",
    "examples--06-untitled.json": "validFrom",
    "examples--07-untitled.json": "credentialSubject.type",
    "readme--00-sample-assertion-credential.json": "credentialSubject.type",
}
AGAINST_THE_SCHEMA = {
    "examples--05-untitled.json": "'type' is a required property",
    "examples--06-untitled.json": "'type' is a required property",
    "examples--07-untitled.json": "'type' is a required property",
    "migrating--04-upgraded-ob-2-0-assertion-included-within-clr-2-0.json": "issuer/otherIdentifier/0/type",
    "readme--00-sample-assertion-credential.json": "'type' is a required property",
}
_W3C_EXAMPLES = "https://www.w3.org/2018/credentials/examples/v2"
NOT_SIGNABLE = {
    "equality-and-comparison--00-sample-credential-a.json": _W3C_EXAMPLES,
    "equality-and-comparison--01-sample-credential-b.json": _W3C_EXAMPLES,
    "equality-and-comparison--02-sample-credential-c.json": _W3C_EXAMPLES,
    "equality-and-comparison--03-sample-credential-d.json": _W3C_EXAMPLES,
    "examples--06-untitled.json": "issuanceData",
    "migrating--04-upgraded-ob-2-0-assertion-included-within-clr-2-0.json": "alsoKnownAs",
    "readme--00-sample-assertion-credential.json": _W3C_EXAMPLES,
}


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def require(document: Any) -> None:
    if "ClrCredential" in types_of(document):
        require_clr_credential(document)
    elif "EndorsementCredential" in types_of(document):
        require_endorsement_credential(document)
    else:
        require_achievement_credential(document)


def test_there_are_examples_of_every_kind() -> None:
    kinds = set().union(*(types_of(read(name)) for name in EXAMPLES))
    assert {"OpenBadgeCredential", "EndorsementCredential", "ClrCredential"} <= kinds


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_structure_is_accepted_or_the_known_error_is_named(name: str) -> None:
    if name not in WRONG_STRUCTURE:
        require(read(name))
        return
    with pytest.raises(Ob3Error) as caught:
        require(read(name))
    assert WRONG_STRUCTURE[name] in str(caught.value)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_published_schema_is_satisfied_or_the_known_error_is_named(name: str) -> None:
    document = read(name)
    [check] = check_schema({**document, "credentialSchema": []}, bundled_validators())
    if name not in AGAINST_THE_SCHEMA:
        assert check.outcome == "passed"
        return
    assert (check.outcome, AGAINST_THE_SCHEMA[name] in check.detail) == ("failed", True)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_member_can_be_signed_or_the_known_error_is_named(name: str) -> None:
    document = without_proof(read(name))
    if name not in NOT_SIGNABLE:
        assert canonicalise(document)
        return
    with pytest.raises(Ob3Error) as caught:
        canonicalise(document)
    assert NOT_SIGNABLE[name] in str(caught.value)
