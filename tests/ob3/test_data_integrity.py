"""A proof holds for exactly the document, key, purpose and time it was made for."""

from datetime import timedelta
from typing import Any

import pytest

from microcred_app.ob3.data_integrity import EddsaRdfc2022, read_proofs, sign, verify_proof, without_proof
from microcred_app.ob3.dids import did_document, did_key, resolve_did_key, verification_method_id
from microcred_app.ob3.errors import CanonicalisationError, DocumentError, ProofError
from microcred_app.ob3.signing import Ed25519Signer
from tests.ob3.samples import ISSUER, METHOD, NOW, PLAIN, SIGNER, signed

STRANGER = Ed25519Signer(b"\x01" * 32)


def check(document: dict[str, Any], now: Any = NOW, resolve: Any = resolve_did_key) -> Any:
    return verify_proof(document, resolve_did=resolve, now=now)


def refusal(document: dict[str, Any], now: Any = NOW, resolve: Any = resolve_did_key) -> str:
    with pytest.raises(ProofError) as caught:
        check(document, now, resolve)
    return caught.value.code


def with_proof(**changes: Any) -> dict[str, Any]:
    document = signed(PLAIN)
    proof = {**document["proof"][0], **changes}
    return {**document, "proof": [{name: value for name, value in proof.items() if value is not None}]}


def test_a_signed_document_verifies_and_says_who_signed() -> None:
    document = signed(PLAIN)
    assert isinstance(document["proof"], list)
    options = check(document)
    assert (options.verification_method, options.controller, options.created) == (METHOD, ISSUER, NOW)


def test_proof_may_be_an_object_and_may_repeat_the_context() -> None:
    document = signed(PLAIN)
    check({**document, "proof": document["proof"][0]})
    check({**document, "proof": {**document["proof"][0], "@context": document["@context"]}})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "Ed25519Signature2020"}, "proof.unsupported_type"),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, "proof.unsupported_suite"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "proof.mismatch"),
        ({"cryptosuite": ["eddsa-rdfc-2022"]}, "proof.unsupported_suite"),
        ({"previousProof": "urn:x:1"}, "proof.unsupported_chain"),
        ({"evidence": {"type": "Evidence"}}, "proof.unsupported_option"),
        ({"domain": [{"id": "urn:x:1"}]}, "proof.unsupported_option"),
        ({"domain": ["x"] * 21}, "proof.unsupported_option"),
        ({"proofPurpose": "authentication"}, "proof.purpose"),
        ({"created": "2026-03-01T09:03:00Z"}, "proof.from_future"),
        ({"created": "2026-03-01"}, "proof.time"),
        ({"created": "2026-02-28T09:00:00Z"}, "proof.mismatch"),
        ({"created": None}, "proof.mismatch"),
        ({"expires": "2026-03-01T09:00:00Z"}, "proof.expired"),
        ({"expires": "2027-03-01T09:00:00Z"}, "proof.mismatch"),
        ({"verificationMethod": ISSUER}, "proof.method"),
        ({"verificationMethod": None}, "proof.method"),
        ({"verificationMethod": {"id": METHOD}}, "proof.method"),
        ({"verificationMethod": "did:web:other.example#z6Mk"}, "proof.other_issuer"),
        ({"verificationMethod": f"{ISSUER}#other"}, "did.not_for_assertions"),
        ({"proofValue": None}, "proof.value"),
        ({"proofValue": "z" + "1" * 88}, "proof.value"),
        ({"proofValue": "u" + "A" * 86}, "proof.value"),
        ({"domain": "example.org"}, "proof.mismatch"),
        ({"comment": "unsigned"}, "canonical.undefined_term"),
    ],
)
def test_a_touched_proof_is_refused(changes: dict[str, Any], code: str) -> None:
    assert refusal(with_proof(**changes)) == code


def test_a_touched_document_is_refused() -> None:
    assert refusal({**signed(PLAIN), "name": "Close Reading"}) == "proof.mismatch"
    assert refusal({**signed(PLAIN), "unheardOf": "x"}) == "canonical.undefined_term"


def test_another_key_cannot_sign_for_the_issuer() -> None:
    method = verification_method_id(did_key(STRANGER.public_key), STRANGER.public_key)
    document = sign(without_proof(signed(PLAIN)), STRANGER, verification_method=method, created=NOW)
    assert refusal(document) == "proof.other_issuer"
    claimed = sign(without_proof(signed(PLAIN)), STRANGER, verification_method=METHOD, created=NOW)
    assert refusal(claimed) == "proof.mismatch"


def test_one_good_proof_among_several_is_enough_and_none_is_not() -> None:
    good = signed(PLAIN)
    bad = {**good["proof"][0], "created": "2026-01-01T00:00:00Z"}
    check({**good, "proof": [bad, good["proof"][0]]})
    assert refusal({**good, "proof": [bad, bad]}) == "proof.mismatch"


def test_signing_twice_keeps_both_proofs_and_each_verifies_alone() -> None:
    later = NOW + timedelta(days=1)
    twice = sign(signed(PLAIN), SIGNER, verification_method=METHOD, created=later)
    assert len(twice["proof"]) == 2
    for proof in twice["proof"]:
        check({**twice, "proof": proof}, now=later)


@pytest.mark.parametrize("proof", [None, [], "z", [5], [None]])
def test_a_document_without_proof_is_refused(proof: Any) -> None:
    assert refusal({**signed(PLAIN), "proof": proof}) == "proof.missing"


def test_the_number_of_proofs_is_bounded() -> None:
    document = signed(PLAIN)
    assert refusal({**document, "proof": document["proof"] * 9}) == "proof.too_many"
    assert len(read_proofs({**document, "proof": document["proof"] * 8})) == 8


def test_a_retired_key_still_verifies_and_a_removed_one_does_not() -> None:
    did = "did:web:example.edu"
    document = without_proof(signed(PLAIN))
    document["issuer"] = {**document["issuer"], "id": did}
    old = sign(
        document, SIGNER, verification_method=verification_method_id(did, SIGNER.public_key), created=NOW
    )
    check(old, resolve=lambda _: did_document(did, [STRANGER.public_key, SIGNER.public_key]))
    assert (
        refusal(old, resolve=lambda _: did_document(did, [STRANGER.public_key])) == "did.not_for_assertions"
    )


@pytest.mark.parametrize("document", [None, [], "text", 5])
def test_only_objects_are_signed_and_verified(document: Any) -> None:
    with pytest.raises(DocumentError):
        sign(document, SIGNER, verification_method=METHOD, created=NOW)
    assert refusal(document) == "proof.missing"


def test_a_document_with_unsigned_parts_is_never_signed() -> None:
    with pytest.raises(CanonicalisationError) as caught:
        sign({**without_proof(signed(PLAIN)), "grade": "A"}, SIGNER, verification_method=METHOD, created=NOW)
    assert caught.value.member == "grade"


def test_a_document_that_cannot_be_canonicalised_is_tried_once_for_all_its_proofs() -> None:
    tried: list[str] = []

    def canonicalise(document: Any) -> bytes:
        if "type" in document and "VerifiableCredential" in document["type"]:
            tried.append(document["id"])
            raise CanonicalisationError("canonical.too_complex", "Too much.")
        return b""

    suite, known = EddsaRdfc2022(canonicalise), {}  # type: ignore[var-annotated]
    for _ in range(8):
        with pytest.raises(CanonicalisationError):
            suite.hash_data(signed(PLAIN), {}, known)
    assert tried == [PLAIN.id]
