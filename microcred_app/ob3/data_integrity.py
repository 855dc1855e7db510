"""A Data Integrity proof covers every member of a document, or the document is refused before it is signed.

``eddsa-rdfc-2022`` is the default: the only suite that the certification suite, the public validators and the
wallets all accept. Suites are looked up in an allow-list (`cryptosuites`) by the name the proof gives; a name that
is not on it is "cannot be checked", never "something similar will do".

VC Data Integrity 1.0 section 4 (add and verify proof).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from microcred_app.ob3.cryptosuites import EDDSA_RDFC_2022, Cryptosuite, EddsaRdfc2022, Known, suite_of
from microcred_app.ob3.dids import assertion_key
from microcred_app.ob3.errors import DidError, DocumentError, KeyFormatError, Ob3Error, ProofError
from microcred_app.ob3.multikey import decode_signature, encode_signature
from microcred_app.ob3.signing import Signer, signature_matches
from microcred_app.ob3.structure import OBJECT
from microcred_app.ob3.timestamps import format_time, parse_time

__all__ = [
    "CLOCK_SKEW",
    "EDDSA_RDFC_2022",
    "EddsaRdfc2022",
    "Expected",
    "ProofOptions",
    "make_options",
    "read_options",
    "read_proofs",
    "sign",
    "signature_holds",
    "verify_proof",
    "without_proof",
]

CLOCK_SKEW = timedelta(minutes=2)
MAX_PROOFS = 8
MAX_OPTION_VALUES = 20

Resolver = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Expected:
    """What a proof must have been made for; an empty `domain` or `challenge` means that none is asked for."""

    purpose: str = "assertionMethod"
    domain: str = ""
    challenge: str = ""


FOR_ISSUING = Expected()


class ProofOptions(NamedTuple):
    """What a proof says about itself, checked: who signed, when, and with which suite."""

    verification_method: str
    controller: str
    created: datetime | None
    suite: Cryptosuite
    signature: bytes


def sign(
    document: Mapping[str, Any],
    signer: Signer,
    *,
    verification_method: str,
    created: datetime,
    suite: Cryptosuite = EDDSA_RDFC_2022,
) -> dict[str, Any]:
    """Return *document* with one more proof in its ``proof`` array, made by *signer*.

    *verification_method* must be the published address of the signer's key, below the issuer's id. Raises
    `CanonicalisationError` when a member would stay unsigned.
    """
    if not isinstance(document, Mapping):
        raise DocumentError("document", "only a JSON object can be signed.")
    unsecured = without_proof(document)
    options = suite.stated(unsecured, make_options(suite.name, verification_method, created))
    signature = signer.sign(suite.hash_data(unsecured, options))
    earlier = read_proofs(document) if "proof" in document else []
    return {**unsecured, "proof": [*earlier, {**options, "proofValue": encode_signature(signature)}]}


def make_options(suite: str, verification_method: str, created: datetime) -> dict[str, str]:
    """Return the options of a new proof, in the order in which they are written."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": format_time("proof.created", created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def without_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a proof of *document* covers: everything but ``proof``."""
    return {name: value for name, value in document.items() if name != "proof"}


def read_proofs(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the proofs of *document*, one or several; raises `ProofError` when there is none."""
    proofs = document.get("proof") if isinstance(document, OBJECT) else None
    listed = proofs if isinstance(proofs, list) else [proofs]
    if not listed or not all(isinstance(proof, OBJECT) for proof in listed):
        raise ProofError("proof.missing", "The document carries no proof.")
    if len(listed) > MAX_PROOFS:
        raise ProofError("proof.too_many", f"The document carries more than {MAX_PROOFS} proofs.")
    return listed


def read_options(proof: Mapping[str, Any], now: datetime, expected: Expected = FOR_ISSUING) -> ProofOptions:
    """Return the checked options of *proof*, or raise `ProofError`.

    Codes ``proof.unsupported_*`` mean that this software cannot judge the proof; all others that it is wrong.
    """
    suite = suite_of(proof)
    if "previousProof" in proof:
        raise ProofError("proof.unsupported_chain", "The proof is part of a chain, which is not supported.")
    _check_intent(proof, expected)
    created = _check_times(proof, now)
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or len(method) > 2_000 or method.count("#") != 1:
        raise ProofError("proof.method", "The proof does not name the key it was made with.")
    try:
        signature = decode_signature(proof.get("proofValue", ""))
    except KeyFormatError as error:
        raise ProofError("proof.value", str(error)) from error
    if not all(map(_is_plain, proof.values())):
        # Options are canonicalised for each proof; no suite has any that are objects.
        raise ProofError("proof.unsupported_option", "The proof has an option that no suite here has.")
    return ProofOptions(method, method.split("#")[0], created, suite, signature)


def signature_holds(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    options: ProofOptions,
    public_key: bytes,
    hash_data: bytes | None = None,
    known: Known | None = None,
) -> bool:
    """Return whether *proof* of *document* was made with *public_key*; canonicalisation errors pass through.

    *hash_data* is what ``eddsa-rdfc-2022`` signs, when it is known already (`secured_text`); *known* keeps the
    digest of the document from one proof to the next.
    """
    data = hash_data if options.suite.name == EDDSA_RDFC_2022.name else None
    if data is None:
        stated = {name: value for name, value in proof.items() if name != "proofValue"}
        data = options.suite.hash_data(without_proof(document), stated, known)
    return signature_matches(public_key, data, options.signature)


def verify_proof(document: Mapping[str, Any], *, resolve_did: Resolver, now: datetime) -> ProofOptions:
    """Return the first proof of *document* that holds and whose key its issuer publishes; else raise `ProofError`.

    Several proofs may be present; one that holds is enough (Open Badges 3.0 "Verification"). The controller
    of the key must be the issuer itself.
    """
    if now.tzinfo is None:
        raise ProofError("proof.now", "Give the moment with its time zone.")
    problem: Ob3Error = ProofError("proof.missing", "The document carries no proof.")
    for proof in read_proofs(document):
        try:
            return _verify_one(document, proof, resolve_did, now)
        except Ob3Error as error:
            problem = error
    if isinstance(problem, ProofError):
        raise problem
    raise ProofError(problem.code, problem.message) from problem


def _verify_one(
    document: Mapping[str, Any], proof: Mapping[str, Any], resolve_did: Resolver, now: datetime
) -> ProofOptions:
    options = read_options(proof, now)
    issuer = document.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if options.controller != issuer_id:
        raise ProofError("proof.other_issuer", "The key of the proof does not belong to the issuer.")
    did_document = resolve_did(options.controller)
    if not isinstance(did_document, Mapping):
        raise DidError("did.unusable", "The issuer's document cannot be used.")
    if not signature_holds(
        document, proof, options, assertion_key(did_document, options.verification_method, now)
    ):
        raise ProofError("proof.mismatch", "The document is not the one that was signed.")
    return options


def _is_plain(value: Any) -> bool:
    if type(value) is str:
        return True
    if isinstance(value, list):
        return len(value) <= MAX_OPTION_VALUES and all(type(entry) is str for entry in value)
    return not isinstance(value, Mapping)


def _check_intent(proof: Mapping[str, Any], expected: Expected) -> None:
    if proof.get("proofPurpose") != expected.purpose:
        raise ProofError("proof.purpose", "The proof was not made for this purpose.")
    domains = proof.get("domain")
    if expected.domain and expected.domain not in (domains if isinstance(domains, list) else [domains]):
        raise ProofError("proof.domain", "The proof was made for another receiver.")
    if expected.challenge and proof.get("challenge") != expected.challenge:
        raise ProofError("proof.challenge", "The proof does not answer the question that was asked.")


def _check_times(proof: Mapping[str, Any], now: datetime) -> datetime | None:
    try:
        created = parse_time("proof.created", proof["created"]) if "created" in proof else None
        expires = parse_time("proof.expires", proof["expires"]) if "expires" in proof else None
    except DocumentError as error:
        raise ProofError("proof.time", str(error)) from error
    if created is not None and created > now + CLOCK_SKEW:
        raise ProofError("proof.from_future", "The proof claims to be made in the future.")
    if expires is not None and expires <= now:
        raise ProofError("proof.expired", "The proof has expired.")
    return created
