"""openbadgeslib, a Python verifier and issuer of others: both directions, every kind, every mutation.

It reads achievement credentials as such; endorsements and records, of which it verifies proofs only, go through its
proof verifier.
"""

import json
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import (
    OB3Signer,
    OB3Verifier,
    add_data_integrity_proof,
    bundled_clr_contexts,
    resolve_verification_method,
    verify_data_integrity_proof,
)

from microcred_app.ob3.dids import did_web_url
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.interop.kinds import (
    DID_WEB,
    JOSE_SIGNERS,
    LATER,
    NOT_VALID,
    REVOKED_LIST,
    SECRET_KEYS,
    WEB_DOCUMENT,
    Json,
    changed,
    changed_tokens,
    claims_of,
    made_here,
    token,
    unsigned,
)
from tests.interop.verifiers import verify_with_openbadgeslib
from tests.ob3.samples import LIST_URL, METHOD
from tests.ob3.test_jwt_credential import pem

pytestmark = pytest.mark.interop

KINDS = list(unsigned())
THEIRS = [name for name in KINDS if name != "did:web"]
PROOF_ONLY = frozenset({"endorsement", "record"})


def accepted(name: str, document: Json) -> bool:
    if name not in PROOF_ONLY:
        found = verify_with_openbadgeslib(document, REVOKED_LIST, {DID_WEB: WEB_DOCUMENT})
        return bool(found["verified"])
    return proof_holds(document)


def proof_holds(document: Json) -> bool:
    def download(url: str) -> bytes:
        return json.dumps({did_web_url(DID_WEB): WEB_DOCUMENT}[url]).encode()

    try:
        key = resolve_verification_method(document["proof"][0]["verificationMethod"], download=download)
        verify_data_integrity_proof(document, key, extra_contexts=bundled_clr_contexts())
    except (LibOpenBadgesException, KeyError, ValueError):
        return False
    return True


@cache
def made_there() -> dict[str, Json]:
    secret = pem(SECRET_KEYS["EdDSA"])
    return {
        name: add_data_integrity_proof(
            unsigned()[name], secret, METHOD, created=LATER, extra_contexts=bundled_clr_contexts()
        )
        for name in THEIRS
    }


def verdict(document: Json) -> str:
    lists = {LIST_URL: encode_document(REVOKED_LIST)}
    return verify(json.dumps(document), now=LATER, fetch_status_list=lists.__getitem__).verdict


@pytest.mark.parametrize("name", KINDS)
def test_they_accept_every_kind_made_here(name: str) -> None:
    assert accepted(name, made_here()[name]) == (name not in NOT_VALID)


@pytest.mark.parametrize("number", range(len(changed())))
def test_they_accept_no_mutation(number: int) -> None:
    found = verify_with_openbadgeslib(changed()[number], REVOKED_LIST)
    assert not found["verified"]


@pytest.mark.parametrize("name", ["endorsement", "record"])
def test_they_notice_a_change_of_what_is_no_achievement(name: str) -> None:
    assert not proof_holds({**made_here()[name], "name": "Other"})


@pytest.mark.parametrize("name", THEIRS)
def test_we_accept_every_kind_made_there(name: str) -> None:
    assert verdict(made_there()[name]) == ("invalid" if name in NOT_VALID else "valid")


def test_we_accept_no_mutation_of_what_was_made_there() -> None:
    theirs: Any = made_there()["results, rubric, evidence, status"]
    for number, variant in enumerate(changed(theirs)):
        assert verdict(variant) != "valid", number


def token_holds(text: str, algorithm: str) -> bool:
    public = SECRET_KEYS[algorithm].public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    try:
        OB3Verifier(public.public_bytes(serialization.Encoding.PEM, form)).verify(text)
    except LibOpenBadgesException:
        return False
    return True


@pytest.mark.parametrize("algorithm", JOSE_SIGNERS)
def test_they_read_tokens_made_here_and_notice_every_change(algorithm: str) -> None:
    assert token_holds(token(algorithm), algorithm)
    for variant in changed_tokens(token(algorithm)):
        assert not token_holds(variant, algorithm)


@pytest.mark.parametrize("algorithm", JOSE_SIGNERS)
def test_we_read_tokens_made_there_and_notice_every_change(algorithm: str) -> None:
    theirs = OB3Signer(pem(SECRET_KEYS[algorithm]), algorithm).sign_payload(claims_of(token(algorithm)))
    assert verify(theirs, now=LATER).verdict == "valid"
    for variant in changed_tokens(theirs):
        assert verify(variant, now=LATER).verdict != "valid"
