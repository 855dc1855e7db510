"""Requests to vendors, through the outbound guard: what can be issued, issue, revoke. Touches no table.

The key goes to the account's own origin and nowhere else: a next page on another host is not asked for. A vendor's
interface makes a new badge of every request, so whenever an earlier answer may have been lost it is asked first what
this person has of this template; what this site knows as issued for another award is not taken for it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.utils.translation import gettext as _

from ..delivery.errors import AnswerUnusable, DeliveryError
from ..delivery.outbound_guard import GuardedResponse, OutboundGuard
from ..delivery.plain_text import clean_line
from ..delivery.push import Outcome, outcome_of_error
from ..delivery.retry import parse_retry_after
from .dialect import Access, Dialect, Order, Request, Template, as_mapping
from .errors import VendorUnreachable

__all__ = ["Answer", "Tokens", "issue", "list_templates", "revoke"]

MAX_PAGES = 40
MAX_TEMPLATES = 2_000
_SUCCESS = (200, 201, 202, 204)


@dataclass(frozen=True)
class Answer:
    """What a request came to, and the vendor's name for what was issued."""

    outcome: Outcome
    external_key: str = ""


class Tokens:
    """Tokens that were exchanged for keys, in memory and for one worker; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[str, datetime]] = {}

    def of(self, access: Access, *, now: datetime, guard: OutboundGuard) -> str:
        """A token that is good now. Raises :class:`_KeyRefused` when the vendor does not know the key."""
        place = access.base_url, access.key
        with self._lock:
            token, until = self._known.get(place, ("", now))
            if token and until > now:
                return token
            token, seconds = _exchange(access, guard)
            self._known[place] = token, now + timedelta(seconds=max(0, seconds - 60))
            return token

    def forget(self, access: Access) -> None:
        """The token was refused."""
        with self._lock:
            self._known.pop((access.base_url, access.key), None)


class _KeyRefused(Exception):
    """The vendor did not accept the key."""


def list_templates(
    dialect: Dialect, access: Access, *, now: datetime, guard: OutboundGuard, tokens: Tokens | None = None
) -> tuple[Template, ...]:
    """Everything that can be issued; raises :class:`VendorUnreachable` in words for whoever asked."""
    tokens = tokens or Tokens()
    request = dialect.templates(access)
    found: dict[str, Template] = {}
    asked: set[str] = set()
    for _page in range(MAX_PAGES):
        asked.add(request.path)
        page = _page_of(dialect, access, request, now=now, guard=guard, tokens=tokens)
        templates, following = dialect.read_templates(page)
        for one in templates:
            if one.key and len(one.key) <= 100:
                found[one.key] = Template(one.key, clean_line(one.name, limit=200) or one.key)
        if not following or following in asked or len(found) > MAX_TEMPLATES:
            break
        request = Request("GET", following)
    return tuple(list(found.values())[:MAX_TEMPLATES])


def _page_of(
    dialect: Dialect, access: Access, request: Request, *, now: datetime, guard: OutboundGuard, tokens: Tokens
) -> Any:
    try:
        response = _ask(dialect, access, request, now=now, guard=guard, tokens=tokens)
    except _KeyRefused:
        raise VendorUnreachable(_("The vendor did not accept the key.")) from None
    except DeliveryError as error:
        raise VendorUnreachable(str(error)) from error
    if response.status in (401, 403):
        raise VendorUnreachable(_("The vendor did not accept the key."))
    page = _json(response)
    if response.status != 200 or not isinstance(page, dict):
        said = clean_line(dialect.words(page), limit=200, secrets=(access.key,))
        raise VendorUnreachable(
            _("The vendor answered with error {status}. {said}")
            .format(status=response.status, said=said)
            .strip()
        )
    return page


def issue(
    dialect: Dialect,
    access: Access,
    order: Order,
    *,
    look_first: bool,
    taken: Collection[str],
    now: datetime,
    guard: OutboundGuard,
    tokens: Tokens,
) -> Answer:
    """Issue *order*; with *look_first*, only if the vendor has nothing for it that is not *taken* by another award."""
    try:
        if look_first:
            found = _look(dialect, access, order, taken, now=now, guard=guard, tokens=tokens)
            if found is not None:
                return found
        response = _ask(dialect, access, dialect.issue(access, order), now=now, guard=guard, tokens=tokens)
    except _KeyRefused:
        return Answer(Outcome("reconnect", "key_refused", 401))
    except DeliveryError as error:
        return Answer(outcome_of_error(error))
    if response.status == 404:
        return Answer(Outcome("dead", "template_missing", 404, _words(dialect, access, order, response)))
    if response.status in _SUCCESS:
        key = dialect.read_issued(_json(response))[:200]
        if key:
            return Answer(Outcome("delivered", "issued", response.status), key)
        return Answer(Outcome("retry", "not_confirmed", response.status))
    return Answer(_failure(dialect, access, order, response, now))


def _look(
    dialect: Dialect,
    access: Access,
    order: Order,
    taken: Collection[str],
    *,
    now: datetime,
    guard: OutboundGuard,
    tokens: Tokens,
) -> Answer | None:
    """What is there already, or why that cannot be seen; None: nothing is there."""
    response = _ask(dialect, access, dialect.find(access, order), now=now, guard=guard, tokens=tokens)
    if response.status == 404:
        return None
    if response.status != 200:
        return Answer(_failure(dialect, access, order, response, now))
    page = _json(response)
    if not isinstance(page, dict):
        return Answer(Outcome("retry", "answer_unusable", 200))
    for key in dialect.read_found(page, order):
        if key and key not in taken:
            return Answer(Outcome("delivered", "already_issued", 200), key[:200])
    return None


def revoke(
    dialect: Dialect,
    access: Access,
    order: Order,
    *,
    reason: str,
    taken: Collection[str],
    now: datetime,
    guard: OutboundGuard,
    tokens: Tokens,
) -> Answer:
    """Take back what was issued; what is not there any more counts as taken back."""
    try:
        if not order.external_key:
            found = _look(dialect, access, order, taken, now=now, guard=guard, tokens=tokens)
            if found is None:
                return Answer(Outcome("delivered", "nothing_there"))
            if not found.external_key:
                return found
            order = replace(order, external_key=found.external_key)
        request = dialect.revoke(access, order, reason=reason, now=now)
        response = _ask(dialect, access, request, now=now, guard=guard, tokens=tokens)
    except _KeyRefused:
        return Answer(Outcome("reconnect", "key_refused", 401))
    except DeliveryError as error:
        return Answer(outcome_of_error(error))
    if response.status in _SUCCESS:
        return Answer(Outcome("delivered", "revoked_there", response.status), order.external_key)
    if response.status in (404, 410):
        return Answer(Outcome("delivered", "nothing_there", response.status), order.external_key)
    return Answer(_failure(dialect, access, order, response, now))


def _failure(
    dialect: Dialect, access: Access, order: Order, response: GuardedResponse, now: datetime
) -> Outcome:
    status = response.status
    if status in (401, 403):
        return Outcome("reconnect", "key_refused", status)
    said = _words(dialect, access, order, response)
    if status in (408, 425, 429) or status >= 500:
        wish = parse_retry_after(response.headers.get("retry-after", ""), now=now)
        return Outcome("retry", "too_busy" if status == 429 else "host_problem", status, said, wish)
    if 200 <= status < 400:
        return Outcome("retry", "not_confirmed", status)
    return Outcome("dead", "refused", status, said)


def _words(dialect: Dialect, access: Access, order: Order, response: GuardedResponse) -> str:
    """The vendor's words without what they may repeat of the request."""
    secrets = (access.key, order.email, order.name)
    return clean_line(dialect.words(_json(response)), limit=300, secrets=secrets)


def _ask(
    dialect: Dialect, access: Access, request: Request, *, now: datetime, guard: OutboundGuard, tokens: Tokens
) -> GuardedResponse:
    base = access.base_url.rstrip("/") + "/"
    url = urljoin(base, request.path)
    if urlsplit(url)[:2] != urlsplit(base)[:2]:
        raise AnswerUnusable(_("The vendor sends on to another host. The key was not sent there."))
    response = _send(dialect, access, request, url, now=now, guard=guard, tokens=tokens)
    if response.status == 401 and dialect.own_token:
        tokens.forget(access)  # a token may end before its time
        response = _send(dialect, access, request, url, now=now, guard=guard, tokens=tokens)
    return response


def _send(
    dialect: Dialect,
    access: Access,
    request: Request,
    url: str,
    *,
    now: datetime,
    guard: OutboundGuard,
    tokens: Tokens,
) -> GuardedResponse:
    key = tokens.of(access, now=now, guard=guard) if dialect.own_token else access.key
    headers = {"Authorization": dialect.authorisation(key), "Accept": "application/json"}
    body = None
    if request.body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(request.body, ensure_ascii=False).encode()
    return guard.request(request.method, url, headers=headers, body=body)


def _exchange(access: Access, guard: OutboundGuard) -> tuple[str, int]:
    """A token for a service account's address and password, and for how many seconds it is good."""
    username, _colon, password = access.key.partition(":")
    form = {"grant_type": "password", "username": username, "password": password, "scope": "rw:issuer"}
    response = guard.request(
        "POST",
        access.base_url.rstrip("/") + "/o/token",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        body=urlencode(form).encode(),
    )
    if response.status in (400, 401, 403):
        raise _KeyRefused
    found = as_mapping(response.json()) if response.status == 200 else {}
    token, seconds = found.get("access_token"), found.get("expires_in")
    if not isinstance(token, str) or not token:
        raise AnswerUnusable(_("The vendor gave no token for the key."))
    return token, seconds if isinstance(seconds, int) and not isinstance(seconds, bool) else 3600


def _json(response: GuardedResponse) -> Any:
    try:
        return response.json()
    except DeliveryError:
        return None
