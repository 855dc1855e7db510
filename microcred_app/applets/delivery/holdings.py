"""Reads which of this issuer's credentials a wallet holds: ``getCredentials`` of the Open Badges 3.0 API, page by page.

A wallet holds other people's badges too, and they are no business of ours: of each entry only its identity is looked
at, and what is not asked for is forgotten at once. A host is not believed further than it must be: pages, bytes and
time are bounded, and an answer that goes in circles ends the reading. Then ``complete`` is false, and nothing may be
concluded from what was not seen.

A copy that is held may be another one than was sent last: of an edition before a renewal, or changed by the host. Its
*mark* tells: the moment from which it is valid and the values of its proofs. How a host writes JSON does not matter.

Badge Connect hosts (``getAssertions`` of Open Badges 2.1) are read the same way; an assertion is known by its address
and has no mark, because the address always tells the newest.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from .description import API_PATH
from .errors import DeliveryError
from .outbound_guard import GuardedResponse, OutboundGuard

__all__ = ["Holdings", "Identity", "Mark", "identity_of", "mark_of", "read_assertions", "read_holdings"]

PAGE = 100
MAX_PAGES = 100
#: Signed documents carry pictures; a page of them may be long.
MAX_PAGE_BYTES = 8_000_000
MAX_SECONDS = 60.0

Identity = tuple[str, str]
Mark = tuple[str, frozenset[str]]
#: What an entry of a page is: by what it is known, and its mark where it has one.
Entry = tuple[Identity, Mark | None]


@dataclass(frozen=True)
class Holdings:
    """Which of the wanted identities a wallet holds; ``problem`` says why the reading ended early, as a code.

    ``differing`` are those among them of which no copy has the wanted mark.
    """

    held: frozenset[Identity]
    complete: bool
    problem: str = ""
    differing: frozenset[Identity] = frozenset()


def read_holdings(
    base_url: str,
    access_token: str,
    wanted: Collection[Identity] | Mapping[Identity, Mark | None],
    *,
    guard: OutboundGuard,
    seconds: float = MAX_SECONDS,
) -> Holdings:
    """Look for *wanted* until all are found or the wallet is read; every way it can end is an answer.

    A mapping names for each the mark that its copy should have.
    """
    url = f"{base_url}{API_PATH}/credentials"
    return _read(url, access_token, wanted, _credentials, guard=guard, seconds=seconds)


def read_assertions(
    api_base: str,
    access_token: str,
    addresses: Collection[str],
    *,
    guard: OutboundGuard,
    seconds: float = MAX_SECONDS,
) -> Holdings:
    """The same of a Badge Connect host, for assertions by their addresses: each is held as ``("", address)``."""
    wanted = [("", address) for address in addresses]
    return _read(f"{api_base}/assertions", access_token, wanted, _assertions, guard=guard, seconds=seconds)


def _read(
    url: str,
    access_token: str,
    wanted: Collection[Identity] | Mapping[Identity, Mark | None],
    entries_of: Callable[[bytes], Iterator[Entry | None]],
    *,
    guard: OutboundGuard,
    seconds: float,
) -> Holdings:
    guard = replace(
        guard, max_bytes=max(guard.max_bytes, MAX_PAGE_BYTES), seconds=min(guard.seconds, seconds)
    )
    shelf = _Shelf(wanted)
    seen, until = 0, time.monotonic() + seconds
    first_of_page: set[Identity] = set()
    for _page in range(MAX_PAGES):
        if time.monotonic() > until:
            return shelf.told(complete=False, problem="host_unreachable")
        query = urlencode({"limit": PAGE, "offset": seen})
        try:
            answer = guard.request(
                "GET",
                f"{url}?{query}",
                headers={"Authorization": f"Bearer {access_token}", "Accept": "application/json"},
            )
        except DeliveryError as error:
            return shelf.told(complete=False, problem=error.code)
        problem = _problem(answer)
        if problem:
            return shelf.told(complete=False, problem=problem)
        entries = list(entries_of(answer.body))
        for entry in entries:
            shelf.take(entry)
        seen += len(entries)
        if shelf.is_full:
            return shelf.told(complete=True)
        if not entries or _is_last(answer, seen, len(entries)):
            # An entry that cannot be read may be the one that is looked for.
            readable = None not in entries
            return shelf.told(complete=readable, problem="" if readable else "answer_unusable")
        named = next((entry[0] for entry in entries if entry is not None), None)
        if named is not None and named in first_of_page:
            return shelf.told(complete=False, problem="answer_unusable")  # the same page again
        if named is not None:
            first_of_page.add(named)
    return shelf.told(complete=False, problem="too_many")


class _Shelf:
    """What was found so far of what is wanted."""

    def __init__(self, wanted: Collection[Identity] | Mapping[Identity, Mark | None]) -> None:
        self._wanted: Mapping[Identity, Mark | None] = (
            wanted if isinstance(wanted, Mapping) else dict.fromkeys(wanted)
        )
        self._held: set[Identity] = set()
        self._right: set[Identity] = set()

    def take(self, entry: Entry | None) -> None:
        """Note an entry of a page, if it is one of the wanted; a wallet may hold two copies, one of them right."""
        if entry is None or entry[0] not in self._wanted:
            return
        identity, mark = entry
        self._held.add(identity)
        if _agree(self._wanted[identity], mark):
            self._right.add(identity)

    @property
    def is_full(self) -> bool:
        """Whether everything was found as it should be."""
        return len(self._right) == len(self._wanted)

    def told(self, *, complete: bool, problem: str = "") -> Holdings:
        """What was found."""
        return Holdings(frozenset(self._held), complete, problem, frozenset(self._held - self._right))


def _agree(wanted: Mark | None, found: Mark | None) -> bool:
    """Whether a copy is the wanted one. Without proofs in the copy (a host that answers with tokens) dates decide."""
    if wanted is None or found is None:
        return True
    return wanted[0] == found[0] and (not found[1] or wanted[1] == found[1])


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


def mark_of(document: object) -> Mark | None:
    """By what two editions of one credential are told apart; None where there is nothing to tell by."""
    if not isinstance(document, dict) or not isinstance(document.get("validFrom"), str):
        return None
    values = [proof.get("proofValue") for proof in _listed(document.get("proof")) if isinstance(proof, dict)]
    return document["validFrom"], frozenset(value for value in values if isinstance(value, str))


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


def _credentials(body: bytes) -> Iterator[Entry | None]:
    """Identity and mark of each entry of a page; None for one that cannot be read."""
    page = _page_of(body)
    if page is None:
        yield None
        return
    tokens = (_claims(entry) for entry in _listed(page.get("compactJwsString")))
    for document in (*_listed(page.get("credential")), *tokens):
        identity = identity_of(document)
        yield None if identity is None else (identity, mark_of(document))


def _assertions(body: bytes) -> Iterator[Entry | None]:
    """The address of each assertion of a page, signed ones included: they are somebody else's, but are counted."""
    page = _page_of(body)
    if page is None:
        yield None
        return
    for entry in _listed(page.get("assertions")):
        address = entry.get("id") if isinstance(entry, dict) else entry
        yield (("", address), None) if isinstance(address, str) else None
    for entry in _listed(page.get("signedAssertions")):
        yield ("signed", str(entry)[-100:]), None


def _page_of(body: bytes) -> dict[str, Any] | None:
    try:
        page: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return page if isinstance(page, dict) else None


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
    return {
        "issuer": document.get("issuer", claims.get("iss")),
        "id": document.get("id", claims.get("jti")),
        "validFrom": document.get("validFrom"),
    }


def _is_last(answer: GuardedResponse, seen: int, on_page: int) -> bool:
    total = answer.headers.get("x-total-count", "")
    if total.isascii() and total.isdigit() and len(total) < 10:
        return seen >= int(total)
    return 'rel="next"' not in answer.headers.get("link", "") and on_page < PAGE
