"""Whether a credential is revoked or suspended, read from a status list that is itself verified first.

A list that cannot be fetched, is not signed by the badge's own issuer, is out of date or too short says
nothing: the answer is then "could not check", never "not revoked". `verify` asks here only for credentials
whose issuer is certain, so that nobody makes a server fetch in another's name; whoever signs with a key of
their own still chooses the address, which is why the fetcher needs a guard.

Bitstring Status List 1.0 section 3.2 (validate algorithm).
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from microcred_app.ob3.attribution import Resolver, attribute
from microcred_app.ob3.data_integrity import CLOCK_SKEW
from microcred_app.ob3.errors import Ob3Error, StatusListError
from microcred_app.ob3.json_input import Limits, parse_json
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check
from microcred_app.ob3.status_list import decode
from microcred_app.ob3.structure import OBJECT, has_type, issuer_id, require_credential
from microcred_app.ob3.timestamps import parse_time

__all__ = ["Fetcher", "check_status"]

Fetcher = Callable[[str], bytes]

MAX_ENTRIES = 4
_LIST_LIMITS = Limits(max_bytes=24_000_000, max_depth=10, max_values=500)
_REVOCATION_LIMITS = Limits(max_bytes=24_000_000, max_depth=10, max_values=500_000, max_items=100_000)
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_RANK = {FAILED: 0, COULD_NOT_CHECK: 1, PASSED: 2}
_MEANING = {
    "revocation": ("status.revoked", "The issuer has revoked the credential."),
    "suspension": ("status.suspended", "The issuer has suspended the credential."),
}


def check_status(
    document: Mapping[str, Any], fetch: Fetcher | None, resolve_did: Resolver | None, now: datetime
) -> Check:
    """Return what the status entries of *document* say; the worst of several counts."""
    if "credentialStatus" not in document:
        return Check(
            "status", PASSED, "status.none", "The credential has no status entry: it cannot be revoked."
        )
    status = document["credentialStatus"]
    entries = status if isinstance(status, list) else [status]
    if not entries or len(entries) > MAX_ENTRIES or not all(isinstance(entry, OBJECT) for entry in entries):
        return _unknown("status.malformed", "The status entry of the credential cannot be read.")
    checks = [_check_entry(document, entry, fetch, resolve_did, now) for entry in entries]
    return checks[0] if len(checks) == 1 else min(checks, key=lambda check: _RANK[check.outcome])


def _check_entry(
    document: Mapping[str, Any],
    entry: Mapping[str, Any],
    fetch: Fetcher | None,
    resolve_did: Resolver | None,
    now: datetime,
) -> Check:
    if has_type(entry, "1EdTechRevocationList"):
        return _check_revocation_list(document, entry, fetch)
    if not has_type(entry, "BitstringStatusListEntry"):
        return _unknown("status.unsupported_type", "The status entry is of a kind that is not supported.")
    if entry.get("statusSize", 1) != 1:
        return _unknown("status.unsupported_size", "Status entries of several bits are not supported.")
    url, index, purpose = (entry.get(n) for n in ("statusListCredential", "statusListIndex", "statusPurpose"))
    if not (isinstance(url, str) and isinstance(purpose, str) and isinstance(index, str)):
        return _unknown("status.malformed", "The status entry of the credential cannot be read.")
    if not _INDEX.fullmatch(index):
        return _unknown(
            "status.malformed", "The status entry of the credential names no position.", index[:40]
        )
    if fetch is None:
        return _unknown("status.not_fetched", "The status list was not looked up.", url[:300])
    try:
        data = fetch(url)
    except Exception as error:  # noqa: BLE001 - the caller's fetcher; whatever it raises means "not fetched"
        return _unknown("status.not_fetched", "The status list could not be fetched.", str(error)[:300])
    try:
        is_set = _read_list(data, url, issuer_id(document), purpose, int(index), resolve_did, now)
    except Ob3Error as error:
        return _unknown(error.code, "The status list cannot be relied on.", error.message[:300])
    return _conclude(purpose, is_set)


def _check_revocation_list(
    document: Mapping[str, Any], entry: Mapping[str, Any], fetch: Fetcher | None
) -> Check:
    """Read a list of revoked ids (1EdTech Verifiable Credentials Revocation List 1.0).

    It is not signed: it is worth as much as the way it was fetched.
    """
    url = entry.get("id")
    if not isinstance(url, str):
        return _unknown("status.malformed", "The status entry of the credential cannot be read.")
    if fetch is None:
        return _unknown("status.not_fetched", "The revocation list was not looked up.", url[:300])
    try:
        data = fetch(url)
    except Exception as error:  # noqa: BLE001 - the caller's fetcher; whatever it raises means "not fetched"
        return _unknown("status.not_fetched", "The revocation list could not be fetched.", str(error)[:300])
    try:
        revoked = _revoked_ids(parse_json(data, _REVOCATION_LIMITS), url, issuer_id(document))
    except Ob3Error as error:
        return _unknown(error.code, "The revocation list cannot be relied on.", error.message[:300])
    return _conclude("revocation", document.get("id") in revoked)


def _revoked_ids(value: Any, url: str, issuer: str) -> set[Any]:
    listed = value.get("revokedCredential", []) if isinstance(value, Mapping) else None
    if not isinstance(listed, list) or value.get("id") != url or issuer_id(value) != issuer:
        raise StatusListError("status_list.structure", "The document is not this issuer's revocation list.")
    if not all(isinstance(entry, Mapping) for entry in listed):
        raise StatusListError("status_list.structure", "The revocation list cannot be read.")
    return {
        entry.get("id")
        for entry in listed
        if entry.get("revoked", True) is not False and isinstance(entry.get("id"), str)
    }


def _conclude(purpose: str, is_set: bool) -> Check:
    if not is_set:
        return Check("status", PASSED, "status.clear", "The issuer has not revoked the credential.")
    if purpose in _MEANING:
        reason, message = _MEANING[purpose]
        return Check("status", FAILED, reason, message)
    if purpose in ("refresh", "message"):
        return Check("status", PASSED, f"status.{purpose}", "The issuer has news about the credential.")
    return _unknown(
        "status.unsupported_purpose", "The purpose of the status entry is not known.", purpose[:80]
    )


def _read_list(
    data: bytes,
    url: str,
    issuer: str,
    purpose: str,
    index: int,
    resolve_did: Resolver | None,
    now: datetime,
) -> bool:
    document = parse_json(data, _LIST_LIMITS)
    if not isinstance(document, Mapping):
        raise StatusListError("status_list.structure", "The status list is not a JSON object.")
    require_credential(document)
    if not has_type(document, "BitstringStatusListCredential") or document["id"] != url:
        raise StatusListError(
            "status_list.structure", "The document is not the status list that was asked for."
        )
    if issuer_id(document) != issuer:
        raise StatusListError("status_list.other_issuer", "The status list is signed by another issuer.")
    if not _in_force(document, now):
        raise StatusListError("status_list.out_of_date", "The status list is not valid at this time.")
    attribution = attribute(document, resolve_did, now)
    if not attribution.certain:
        raise StatusListError(
            "status_list.signature", f"{attribution.signature.message} {attribution.key_ownership.message}"
        )
    subject = document["credentialSubject"]
    purposes = subject.get("statusPurpose")
    if not has_type(subject, "BitstringStatusList"):
        raise StatusListError("status_list.structure", "The document carries no status list.")
    if purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise StatusListError("status_list.purpose", f"The status list is not about {purpose[:40]}.")
    return decode(subject.get("encodedList", "")).get(index)


def _in_force(document: Mapping[str, Any], now: datetime) -> bool:
    if parse_time("validFrom", document["validFrom"]) > now + CLOCK_SKEW:
        return False
    return "validUntil" not in document or parse_time("validUntil", document["validUntil"]) > now


def _unknown(reason: str, message: str, detail: str = "") -> Check:
    return Check("status", COULD_NOT_CHECK, reason, message, detail)
