"""Credentials inside a credential are judged like any other: endorsements, and the badges of a learner record.

The signature of the outer document says only that its issuer put them there. Whether the endorser signed the
endorsement, and vouched for this badge and not another, is a question of its own. One level is looked at, and a
bounded number: what an endorsement itself contains is not followed.

Open Badges 3.0 "Verification" step 6; CLR 2.0 "Verification".
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from microcred_app.ob3.attribution import Resolver, attribute
from microcred_app.ob3.data_integrity import CLOCK_SKEW
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check
from microcred_app.ob3.revocation import Fetcher, check_status
from microcred_app.ob3.structure import (
    OBJECT,
    has_type,
    issuer_id,
    require_achievement_credential,
    require_credential,
    require_endorsement_credential,
)
from microcred_app.ob3.timestamps import parse_time

__all__ = ["check_endorsements", "check_parts", "check_presented"]

MAX_ENDORSEMENTS = 10
MAX_PARTS = 50


def check_endorsements(
    document: Mapping[str, Any], resolve_did: Resolver | None, fetch: Fetcher | None, now: datetime
) -> Check | None:
    """Return what the endorsements in *document* are worth, or None when there are none."""
    found, endorsed = _endorsements(document)
    if not found:
        return None

    def require(endorsement: Mapping[str, Any]) -> None:
        require_endorsement_credential(endorsement)
        if endorsement["credentialSubject"]["id"] not in endorsed:
            raise DocumentError("credentialSubject.id", "is not what the endorsement stands in.")

    return _check_all("endorsements", found, MAX_ENDORSEMENTS, require, resolve_did, fetch, now)


def check_parts(
    document: Mapping[str, Any], resolve_did: Resolver | None, fetch: Fetcher | None, now: datetime
) -> Check | None:
    """Return whether the credentials in a learner record hold, or None when *document* is none."""
    subject = document.get("credentialSubject")
    if not has_type(document, "ClrCredential") or not isinstance(subject, Mapping):
        return None
    found = _listed(subject.get("verifiableCredential"))
    return _check_all("parts", found, MAX_PARTS, require_achievement_credential, resolve_did, fetch, now)


def check_presented(
    document: Mapping[str, Any], resolve_did: Resolver | None, fetch: Fetcher | None, now: datetime
) -> Check | None:
    """Return whether the credentials in a presentation hold, or None when there are none."""
    found = _listed(document.get("verifiableCredential"))
    if not found:
        return None
    return _check_all("credentials", found, MAX_PARTS, require_credential, resolve_did, fetch, now)


def _endorsements(document: Mapping[str, Any]) -> tuple[list[Any], set[Any]]:
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, Mapping) else None
    found: list[Any] = []
    endorsed: set[Any] = set()
    places = (document, document.get("issuer"), achievement)
    for place in places:
        if isinstance(place, OBJECT) and "endorsement" in place:
            found += _listed(place.get("endorsement"))
    if found:
        endorsed.update(place["id"] for place in places if isinstance(place, OBJECT) and _named(place))
    return found, endorsed


def _named(place: Mapping[str, Any]) -> bool:
    return isinstance(place.get("id"), str)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _check_all(
    code: str,
    credentials: Sequence[Any],
    limit: int,
    require: Callable[[Mapping[str, Any]], None],
    resolve_did: Resolver | None,
    fetch: Fetcher | None,
    now: datetime,
) -> Check:
    if len(credentials) > limit:
        message = f"There are more than {limit} credentials inside; they were not looked at."
        return Check(code, COULD_NOT_CHECK, f"{code}.too_many", message)
    uncertain = ""
    for number, credential in enumerate(credentials, 1):
        outcome, problem = _judge(credential, require, resolve_did, fetch, now)
        if outcome == FAILED:
            message = "A credential inside this one does not hold."
            return Check(code, FAILED, f"{code}.invalid", message, f"{number}: {problem}"[:300])
        if outcome == COULD_NOT_CHECK:
            uncertain = uncertain or f"{number}: {problem}"
    if uncertain:
        message = "A credential inside this one could not be checked."
        return Check(code, COULD_NOT_CHECK, f"{code}.undetermined", message, uncertain[:300])
    return Check(
        code, PASSED, f"{code}.hold", "Every credential inside this one holds.", str(len(credentials))
    )


def _judge(
    credential: Any,
    require: Callable[[Mapping[str, Any]], None],
    resolve_did: Resolver | None,
    fetch: Fetcher | None,
    now: datetime,
) -> tuple[str, str]:
    if not isinstance(credential, Mapping):
        return COULD_NOT_CHECK, "credentials that are not JSON objects are not supported here"
    try:
        require(credential)
        if parse_time("validFrom", credential["validFrom"]) > now + CLOCK_SKEW:
            return FAILED, "not valid yet"
        if "validUntil" in credential and parse_time("validUntil", credential["validUntil"]) <= now:
            return FAILED, "expired"
    except DocumentError as error:
        return FAILED, error.message
    attribution = attribute(credential, resolve_did, now)
    checks = [attribution.signature, attribution.key_ownership, attribution.issuer]
    if attribution.certain:
        checks.append(check_status(credential, fetch, resolve_did, now))
    for outcome in (FAILED, COULD_NOT_CHECK):
        for check in checks:
            if check.outcome == outcome:
                return outcome, f"{issuer_id(credential)[:80]}: {check.message}"
    return PASSED, ""
