"""One answer to "does this hold?", for the verify page, the VC-API and whoever asks next.

What this site issued is judged from its own records. For what others issued two things may be missing, the issuer's
document and its status list; they are looked up only where the operator allows it, through the outbound guard, and
within a budget: a stranger chooses these addresses, and a report is owed in seconds. Whatever is not looked up is
reported as "could not check", never as passed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .applets.delivery import api as delivery
from .applets.issuance import api as issuance
from .conf import settings
from .ob3 import presentations, verification
from .ob3.dids import did_web, did_web_url
from .ob3.errors import DidError, Ob3Error, StatusListError
from .ob3.json_input import Limits, parse_json
from .ob3.report import Check, Report
from .ob3.revocation import check_status
from .ob3.schema import bundled_validators

__all__ = ["check_revocation", "verify_credential", "verify_presentation"]

MAX_LOOKUPS = 6
MAX_SECONDS = 8.0
MAX_DID_DOCUMENT = 200_000
MAX_STATUS_LIST = 2_000_000
_DID_LIMITS = Limits(max_bytes=MAX_DID_DOCUMENT, max_depth=12, max_values=2_000)


def verify_credential(data: bytes, *, now: datetime) -> Report:
    """The report on the credential in *data*; never raises for what is in it."""
    lookup = _Lookup(now)
    return verification.verify(
        data,
        now=now,
        resolve_did=lookup.issuer,
        fetch_status_list=lookup.status_list,
        schemas=bundled_validators(),
    )


def check_revocation(subject: Mapping[str, Any], *, now: datetime) -> Check:
    """What the issuer says today about a credential that was verified before.

    *subject* is its ``id``, ``issuer`` and ``credentialStatus``; never raises for what is in it or behind it.
    """
    lookup = _Lookup(now)
    return check_status(subject, lookup.status_list, lookup.issuer, now)


def verify_presentation(data: bytes, *, now: datetime, challenge: str, domain: str = "") -> Report:
    """The report on the presentation in *data*, which must answer *challenge*, and on the credentials in it."""
    lookup = _Lookup(now)
    return presentations.verify_presentation(
        data,
        now=now,
        challenge=challenge,
        domain=domain,
        resolve_did=lookup.issuer,
        fetch_status_list=lookup.status_list,
    )


class _Lookup:
    """What one verification may look up: own records freely, other people's addresses within the budget."""

    def __init__(self, now: datetime) -> None:
        configured = settings()
        self._online = configured.verify_online
        self._own_address = configured.public_base_url + "/"
        self._own_did = did_web(configured.public_base_url) if configured.has_public_https_address else ""
        self._left = MAX_LOOKUPS
        self._deadline = time.monotonic() + MAX_SECONDS
        self._found: dict[str, bytes] = {}
        self._now = now

    def issuer(self, did: str) -> Mapping[str, Any]:
        """The DID document of *did*."""
        try:
            return issuance.resolve_issuer(did)
        except Ob3Error:
            if not did.startswith("did:web:") or self._is_own(did):
                raise
        value = parse_json(self._fetch(did_web_url(did), MAX_DID_DOCUMENT), _DID_LIMITS)
        if not isinstance(value, dict):
            raise DidError("did.unusable", "The issuer's document is not a JSON object.")
        return value

    def status_list(self, url: str) -> bytes:
        """What is published at *url*."""
        if url.startswith(self._own_address):
            return issuance.status_document_at(url, now=self._now)
        return self._fetch(url, MAX_STATUS_LIST)

    def _is_own(self, did: str) -> bool:
        return bool(self._own_did) and (did == self._own_did or did.startswith(f"{self._own_did}:"))

    def _fetch(self, url: str, max_bytes: int) -> bytes:
        if not self._online:
            raise StatusListError("lookup.off", "This site does not look up what other issuers publish.")
        if url not in self._found:
            self._left -= 1
            seconds = self._deadline - time.monotonic()
            if self._left < 0 or seconds <= 0:
                raise StatusListError("lookup.budget", "Too much would have to be looked up for one report.")
            self._found[url] = delivery.read_address(url, seconds=seconds, max_bytes=max_bytes)
        return self._found[url]
