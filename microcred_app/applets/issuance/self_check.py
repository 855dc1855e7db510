"""Nothing that was signed is stored before our own verifier has called it valid, on the bytes that will be served.

A signature can be perfect and the credential still worthless: a key that its issuer does not publish, a place in a
list that is revoked, a member no receiver accepts. A learner would find out first, in their wallet. So every
document is verified as a stranger would verify it. What the credentials of one transaction have in common is looked
at once: the identity behind the issuer, and each status list, whose own signature holds for all of them. A list that
this process has verified is not verified again as long as it is the same bytes under the same definitions. Signature,
structure, contexts, key, issuer, dates and the place in the list are checked for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from microcred_app.ob3 import status_list, verification
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.report import PASSED, Check, Report

from .addresses import list_url
from .errors import SelfCheckFailed
from .keys import resolve_as_of, resolve_issuer
from .places import Place

__all__ = ["SelfCheck"]


MAX_VERIFIED = 64
#: By list: the stamp and the bytes that were verified, the list's address, and its bits.
_verified: dict[UUID, tuple[str, bytes, str, status_list.StatusList]] = {}


class SelfCheck:
    """Verifies what one transaction signs; make one per transaction, because it remembers what it looked up."""

    def __init__(self, now: datetime, stamp: str = "") -> None:
        """With the *stamp* of the definitions, what was looked up under it before in this process is used again."""
        self._now = now
        self._stamp = stamp
        self._issuers: dict[str, Mapping[str, Any]] = {}
        self._lists: dict[UUID, tuple[str, status_list.StatusList]] = {}

    def require_valid(self, document: bytes, place: Place) -> None:
        """Raise :class:`SelfCheckFailed` unless *document*, which holds *place*, is valid."""
        known = self._lists.get(place.list_id) or self._verified_before(place)
        problems = (
            self._check(document, place.index, *known) if known else self._check_with_list(document, place)
        )
        if problems:
            raise SelfCheckFailed(f"The new credential does not verify: {'; '.join(problems)}")

    def _check_with_list(self, document: bytes, place: Place) -> list[str]:
        """Verify with the list as it is published, and keep its bits for the others."""
        url, published = list_url(place.list_id), place.published
        report = self._verify(document, {url: published})
        if report.verdict == "valid":
            bits = status_list.decode(parse_json(published)["credentialSubject"]["encodedList"])
            self._lists[place.list_id] = (url, bits)
            if self._stamp:
                if len(_verified) >= MAX_VERIFIED:
                    _verified.clear()
                _verified[place.list_id] = (self._stamp, published, url, bits)
        return [check.message for check in report.checks if check.outcome != PASSED]

    def _verified_before(self, place: Place) -> tuple[str, status_list.StatusList] | None:
        """The list's address and bits, if these very bytes of it were verified under the same definitions."""
        found = _verified.get(place.list_id)
        if not self._stamp or found is None or found[:2] != (self._stamp, place.published):
            return None
        self._lists[place.list_id] = known = found[2:]
        return known

    def _check(self, document: bytes, index: int, url: str, bits: status_list.StatusList) -> list[str]:
        """Verify with a list that is known to hold: only this credential's own place in it is looked at."""
        problems = [
            check.message
            for check in self._verify(document, None).checks
            if check.outcome != PASSED and not _is_only_unfetched(check, url)
        ]
        # The member as it is written in JSON: inside a text its quotation marks would be escaped.
        if b'"statusListIndex":"%d"' % index not in document:
            problems.append("It does not name its place in the status list.")
        if bits.get(index):
            problems.append("Its place in the status list says that it is revoked.")
        return problems

    def _verify(self, document: bytes, published: Mapping[str, bytes] | None) -> Report:
        return verification.verify(
            document,
            now=self._now,
            resolve_did=self._resolve,
            fetch_status_list=published.__getitem__ if published is not None else None,
        )

    def _resolve(self, did: str) -> Mapping[str, Any]:
        if did not in self._issuers:
            found = resolve_as_of(self._stamp, did) if self._stamp else resolve_issuer(did)
            self._issuers[did] = found
        return self._issuers[did]


def _is_only_unfetched(check: Check, url: str) -> bool:
    return (check.code, check.reason, check.detail) == ("status", "status.not_fetched", url)
