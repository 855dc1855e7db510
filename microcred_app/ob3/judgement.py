"""One credential inside another is judged by the same questions as one that is handed in; the worst answer counts.

Who asks says what the credential must be (*require*); everything else is the same for an endorsement, a badge in a
learner record and a credential in a presentation.

Open Badges 3.0 "EndorsementCredential Verification"; CLR 2.0 "Verification".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from microcred_app.ob3.attribution import Attribution, Resolver, attribute
from microcred_app.ob3.data_integrity import CLOCK_SKEW
from microcred_app.ob3.errors import DidError, DocumentError, StatusListError
from microcred_app.ob3.jwt_attribution import attribute_token
from microcred_app.ob3.reading import Inner
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check, Outcome
from microcred_app.ob3.revocation import Fetcher, check_status
from microcred_app.ob3.structure import issuer_id
from microcred_app.ob3.timestamps import parse_time
from microcred_app.ob3.vcdm_1 import require_older, unknown_contexts

__all__ = ["Lookups", "attribute_inner", "judge"]

MAX_ISSUERS = 20
MAX_LISTS = 8

Require = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Lookups:
    """How things are looked up for everything inside one document: each address once, and not arbitrarily many.

    Whoever writes the outer document chooses the addresses; without a bound one document would send its reader
    to a hundred hosts.
    """

    now: datetime
    resolver: Resolver | None = None
    fetcher: Fetcher | None = None
    _issuers: dict[str, Any] = field(default_factory=dict)
    _lists: dict[str, Any] = field(default_factory=dict)

    @property
    def resolve_did(self) -> Resolver | None:
        """Return the bounded way to look up DID documents."""
        return self._resolve if self.resolver else None

    @property
    def fetch(self) -> Fetcher | None:
        """Return the bounded way to fetch status lists."""
        return self._fetch if self.fetcher else None

    def _resolve(self, did: str) -> Mapping[str, Any]:
        if did not in self._issuers:
            if len(self._issuers) >= MAX_ISSUERS or self.resolver is None:
                raise DidError("did.too_many", f"More than {MAX_ISSUERS} issuers are not looked up.")
            self._issuers[did] = _ask(self.resolver, did)
        found: Mapping[str, Any] = _answer(self._issuers[did])
        return found

    def _fetch(self, url: str) -> bytes:
        if url not in self._lists:
            if len(self._lists) >= MAX_LISTS or self.fetcher is None:
                raise StatusListError(
                    "status_list.too_many", f"More than {MAX_LISTS} lists are not looked up."
                )
            self._lists[url] = _ask(self.fetcher, url)
        found: bytes = _answer(self._lists[url])
        return found


def attribute_inner(inner: Inner, lookups: Lookups) -> Attribution:
    """Return who signed *inner*."""
    if inner.token is not None:
        return attribute_token(inner.token, lookups.resolve_did, lookups.now)
    return attribute(inner.document, lookups.resolve_did, lookups.now)


def judge(inner: Inner, require: Require, lookups: Lookups) -> tuple[Outcome, str]:
    """Return whether *inner* holds, and if not, why: the first failure, else the first thing left open."""
    document, older = inner.document, inner.token.older if inner.token else None
    try:
        if older is not None:
            require_older(older)
        require(document)
        if parse_time("validFrom", document["validFrom"]) > lookups.now + CLOCK_SKEW:
            return FAILED, "not valid yet"
        if "validUntil" in document and parse_time("validUntil", document["validUntil"]) <= lookups.now:
            return FAILED, "expired"
    except DocumentError as error:
        return FAILED, error.message
    attribution = attribute_inner(inner, lookups)
    checks = [attribution.signature, attribution.key_ownership, attribution.issuer]
    if attribution.certain:
        checks.append(check_status(document, lookups.fetch, lookups.resolve_did, lookups.now))
    if unknown_contexts(document if older is None else older):
        checks.append(
            Check("contexts", COULD_NOT_CHECK, "contexts.unknown", "It uses terms that are not known here.")
        )
    return _worst(checks, issuer_id(document))


def _worst(checks: list[Check], issuer: str) -> tuple[Outcome, str]:
    for outcome in (FAILED, COULD_NOT_CHECK):
        for check in checks:
            if check.outcome == outcome:
                return outcome, f"{issuer[:80]}: {check.message}"
    return PASSED, ""


def _ask(ask: Callable[[str], Any], name: str) -> Any:
    try:
        return ask(name)
    except Exception as error:  # noqa: BLE001 - the caller's own; kept, so that nothing is asked twice
        return error


def _answer(found: Any) -> Any:
    if isinstance(found, Exception):
        raise found
    return found
