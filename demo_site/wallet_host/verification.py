"""What the wallet finds out about a badge by itself, with a library that the issuer's developers did not write.

``openbadgeslib`` (LGPL-3, from the Python package index) checks the Data Integrity proof, the dates, and the
status list: its proof, that its issuer is the badge's issuer, and the bit. Whether a badge is *invalid* is kept
apart from *could not be checked*: an unreachable status list says nothing about the badge.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3VerificationError,
    OpenBadgeCredential,
    check_credential_status,
    resolve_verification_method,
    verify_data_integrity_proof,
)

from .models import KeptBadge

__all__ = ["Finding", "check_badge", "look_again"]

_LIST_SECONDS = 5
_LIST_BYTES = 2_000_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Finding:
    """One look at a badge. ``signature`` is valid or invalid; ``status`` good, revoked, none or unknown."""

    signature: str
    status: str
    detail: str
    checked_at: str
    checked_by: str

    @property
    def verdict(self) -> str:
        """The one word the wallet shows: valid, revoked, invalid or unsure."""
        if self.signature != "valid":
            return "invalid"
        return {"good": "valid", "none": "valid", "revoked": "revoked"}.get(self.status, "unsure")


class _NoRedirect(HTTPRedirectHandler):
    """A status list that moves is not followed: the address is part of what was signed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def download(url: str) -> bytes:
    """Fetch a status list: https, or http from this very machine, within a few seconds and two megabytes."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("a status list has to be served over https")
    request = Request(url, headers={"Accept": "application/json"})
    with build_opener(_NoRedirect).open(request, timeout=_LIST_SECONDS) as answer:
        body: bytes = answer.read(_LIST_BYTES + 1)
    if len(body) > _LIST_BYTES:
        raise ValueError("the status list is too large")
    return body


def check_badge(document: bytes, *, now: datetime, fetch: Callable[[str], bytes] = download) -> Finding:
    """Check signature, dates and status of one badge."""
    by = f"openbadgeslib {version('openbadgeslib')}"
    try:
        credential = OB3LdpVerifier().verify(document)
    except OB3VerificationError as error:
        return Finding("invalid", "unknown", str(error), now.isoformat(), by)
    status, detail = _check_status(credential, fetch)
    return Finding("valid", status, detail, now.isoformat(), by)


def _check_status(credential: OpenBadgeCredential, fetch: Callable[[str], bytes]) -> tuple[str, str]:
    """The state of every status entry. Lists are fetched once, and judged only after their own proof held."""
    if not credential.credential_status:
        return "none", ""
    try:
        lists = {
            str(entry.get("statusListCredential")): fetch(str(entry.get("statusListCredential")))
            for entry in credential.credential_status
        }
    except (URLError, OSError, ValueError) as error:
        return "unknown", f"The status list could not be read: {error}"
    try:
        for url, raw in lists.items():
            _check_list_proof(url, raw, credential.issuer.id)
        check_credential_status(credential, download=lists.__getitem__)
    except OB3VerificationError as error:
        # The library words a set bit this way; everything else it raises is a list that proves nothing.
        if "is set at index" in str(error):
            return "revoked", str(error)
        return "unknown", str(error)
    return "good", ""


def _check_list_proof(url: str, raw: bytes, badge_issuer: str) -> None:
    """A list says something about a badge only when the badge's issuer signed it."""
    try:
        document = json.loads(raw)
        issuer = document["issuer"]
        proof = document["proof"]
        method = (proof[0] if isinstance(proof, list) else proof)["verificationMethod"]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise OB3VerificationError(f"status list {url} is not a signed credential") from error
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    if issuer_id != badge_issuer or str(method).partition("#")[0] != badge_issuer:
        raise OB3VerificationError(f"status list {url} is not signed by the badge's issuer")
    verify_data_integrity_proof(document, resolve_verification_method(str(method)))


def look_again(badge: KeptBadge, *, now: datetime) -> Finding:
    """Check a kept badge afresh and remember what was found."""
    finding = check_badge(bytes(badge.document), now=now)
    KeptBadge.objects.filter(pk=badge.pk).update(finding=asdict(finding))
    badge.finding = asdict(finding)
    return finding
