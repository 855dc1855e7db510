"""Who signed a document: whether a proof holds, whose key made it, and whether that is the issuer.

Three questions with three answers, because they fail differently. A signature can be perfect and made by a
stranger; an issuer's host can be down while the signature, made with the key named in it, still holds.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from microcred_app.ob3.cryptosuites import Known
from microcred_app.ob3.data_integrity import ProofOptions, read_options, read_proofs, signature_holds
from microcred_app.ob3.dids import assertion_key, resolve_did_jwk, resolve_did_key
from microcred_app.ob3.errors import (
    CanonicalisationError,
    ContextError,
    DidError,
    KeyFormatError,
    Ob3Error,
    ProofError,
)
from microcred_app.ob3.multikey import decode_multikey
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check, Outcome
from microcred_app.ob3.structure import OBJECT, has_type, issuer_id

__all__ = ["Attribution", "attribute", "check_issuer", "find_document"]

Resolver = Callable[[str], Mapping[str, Any]]
# What one proof signs, when known, and what is remembered from one proof of a document to the next.
_Hashes = tuple[bytes | None, Known]

# Limits of this software, not faults of the document.
_BEYOND_US = frozenset(
    {
        "canonical.too_complex",
        "canonical.too_large",
        "canonical.too_deep",
        "canonical.contexts",
        "canonical.types",
        "canonical.inline_context",
        "canonical.number",
    }
)
_HOLDS = Check("signature", PASSED, "signature.holds", "The credential is exactly as it was signed.")
_RANK = {PASSED: 0, COULD_NOT_CHECK: 1, FAILED: 2}


class Attribution(NamedTuple):
    """The answers for one document."""

    signature: Check
    key_ownership: Check
    issuer: Check

    @property
    def certain(self) -> bool:
        """Whether the issuer is known to have signed the document as it is."""
        return self.signature.outcome == self.key_ownership.outcome == self.issuer.outcome == PASSED


def attribute(
    document: Mapping[str, Any],
    resolve_did: Resolver | None,
    now: datetime,
    hash_data: Sequence[bytes] = (),
) -> Attribution:
    """Return who signed *document*; of several proofs the one that proves most is reported.

    did:key is resolved here; any other identifier goes to *resolve_did*, which may raise whatever it likes.
    *hash_data* is what the proofs sign, one by one, as far as that is known (`secured_text`).
    """
    issuer = issuer_id(document)
    did_document, problem = find_document(issuer, resolve_did)
    issuer_check = check_issuer(document, issuer, did_document, problem)
    try:
        proofs = read_proofs(document)
    except ProofError as error:
        failed = _check("signature", FAILED, error)
        return Attribution(failed, _ownership_unknown(), issuer_check)
    given = [*hash_data, *[None] * len(proofs)]
    known: Known = {}
    findings = [
        _examine(document, proof, (data, known), did_document, problem, now)
        for proof, data in zip(proofs, given, strict=False)
    ]
    signature, ownership = min(findings, key=_rank) if len(findings) > 1 else findings[0]
    return Attribution(signature, ownership, issuer_check)


def _rank(finding: tuple[Check, Check]) -> int:
    return sum(_RANK[check.outcome] for check in finding)


def find_document(issuer: str, resolve_did: Resolver | None) -> tuple[Mapping[str, Any] | None, str]:
    """Return the DID document of *issuer*, or None and what kept it from being found."""
    if not issuer:
        return None, "the document names no issuer"
    try:
        if issuer.startswith("did:key:"):
            # What is longer than any key is refused below; it must not be kept.
            return (_did_key_document if len(issuer) < 200 else resolve_did_key)(issuer), ""
        if issuer.startswith("did:jwk:"):
            return resolve_did_jwk(issuer), ""
        if resolve_did is None:
            return None, "no way to look it up was given"
        document = resolve_did(issuer)
    except Exception as error:  # noqa: BLE001 - the caller's resolver; whatever it raises means "not found"
        return None, f"{type(error).__name__}: {error}"[:300]
    if not isinstance(document, OBJECT):
        return None, "what was found is not a DID document"
    return document, ""


# The same document each time, read by this module only: a batch of one issuer needs it once.
_did_key_document = lru_cache(maxsize=256)(resolve_did_key)


def check_issuer(
    document: Mapping[str, Any], issuer: str, did_document: Mapping[str, Any] | None, problem: str
) -> Check:
    """Return whether the identity behind *issuer* was found and is the one it claims to be."""
    profile = document.get("issuer")
    if isinstance(profile, OBJECT) and not has_type(profile, "Profile"):
        return Check("issuer", FAILED, "issuer.type", "The issuer is not described as a profile.")
    if did_document is None:
        return Check(
            "issuer",
            COULD_NOT_CHECK,
            "issuer.unreachable",
            "The issuer's identity could not be looked up.",
            problem,
        )
    if did_document.get("id") != issuer:
        return Check(
            "issuer",
            FAILED,
            "issuer.other_document",
            "The identity found under the issuer's address is another one.",
        )
    return _found(issuer)


@lru_cache(maxsize=256)
def _found(issuer: str) -> Check:
    return Check("issuer", PASSED, "issuer.found", "The issuer's identity was found.", issuer[:300])


def _examine(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    hashes: _Hashes,
    did_document: Mapping[str, Any] | None,
    problem: str,
    now: datetime,
) -> tuple[Check, Check]:
    try:
        options = read_options(proof, now)
    except ProofError as error:
        outcome = COULD_NOT_CHECK if error.code.startswith("proof.unsupported") else FAILED
        return _check("signature", outcome, error), _ownership_unknown()
    ownership, key = _find_key(document, options, did_document, problem, now)
    if key is None:
        return _no_key(ownership), ownership
    return _check_signature(document, proof, options, key, hashes), ownership


def _find_key(
    document: Mapping[str, Any],
    options: ProofOptions,
    did_document: Mapping[str, Any] | None,
    problem: str,
    now: datetime,
) -> tuple[Check, bytes | None]:
    if options.controller != issuer_id(document):
        message = "The key that signed does not belong to the issuer."
        check = Check("key_ownership", FAILED, "key.other_issuer", message, options.verification_method)
        return check, _key_in_name(options)
    if did_document is None:
        message = "Whether the key belongs to the issuer could not be looked up."
        check = Check("key_ownership", COULD_NOT_CHECK, "key.issuer_unreachable", message, problem)
        return check, _key_in_name(options)
    try:
        if options.controller.startswith("did:key:") and len(options.verification_method) < 300:
            key = _key_of_did_key(options.verification_method)
        else:
            key = assertion_key(did_document, options.verification_method, now)
    except (DidError, KeyFormatError) as error:
        return _check("key_ownership", FAILED, error), _key_in_name(options)
    return _published(options.verification_method), key


@lru_cache(maxsize=256)
def _key_of_did_key(method: str) -> bytes:
    # A did:key says everything itself and never ends: the moment does not matter.
    return assertion_key(resolve_did_key(method.split("#")[0]), method, datetime.max.replace(tzinfo=UTC))


@lru_cache(maxsize=256)
def _published(method: str) -> Check:
    message = "The key that signed is one the issuer publishes for signing credentials."
    return Check("key_ownership", PASSED, "key.published", message, method)


def _key_in_name(options: ProofOptions) -> bytes | None:
    try:
        return decode_multikey(options.verification_method.split("#")[1])
    except KeyFormatError:
        return None


def _check_signature(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    options: ProofOptions,
    key: bytes,
    hashes: _Hashes,
) -> Check:
    try:
        holds = signature_holds(document, proof, options, key, *hashes)
    except ContextError as error:
        return _check("signature", COULD_NOT_CHECK, error, error.url)
    except CanonicalisationError as error:
        return _check(
            "signature", COULD_NOT_CHECK if error.code in _BEYOND_US else FAILED, error, error.member
        )
    except Ob3Error as error:
        return _check("signature", FAILED, error)
    if holds:
        return _HOLDS
    return Check("signature", FAILED, "signature.mismatch", "The credential is not as it was signed.")


def _no_key(ownership: Check) -> Check:
    message = "The signature could not be checked without the key."
    return Check("signature", COULD_NOT_CHECK, "signature.no_key", message, ownership.message)


def _ownership_unknown() -> Check:
    message = "Without a usable proof there is no key whose owner could be checked."
    return Check("key_ownership", COULD_NOT_CHECK, "key.no_proof", message)


def _check(code: str, outcome: Outcome, error: Ob3Error, detail: str = "") -> Check:
    return Check(code, outcome, error.code, error.message, detail[:300])
