"""Other people's signatures come out here byte for byte: canonical form, hashes, signature, proof."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from microcred_app.ob3.canonical import Canonicaliser, canonicalise
from microcred_app.ob3.contexts import bundled_contexts
from microcred_app.ob3.data_integrity import EDDSA_RDFC_2022, EddsaRdfc2022, sign, without_proof
from microcred_app.ob3.dids import resolve_did_key
from microcred_app.ob3.errors import ContextError
from microcred_app.ob3.multikey import (
    decode_base58btc,
    decode_multikey,
    decode_signature,
    encode_multikey,
    encode_signature,
)
from microcred_app.ob3.signing import Ed25519Signer, signature_matches
from microcred_app.ob3.verification import verify

VECTORS = Path(__file__).parent.parent / "vectors"
W3C = VECTORS / "w3c-eddsa-rdfc-2022"
EDTECH = VECTORS / "1edtech-obv3p0"

EDTECH_DOCUMENT_HASH = "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
EDTECH_PROOF_HASH = "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"
EDTECH_SIGNATURE = (
    "f7a017acf7d27983267ec362657c0fb08e955549f49dac5bf36a03c4f2c3a4f1"
    "e3738a6c5ecd7ffba7135cb9cd754e6196f4b73082ea8df8e703c8ecd4333503"
)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def with_examples() -> Canonicaliser:
    """The W3C vector uses the W3C's examples context, which the package rightly does not know."""
    context = read(W3C / "examples-context-v2.json")
    return Canonicaliser(
        bundled_contexts().extended({"https://www.w3.org/ns/credentials/examples/v2": context})
    )


def test_w3c_document_and_proof_options_have_the_published_canonical_form(
    with_examples: Canonicaliser,
) -> None:
    assert with_examples(read(W3C / "unsigned.json")).decode() == text(W3C / "canonDocDataInt.txt")
    assert with_examples(read(W3C / "proofConfigDataInt.json")).decode() == text(
        W3C / "proofCanonDataInt.txt"
    )


def test_w3c_hashes_are_reproduced(with_examples: Canonicaliser) -> None:
    suite = EddsaRdfc2022(with_examples)
    options = without_context(read(W3C / "proofConfigDataInt.json"))
    data = suite.hash_data(read(W3C / "unsigned.json"), options)
    assert data.hex() == text(W3C / "combinedHashDataInt.txt").strip()
    assert data.hex() == text(W3C / "proofHashDataInt.txt").strip() + text(W3C / "docHashDataInt.txt").strip()


def test_w3c_signed_document_is_reproduced(with_examples: Canonicaliser) -> None:
    keys = read(W3C / "keyPair.json")
    signer = Ed25519Signer(decode_base58btc(keys["privateKeyMultibase"][1:])[2:])
    assert encode_multikey(signer.public_key) == keys["publicKeyMultibase"]
    expected = read(W3C / "signedDataInt.json")
    signed = sign(
        read(W3C / "unsigned.json"),
        signer,
        verification_method=expected["proof"]["verificationMethod"],
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
        suite=EddsaRdfc2022(with_examples),
    )
    assert signed == {**expected, "proof": [expected["proof"]]}
    assert decode_signature(signed["proof"][0]["proofValue"]).hex() == text(W3C / "sigHexDataInt.txt").strip()


def test_the_package_itself_refuses_the_examples_context_by_name() -> None:
    with pytest.raises(ContextError) as caught:
        canonicalise(read(W3C / "unsigned.json"))
    assert caught.value.url == "https://www.w3.org/ns/credentials/examples/v2"


def test_1edtech_canonical_forms_and_hashes_are_reproduced() -> None:
    credential = read(EDTECH / "signed-credential.json")
    document = without_proof(credential)
    options = {name: value for name, value in credential["proof"].items() if name != "proofValue"}
    canonical = canonicalise(document)
    assert canonical.decode() == text(EDTECH / "document-canon.txt")
    assert sha256(canonical).hexdigest() == EDTECH_DOCUMENT_HASH
    assert canonicalise({**options, "@context": document["@context"]}).decode() == text(
        EDTECH / "proof-canon.txt"
    )
    assert EDDSA_RDFC_2022.hash_data(document, options).hex() == EDTECH_PROOF_HASH + EDTECH_DOCUMENT_HASH


def test_1edtech_signature_holds_with_the_key_named_in_the_proof() -> None:
    proof = read(EDTECH / "signed-credential.json")["proof"]
    key = decode_multikey(proof["verificationMethod"].split("#")[1])
    data = bytes.fromhex(EDTECH_PROOF_HASH + EDTECH_DOCUMENT_HASH)
    assert encode_signature(bytes.fromhex(EDTECH_SIGNATURE)) == proof["proofValue"]
    assert signature_matches(key, data, decode_signature(proof["proofValue"]))


def test_1edtech_credential_verifies_once_its_issuer_publishes_the_key() -> None:
    data = (EDTECH / "signed-credential.json").read_bytes()
    issuer = "https://example.edu/issuers/565049"
    key = read(EDTECH / "signed-credential.json")["proof"]["verificationMethod"].split("#")[1]
    method = {"id": f"{issuer}#{key}", "type": "Multikey", "controller": issuer, "publicKeyMultibase": key}
    document = {"id": issuer, "verificationMethod": [method], "assertionMethod": [method["id"]]}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert verify(data, now=now, resolve_did={issuer: document}.__getitem__).verdict == "valid"
    unresolved = verify(data, now=now, resolve_did={}.__getitem__)
    assert unresolved.verdict == "undetermined"
    assert unresolved.check("signature").outcome == "passed"
    assert unresolved.check("key_ownership").outcome == "could_not_check"


def test_did_key_of_the_w3c_key_resolves_to_its_method() -> None:
    method = read(W3C / "signedDataInt.json")["proof"]["verificationMethod"]
    document = resolve_did_key(method.split("#")[0])
    assert document["assertionMethod"] == [method]
    assert (
        document["verificationMethod"][0]["publicKeyMultibase"]
        == read(W3C / "keyPair.json")["publicKeyMultibase"]
    )


def without_context(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != "@context"}
