"""Puts one credential into one wallet and says what came of it.

``upsertCredential`` of the Open Badges 3.0 API: ``POST /credentials`` with the exact bytes that were signed, as
``application/json`` (hosts answer 400 to the more specific media type). Never re-serialised: a changed byte is
a broken signature.

How answers are read:

* 200 and 201 must echo the credential (specification: "The response body MUST be the AchievementCredential in
  the request"). An answer without the echo is *not* taken for success, because that is also what a sign-in page
  or a captive portal looks like, and telling a learner "sent" would then be a lie. It is tried again, which does
  no harm as the host replaces equal credentials; if it stays so, the learner is told to look into the wallet.
* 304 says that the host has this very credential: sent.
* 401 asks for fresh tokens. 408, 425, 429, 5xx and silence are tried again.
* Everything else is final until the learner or an operator acts: 400, 403, 422 and their like carry a reason,
  and trying again would only repeat it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from .description import API_PATH
from .errors import AddressRefused, AnswerUnusable, DeliveryError, HostUnreachable
from .outbound_guard import GuardedResponse, OutboundGuard
from .plain_text import clean_line
from .retry import parse_retry_after

__all__ = ["Outcome", "push_document", "read_answer"]

_TRY_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Outcome:
    """What one try came to: where the row goes next, and why."""

    kind: Literal["delivered", "retry", "unauthorised", "reconnect", "dead"]
    code: str
    http_status: int | None = None
    detail: str = ""
    retry_after: float | None = None


def push_document(
    base_url: str, access_token: str, document: bytes, *, now: datetime, guard: OutboundGuard
) -> Outcome:
    """Send *document* once; every way it can end is an outcome, never an exception."""
    try:
        response = guard.request(
            "POST",
            f"{base_url}{API_PATH}/credentials",
            headers={
                "Authorization": f"Bearer {access_token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
            body=document,
        )
    except DeliveryError as error:
        return outcome_of_error(error)
    return read_answer(response, document, now=now, secrets=(access_token,))


def outcome_of_error(error: DeliveryError) -> Outcome:
    """What a request that brought no usable answer means for the row."""
    if isinstance(error, AddressRefused):
        # A name can point into a private network for a moment, while somebody repairs their DNS.
        return Outcome("retry", error.code)
    if isinstance(error, HostUnreachable | AnswerUnusable):
        return Outcome("retry", error.code)
    return Outcome("dead", error.code, detail=clean_line(str(error)))


def read_answer(
    response: GuardedResponse, document: bytes, *, now: datetime, secrets: tuple[str, ...] = ()
) -> Outcome:
    """Read a host's answer to an upsert; pure, so that every answer can be tried in a table."""
    status = response.status
    if status == 304:
        return Outcome("delivered", "already_there", status)
    if status in (200, 201):
        if _echoes(response.body, document):
            return Outcome("delivered", "created" if status == 201 else "replaced", status)
        return Outcome("retry", "not_confirmed", status)
    if status == 401:
        return Outcome("unauthorised", "unauthorised", status)
    if status in _TRY_LATER or status >= 500:
        wish = parse_retry_after(response.headers.get("retry-after", ""), now=now)
        code = "too_busy" if status == 429 else "host_problem"
        return Outcome("retry", code, status, _said(response.body, secrets), wish)
    if 200 <= status < 300:
        return Outcome("retry", "not_confirmed", status)
    return Outcome("dead", "refused", status, _said(response.body, secrets))


def _echoes(body: bytes, document: bytes) -> bool:
    """Whether the answer names the credential that was sent, by the equality the specification defines."""
    if body == document:
        return True
    sent, received = _parsed(document), _parsed(body)
    return bool(sent) and _identity(received) == _identity(sent)


def _identity(credential: dict[str, Any]) -> tuple[str, str]:
    issuer = credential.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    return (str(issuer_id), str(credential.get("id")))


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _said(body: bytes, secrets: tuple[str, ...]) -> str:
    """The host's own words out of ``Imsx_StatusInfo``, cleaned; nothing else of a body is kept."""
    return clean_line(_parsed(body).get("imsx_description"), limit=300, secrets=secrets)
