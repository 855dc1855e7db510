"""`verify` answers for any bytes a stranger hands in, within bounds, and never claims more than it has checked.

It fetches nothing itself: who looks up DIDs and status lists, with which guard against addresses a stranger
chose, is decided by the caller. It knows no clock either: *now* is an argument, so that a report can be made
for any moment.

Open Badges 3.0 "Verification and Validation"; VC Data Integrity 1.0 section 4.2.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from microcred_app.ob3.attribution import Resolver, attribute
from microcred_app.ob3.data_integrity import CLOCK_SKEW
from microcred_app.ob3.errors import DocumentError, InputError, ProofError
from microcred_app.ob3.evidence_files import EvidenceFile, check_evidence
from microcred_app.ob3.json_input import Limits, check_text
from microcred_app.ob3.judgement import Lookups
from microcred_app.ob3.jwt_attribution import attribute_token
from microcred_app.ob3.jwt_credential import (
    JwtCredential,
    is_compact_jws,
    read_enveloped,
    read_jwt,
    require_today,
)
from microcred_app.ob3.nested import check_inside, has_inside
from microcred_app.ob3.reading import reader
from microcred_app.ob3.refresh import check_refresh
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, INFORMS, PASSED, Check, Report
from microcred_app.ob3.revocation import Fetcher, check_status
from microcred_app.ob3.schema import Validator, check_schema
from microcred_app.ob3.secured_text import SecuredText
from microcred_app.ob3.structure import (
    has_type,
    require_achievement_credential,
    require_clr_credential,
    require_endorsement_credential,
)
from microcred_app.ob3.timestamps import parse_time
from microcred_app.ob3.vcdm_1 import require_older, unknown_contexts

__all__ = ["CHECKS", "EvidenceFile", "verify"]

CHECKS = ("structure", "contexts", "signature", "key_ownership", "issuer", "validity_period", "status")

_LIMITS = Limits()
_COMPLETE = Check("structure", PASSED, "structure.complete", "The document is an Open Badges 3.0 credential.")
_KNOWN = Check(
    "contexts", PASSED, "contexts.known", "Every term is defined by a known, unchanged publication."
)
_OLDER = Check(
    "data_model",
    PASSED,
    "data_model.older",
    "It is a token of the older data model (VCDM 1.1), as some wallets keep it.",
    bearing=INFORMS,
)
_CURRENT = Check("validity_period", PASSED, "validity.current", "The credential is valid at this time.")


def verify(
    data: bytes | str,
    *,
    now: datetime,
    resolve_did: Resolver | None = None,
    fetch_status_list: Fetcher | None = None,
    evidence: Sequence[EvidenceFile] | None = None,
    fetch_newest: Fetcher | None = None,
    limits: Limits | None = None,
    schemas: Mapping[str, Validator] | None = None,
) -> Report:
    """Return the report on the credential in *data* at the moment *now*.

    *resolve_did* returns the DID document of an identifier, *fetch_status_list* the bytes published at an
    address; either may raise, which reads as "could not check". Files in *evidence* are compared with the
    digests the credential carries; without it no evidence check is made. Each credential inside (endorsements, the
    badges of a learner record) and a refresh service (*fetch_newest* returns what it publishes) adds a check when
    it is there; endorsements and the refresh service inform, all others decide (`report`). *schemas*, for example
    `schema.bundled_validators()`, asks for the published schema as well. Raises `InputError` only for a *now*
    without time zone.
    """
    if now.tzinfo is None:
        raise InputError("input.now", "Give the moment with its time zone.")
    try:
        secured = _read(data, limits)
    except (InputError, ProofError) as error:
        return _unreadable(error, evidence)
    document = secured.document
    attribution = (
        attribute_token(secured.token, resolve_did, now)
        if secured.token
        else attribute(document, resolve_did, now, secured.text.hash_data)
    )
    if attribution.certain:
        status = check_status(document, fetch_status_list, resolve_did, now)
    else:
        message = (
            "The status was not looked up because it is not certain that the issuer made the credential."
        )
        status = Check("status", COULD_NOT_CHECK, "status.not_looked_up", message)
    older = secured.token.older if secured.token else None
    checks = [
        _check_structure(document, older, secured.text.may_repeat_itself),
        _check_contexts(document if older is None else older),
        attribution.signature,
        attribution.key_ownership,
        attribution.issuer,
        _check_validity(document, now),
        status,
    ]
    if older is not None:
        checks.append(_OLDER)
    if schemas is not None or "credentialSchema" in document:
        checks += check_schema(document if older is None else older, schemas)
    if evidence is not None:
        checks.append(check_evidence(document, evidence))
    if has_inside(document) or "refreshService" in document:
        lookups = Lookups(now, resolve_did, fetch_status_list)
        checks += check_inside(document, lookups)
        checks += check_refresh(document, fetch_newest, lookups, certain=attribution.certain)
    return Report(tuple(checks))


class _Secured(NamedTuple):
    """What was handed in: a credential, and the token it came in or the text with its proofs."""

    document: Mapping[str, Any]
    text: SecuredText
    token: JwtCredential | None = None


def _read(data: bytes | str, limits: Limits | None) -> _Secured:
    raw = check_text(data, limits or _LIMITS)
    if is_compact_jws(raw):
        return _read_token(raw, limits)
    text = reader().read(raw, limits)
    if not isinstance(text.value, dict):
        raise InputError("input.not_an_object", "The document is not a JSON object.")
    token = read_enveloped(text.value)
    return _Secured(text.value, text) if token is None else _enveloped(_read_token(token, limits))


def _read_token(raw: bytes, limits: Limits | None) -> _Secured:
    token = read_jwt(raw, reader(), limits)
    return _Secured(token.document, SecuredText(token.document), token)


def _enveloped(secured: _Secured) -> _Secured:
    if secured.token is not None:
        require_today(secured.token)
    return secured


def _unreadable(error: InputError | ProofError, evidence: Sequence[EvidenceFile] | None) -> Report:
    beyond_us = error.code.startswith("input.too_") or "unsupported" in error.code
    outcome = COULD_NOT_CHECK if beyond_us else FAILED
    codes = [*CHECKS[1:], "evidence"] if evidence is not None else CHECKS[1:]
    message = "Not looked at, because the document could not be read."
    return Report(
        (
            Check("structure", outcome, error.code, error.message),
            *(Check(code, COULD_NOT_CHECK, f"{code}.unread", message) for code in codes),
        )
    )


def _check_structure(
    document: Mapping[str, Any], older: Mapping[str, Any] | None, may_repeat_itself: bool
) -> Check:
    try:
        if older is not None:
            require_older(older)
        if has_type(document, "ClrCredential"):
            require_clr_credential(document)
        elif has_type(document, "EndorsementCredential"):
            require_endorsement_credential(document)
        else:
            require_achievement_credential(document, may_repeat_itself=may_repeat_itself)
    except DocumentError as error:
        message = "The document is not a complete Open Badges 3.0 credential."
        return Check("structure", FAILED, "structure.incomplete", message, error.message)
    return _COMPLETE


def _check_contexts(document: Mapping[str, Any]) -> Check:
    unknown = unknown_contexts(document)
    if unknown:
        message = "The credential uses definitions of terms that are not known here."
        return Check("contexts", COULD_NOT_CHECK, "contexts.unknown", message, str(unknown[0])[:300])
    return _KNOWN


def _check_validity(document: Mapping[str, Any], now: datetime) -> Check:
    try:
        start = parse_time("validFrom", document.get("validFrom"))
        end = parse_time("validUntil", document["validUntil"]) if "validUntil" in document else None
    except DocumentError as error:
        message = "The period in which the credential is valid cannot be read."
        return Check("validity_period", FAILED, "validity.unreadable", message, error.message)
    if start > now + CLOCK_SKEW:
        message = "The credential is not valid yet."
        return Check("validity_period", FAILED, "validity.not_yet", message, start.isoformat())
    if end is not None and end <= now:
        return Check(
            "validity_period", FAILED, "validity.expired", "The credential has expired.", end.isoformat()
        )
    return _CURRENT
