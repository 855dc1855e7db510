"""A presentation proves that whoever hands it in holds a key now: it answers our question, for us, and is not a copy.

Wallets send one to claim a credential ("DIDAuth"). Without challenge and domain it could be taken from somewhere else
and played again, so a challenge is always demanded here. The holder is whoever controls the key; the credentials
inside, if any, are judged like any other.

VC Data Integrity 1.0 section 4.2 (purpose ``authentication``, ``challenge``, ``domain``); VCDM 2.0 section 4.13.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from microcred_app.ob3.attribution import Resolver, find_document
from microcred_app.ob3.contexts import CREDENTIALS_V2
from microcred_app.ob3.data_integrity import Expected, read_options, read_proofs, signature_holds
from microcred_app.ob3.dids import public_key
from microcred_app.ob3.errors import DocumentError, InputError, Ob3Error, ProofError
from microcred_app.ob3.json_input import Limits, parse_json
from microcred_app.ob3.judgement import Lookups
from microcred_app.ob3.nested import check_presented
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check, Report
from microcred_app.ob3.revocation import Fetcher
from microcred_app.ob3.structure import types_of

__all__ = ["holder_of", "verify_presentation"]

_LIMITS = Limits(max_bytes=1_000_000)


def verify_presentation(
    data: bytes | str,
    *,
    now: datetime,
    challenge: str,
    domain: str = "",
    resolve_did: Resolver | None = None,
    fetch_status_list: Fetcher | None = None,
) -> Report:
    """Return the report on the presentation in *data*: ``structure``, ``signature``, ``holder``, and its credentials.

    *challenge* is the one-time text that was sent to the wallet, *domain* who asked. Raises `InputError` for a
    *now* without time zone or an empty challenge.
    """
    if now.tzinfo is None or not challenge:
        raise InputError(
            "input.challenge", "Give the moment with its time zone, and the challenge that was sent."
        )
    try:
        document = parse_json(data, _LIMITS)
        _require_presentation(document)
    except (InputError, DocumentError) as error:
        unread = "Not looked at, because the presentation could not be read."
        return Report(
            (
                Check("structure", FAILED, error.code, error.message),
                Check("signature", COULD_NOT_CHECK, "signature.unread", unread),
                Check("holder", COULD_NOT_CHECK, "holder.unread", unread),
            )
        )
    signature, holder = _check_proofs(
        document, Expected("authentication", domain, challenge), resolve_did, now
    )
    complete = Check("structure", PASSED, "structure.complete", "The document is a verifiable presentation.")
    inside = check_presented(document, Lookups(now, resolve_did, fetch_status_list))
    return Report((complete, signature, holder, *inside))


def holder_of(document: Mapping[str, Any]) -> str:
    """Return the id of the holder, given as text or as object, or an empty text."""
    holder = document.get("holder")
    value = holder.get("id") if isinstance(holder, Mapping) else holder
    return value if isinstance(value, str) else ""


def _require_presentation(document: Any) -> None:
    if not isinstance(document, Mapping):
        raise DocumentError("presentation", "must be a JSON object.")
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CREDENTIALS_V2:
        raise DocumentError("@context", f"must be a list that begins with {CREDENTIALS_V2}.")
    if "VerifiablePresentation" not in types_of(document):
        raise DocumentError("type", "is not a verifiable presentation.")
    if not holder_of(document).startswith("did:"):
        raise DocumentError("holder", "must be a DID.")


def _check_proofs(
    document: Mapping[str, Any], expected: Expected, resolve_did: Resolver | None, now: datetime
) -> tuple[Check, Check]:
    holder = holder_of(document)
    did_document, problem = find_document(holder, resolve_did)
    if did_document is None:
        message = "The holder's identity could not be looked up."
        unknown = Check("holder", COULD_NOT_CHECK, "holder.unreachable", message, problem)
        return Check(
            "signature", COULD_NOT_CHECK, "signature.no_key", "There is no key to check with."
        ), unknown
    failure = Check("signature", FAILED, "proof.missing", "The presentation carries no proof.")
    try:
        proofs = read_proofs(document)
    except ProofError as error:
        proofs, failure = [], Check("signature", FAILED, error.code, error.message)
    for proof in proofs:
        try:
            if _holds(document, proof, expected, holder, did_document, now):
                return (
                    Check("signature", PASSED, "signature.holds", "The presentation answers the question."),
                    Check("holder", PASSED, "holder.controls_key", "The holder controls the key.", holder),
                )
            failure = Check("signature", FAILED, "signature.mismatch", "The presentation is not as signed.")
        except Ob3Error as error:
            outcome = COULD_NOT_CHECK if "unsupported" in error.code else FAILED
            failure = Check("signature", outcome, error.code, error.message)
    message = "It is not shown that the holder controls the key."
    return failure, Check("holder", COULD_NOT_CHECK, "holder.not_shown", message, holder)


def _holds(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    expected: Expected,
    holder: str,
    did_document: Mapping[str, Any],
    now: datetime,
) -> bool:
    options = read_options(proof, now, expected)
    if options.controller != holder:
        raise ProofError("proof.other_holder", "The key of the proof does not belong to the holder.")
    key = public_key(did_document, options.verification_method, now, expected.purpose)
    if key.kind != "Ed25519":
        raise ProofError("proof.unsupported_key", "The key is of a kind that this proof cannot use.")
    return signature_holds(document, proof, options, key.data)
