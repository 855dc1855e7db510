"""Both directions agree with @digitalbazaar/vc and jose: every kind, whole and changed in many ways."""

import json
from functools import cache
from typing import Any

import pytest

from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.dids import resolve_did_key
from microcred_app.ob3.multikey import encode_base58btc, encode_multikey
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.interop.kinds import (
    DID_WEB,
    JOSE_SIGNERS,
    LATER,
    MUTATIONS,
    NOT_VALID,
    REVOKED_LIST,
    WEB_DOCUMENT,
    Json,
    changed,
    changed_tokens,
    claims_of,
    made_here,
    secret_jwk,
    token,
    unsigned,
)
from tests.interop.verifiers import run_matrix
from tests.ob3.samples import ISSUER, LIST_URL, METHOD, SIGNER, signed
from tests.ob3.test_nested import ENDORSER_ID

pytestmark = pytest.mark.interop

KINDS = list(unsigned())
THEIRS = [name for name in KINDS if name != "did:web"]  # they sign with the did:key


@cache
def results() -> Json:
    job = {
        "now": LATER.isoformat().replace("+00:00", "Z"),
        "documents": {
            ISSUER: resolve_did_key(ISSUER),
            ENDORSER_ID: resolve_did_key(ENDORSER_ID),
            DID_WEB: WEB_DOCUMENT,
            LIST_URL: REVOKED_LIST,
        },
        "key": {
            "did": ISSUER,
            "publicKeyMultibase": encode_multikey(SIGNER.public_key),
            "secretKeyMultibase": "z" + encode_base58btc(b"\x80\x26" + SIGNER.seed),
        },
        "issue": [unsigned()[name] for name in THEIRS],
        "verify": [*made_here().values(), *changed()],
        "sign": [
            {"claims": claims_of(token(name)), "alg": name, "jwk": secret_jwk(name)} for name in JOSE_SIGNERS
        ],
        "tokens": [
            {"token": text, "alg": name, "jwk": secret_jwk(name)}
            for name in JOSE_SIGNERS
            for text in [token(name), *changed_tokens(token(name))]
        ],
    }
    return run_matrix(job)


def verdict(credential: Any) -> str:
    data = credential if isinstance(credential, str) else json.dumps(credential)
    lists = {LIST_URL: encode_document(REVOKED_LIST)}
    report = verify(
        data,
        now=LATER,
        resolve_did={DID_WEB: WEB_DOCUMENT}.__getitem__,
        fetch_status_list=lists.__getitem__,
    )
    return report.verdict


def expected(name: str) -> str:
    return "invalid" if name in NOT_VALID else "valid"


def test_they_accept_every_kind_made_here_and_we_agree() -> None:
    for (name, document), theirs in zip(made_here().items(), results()["verified"], strict=False):
        assert theirs == (name not in NOT_VALID), name
        assert verdict(document) == expected(name), name


def test_they_refuse_every_mutation_and_so_do_we() -> None:
    assert len(MUTATIONS) >= 20
    theirs = results()["verified"][len(KINDS) :]
    for number, (variant, accepted) in enumerate(zip(changed(), theirs, strict=True)):
        assert not accepted, number
        assert verdict(variant) != "valid", number


def test_we_accept_every_kind_made_there() -> None:
    for name, credential in zip(THEIRS, results()["issued"], strict=True):
        assert credential is not None, name
        assert verdict(credential) == expected(name), name


def test_the_same_key_and_time_give_the_same_proof() -> None:
    for name, credential in zip(THEIRS, results()["issued"], strict=True):
        mine = sign(unsigned()[name], SIGNER, verification_method=METHOD, created=LATER)
        theirs = credential["proof"]
        assert (
            mine["proof"][0]["proofValue"]
            == (theirs[0] if isinstance(theirs, list) else theirs)["proofValue"]
        )


def test_we_refuse_every_mutation_of_what_was_made_there() -> None:
    theirs = results()["issued"][THEIRS.index("results, rubric, evidence, status")]
    for number, variant in enumerate(changed(theirs)):
        assert verdict(variant) != "valid", number


@pytest.mark.parametrize("algorithm", JOSE_SIGNERS)
def test_tokens_agree_in_both_directions(algorithm: str) -> None:
    number = list(JOSE_SIGNERS).index(algorithm)
    width = 1 + len(changed_tokens(token(algorithm)))
    held = results()["held"][number * width : (number + 1) * width]
    assert held == [True] + [False] * (width - 1)
    theirs = results()["signed"][number]
    assert verdict(token(algorithm)) == verdict(theirs) == "valid"
    for variant in [*changed_tokens(token(algorithm)), *changed_tokens(theirs)]:
        assert verdict(variant) != "valid"


def test_the_mutations_start_from_something_valid() -> None:
    assert verdict(signed()) == "valid"
