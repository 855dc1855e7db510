"""The other suites, proof sets and the CLR come out byte for byte as others published them."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from microcred_app.ob3.canonical import Canonicaliser, canonicalise
from microcred_app.ob3.contexts import bundled_contexts
from microcred_app.ob3.cryptosuites import (
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    Ed25519Signature2020,
    EddsaRdfc2022,
    canonicalise_json,
    suite_of,
)
from microcred_app.ob3.data_integrity import make_options, read_options, sign, signature_holds, without_proof
from microcred_app.ob3.errors import ProofError
from microcred_app.ob3.multikey import decode_base58btc, decode_multikey, decode_signature
from microcred_app.ob3.signing import Ed25519Signer, signature_matches

VECTORS = Path(__file__).parent.parent / "vectors"
RDFC = VECTORS / "w3c-eddsa-rdfc-2022"
JCS = VECTORS / "w3c-eddsa-jcs-2022"
LEGACY = VECTORS / "w3c-ed25519-2020"
SETS = VECTORS / "w3c-proof-sets"
CLR = VECTORS / "1edtech-clrv2p0"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES = Canonicaliser(
    bundled_contexts().extended(
        {
            "https://www.w3.org/ns/credentials/examples/v2": json.loads(
                (RDFC / "examples-context-v2.json").read_text(encoding="utf-8")
            )
        }
    )
)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def w3c_signer() -> Ed25519Signer:
    return Ed25519Signer(decode_base58btc(read(RDFC / "keyPair.json")["privateKeyMultibase"][1:])[2:])


def test_jcs_forms_hashes_and_signature_are_reproduced() -> None:
    signed = read(JCS / "signedJCS.json")
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    assert canonicalise_json(without_proof(signed)).decode() == text(JCS / "canonDocJCS.txt")
    assert canonicalise_json(options).decode() == text(JCS / "proofCanonJCS.txt")
    data = EDDSA_JCS_2022.hash_data(without_proof(signed), options)
    assert data.hex() == text(JCS / "combinedHashJCS.txt")
    assert data.hex() == text(JCS / "proofHashJCS.txt") + text(JCS / "docHashJCS.txt")
    made = sign(
        read(RDFC / "unsigned.json"),
        w3c_signer(),
        verification_method=signed["proof"]["verificationMethod"],
        created=CREATED,
        suite=EDDSA_JCS_2022,
    )
    assert made == {**signed, "proof": [signed["proof"]]}
    assert decode_signature(made["proof"][0]["proofValue"]).hex() == text(JCS / "sigHexJCS.txt")


def test_jcs_contexts_may_be_added_behind_but_not_changed() -> None:
    signed = read(JCS / "signedJCS.json")
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    document = without_proof(signed)
    more = {**document, "@context": [*document["@context"], "https://w3id.org/security/data-integrity/v2"]}
    assert EDDSA_JCS_2022.hash_data(more, options) == EDDSA_JCS_2022.hash_data(document, options)
    with pytest.raises(ProofError):
        EDDSA_JCS_2022.hash_data({**document, "@context": document["@context"][:1]}, options)


@pytest.mark.parametrize("place", ["name", "issuer", "validFrom", "@context", "credentialSubject"])
def test_a_changed_jcs_document_does_not_hold(place: str) -> None:
    signed = read(JCS / "signedJCS.json")
    options = read_options(signed["proof"], NOW)
    key = decode_multikey(signed["proof"]["verificationMethod"].split("#")[1])
    assert signature_holds(signed, signed["proof"], options, key)
    try:
        assert not signature_holds({**signed, place: ["changed"]}, signed["proof"], options, key)
    except ProofError as error:
        assert (place, error.code) == ("@context", "proof.context")


def test_ed25519_signature_2020_is_reproduced_and_holds() -> None:
    signed = read(LEGACY / "signedEdSig.json")
    proof = signed["proof"]
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    assert EXAMPLES(without_proof(signed)).decode().strip() == text(LEGACY / "canonDocEdSig.txt")
    data = Ed25519Signature2020(EXAMPLES).hash_data(without_proof(signed), options)
    assert data.hex() == text(LEGACY / "combinedHashEdSig.txt")
    key = decode_multikey(proof["verificationMethod"].split("#")[1])
    assert signature_matches(key, data, decode_signature(proof["proofValue"]))
    assert w3c_signer().sign(data).hex() == text(LEGACY / "sigHexEdSig.txt")


def test_ed25519_signature_2020_is_never_made() -> None:
    with pytest.raises(ProofError):
        sign(
            {"@context": []},
            w3c_signer(),
            verification_method="did:x:y#z",
            created=NOW,
            suite=suite_of({"type": "Ed25519Signature2020"}),
        )


def test_every_proof_of_a_set_is_reproduced() -> None:
    keys = read(SETS / "multiKeyPairs.json")
    signed = read(SETS / "signedProofSet2.json")
    document = without_proof(signed)
    suite = EddsaRdfc2022(EXAMPLES)
    for number, proof in enumerate(signed["proof"], 1):
        pair = keys[f"keyPair{number}"]
        signer = Ed25519Signer(decode_base58btc(pair["privateKeyMultibase"][1:])[2:])
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        data = suite.hash_data(document, options)
        assert signer.sign(data) == decode_signature(proof["proofValue"])


def test_1edtech_clr_canonical_forms_hashes_and_signature_are_reproduced() -> None:
    signed = read(CLR / "signed-credential.json")
    document, proof = without_proof(signed), signed["proof"]
    proof = proof[0] if isinstance(proof, list) else proof
    canonical = canonicalise(document)
    assert canonical.decode().strip() == text(CLR / "document-canon.txt")
    assert sha256(canonical).hexdigest() == "768d7015ae69e0210e1c2a45194d9c1d15d7a6022e52b946574a2a27f6fa85fe"
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    assert canonicalise({**options, "@context": document["@context"]}).decode().strip() == text(
        CLR / "proof-canon.txt"
    )
    key = decode_multikey(proof["verificationMethod"].split("#")[1])
    data = EDDSA_RDFC_2022.hash_data(document, options)
    assert signature_matches(key, data, decode_signature(proof["proofValue"]))
    seed = bytes.fromhex("6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4")
    assert Ed25519Signer(seed).sign(data) == decode_signature(proof["proofValue"])
    for _ in range(3):  # the fast route comes to the same
        assert canonicalise(document) == canonical


def test_jcs_proof_keeps_the_context() -> None:
    options = make_options(EDDSA_JCS_2022.name, "did:x:y#z", NOW)
    assert EDDSA_JCS_2022.stated({"@context": ["a"]}, options)["@context"] == ["a"]
    assert "@context" not in EDDSA_RDFC_2022.stated({"@context": ["a"]}, options)
