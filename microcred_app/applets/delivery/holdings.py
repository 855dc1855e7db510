"""Reads which of this issuer's credentials a wallet holds: ``getCredentials`` of the Open Badges 3.0 API, page by page.

A wallet holds other people's badges too, and they are no business of ours: of each entry only its identity is looked
at, and what is not asked for is forgotten at once. A host is not believed further than it must be: pages, bytes and
time are bounded, and an answer that goes in circles ends the reading. Then ``complete`` is false, and nothing may be
concluded from what was not seen.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from .discovery import API_PATH
from .errors import DeliveryError
from .outbound_guard import GuardedResponse, OutboundGuard

__all__ = ["Holdings", "identity_of", "read_holdings"]

PAGE = 100
MAX_PAGES = 100
#: Signed documents carry pictures; a page of them may be long.
MAX_PAGE_BYTES = 8_000_000
MAX_SECONDS = 60.0

Identity = tuple[str, str]


@dataclass(frozen=True)
class Holdings:
    """Which of the wanted identities a wallet holds; ``problem`` says why the reading ended early, as a code."""

    held: frozenset[Identity]
    complete: bool
    problem: str = ""


def read_holdings(
    base_url: str,
    access_token: str,
    wanted: Collection[Identity],
    *,
    guard: OutboundGuard,
    seconds: float = MAX_SECONDS,
) -> Holdings:
    """Look for *wanted* until all are found or the wallet is read; every way it can end is an answer."""
    guard = replace(
        guard, max_bytes=max(guard.max_bytes, MAX_PAGE_BYTES), seconds=min(guard.seconds, seconds)
    )
    missing, held, seen = set(wanted), set[Identity](), 0
    until = time.monotonic() + seconds
    first_of_page: set[Identity] = set()
    for _page in range(MAX_PAGES):
        if time.monotonic() > until:
            return Holdings(frozenset(held), False, "host_unreachable")
        query = urlencode({"limit": PAGE, "offset": seen})
        try:
            answer = guard.request(
                "GET",
                f"{base_url}{API_PATH}/credentials?{query}",
                headers={"Authorization": f"Bearer {access_token}", "Accept": "application/json"},
            )
        except DeliveryError as error:
            return Holdings(frozenset(held), False, error.code)
        problem = _problem(answer)
        entries = [] if problem else list(_identities(answer.body))
        if problem:
            return Holdings(frozenset(held), False, problem)
        found = missing & {identity for identity in entries if identity is not None}
        held |= found
        missing -= found
        seen += len(entries)
        if not missing:
            return Holdings(frozenset(held), True)
        if not entries or _is_last(answer, seen, len(entries)):
            # An entry that cannot be read may be the one that is looked for.
            return Holdings(
                frozenset(held), None not in entries, "" if None not in entries else "answer_unusable"
            )
        named = next((identity for identity in entries if identity is not None), None)
        if named is not None and named in first_of_page:
            return Holdings(frozenset(held), False, "answer_unusable")  # the same page again
        if named is not None:
            first_of_page.add(named)
    return Holdings(frozenset(held), False, "too_many")


def identity_of(document: object) -> Identity | None:
    """By what Open Badges 3.0 compares credentials: issuer and id; None when it has none."""
    if not isinstance(document, dict):
        return None
    issuer = document.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    key = document.get("id")
    if not isinstance(issuer_id, str) or not isinstance(key, str):
        return None
    return issuer_id, key


def _problem(answer: GuardedResponse) -> str:
    if answer.status == 200:
        return ""
    if answer.status == 401:
        return "needs_reconnect"
    if answer.status == 403:
        return "no_permission"
    if answer.status == 429:
        return "too_busy"
    return "host_problem" if answer.status >= 500 else "refused"


def _identities(body: bytes) -> Iterator[Identity | None]:
    """The identity of each entry of a page; None for one that cannot be read."""
    try:
        page: Any = json.loads(body)
    except (ValueError, RecursionError):
        page = None
    if not isinstance(page, dict):
        yield None
        return
    for entry in _listed(page.get("credential")):
        yield identity_of(entry)
    for entry in _listed(page.get("compactJwsString")):
        yield identity_of(_claims(entry))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _claims(token: object) -> object:
    """What a token says, unchecked: it is looked up here and not believed."""
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(claims, dict):
        return None
    inner = claims.get("vc")
    document = inner if isinstance(inner, dict) else claims
    return {"issuer": document.get("issuer", claims.get("iss")), "id": document.get("id", claims.get("jti"))}


def _is_last(answer: GuardedResponse, seen: int, on_page: int) -> bool:
    total = answer.headers.get("x-total-count", "")
    if total.isascii() and total.isdigit() and len(total) < 10:
        return seen >= int(total)
    return 'rel="next"' not in answer.headers.get("link", "") and on_page < PAGE
