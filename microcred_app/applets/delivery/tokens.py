"""Asks a host for tokens, renews them and gives them back.

The client authenticates with HTTP Basic (the only method Open Badges 3.0 admits) and names the scope in every
token request, which the specification demands although OAuth 2 does not. Tokens exist in clear only while a
request is made.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.utils.translation import gettext as _
from oauthlib.oauth2 import WebApplicationClient

from .discovery import find_revocation_url
from .errors import AnswerUnusable, DeliveryError, ReconnectNeeded
from .models import Host
from .outbound_guard import GuardedResponse, OutboundGuard
from .plain_text import clean_line
from .registration import ClientCredentials

__all__ = ["ClientUnknown", "TokenAnswer", "exchange_code", "renew_tokens", "revoke_token"]

_ASSUMED_LIFETIME = 3600
_LONGEST_LIFETIME = 30 * 24 * 3600


class ClientUnknown(DeliveryError):
    """The host does not know this issuer's registration any more; registering anew helps."""

    code = "client_unknown"
    http_status = 502


@dataclass(frozen=True)
class TokenAnswer:
    """Tokens as a host granted them; never shown in logs or errors."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...]


def exchange_code(
    host: Host,
    credentials: ClientCredentials,
    *,
    code: str,
    code_verifier: str,
    redirect_uri: str,
    scopes: tuple[str, ...],
    now: datetime,
    guard: OutboundGuard,
) -> TokenAnswer:
    """Turn an authorisation code into tokens; the verifier proves that we are who asked (RFC 7636)."""
    body = WebApplicationClient(credentials.client_id).prepare_request_body(
        code=code,
        redirect_uri=redirect_uri,
        code_verifier=code_verifier,
        scope=" ".join(scopes),
        include_client_id=False,
    )
    return _ask(host, credentials, body, scopes=scopes, now=now, guard=guard)


def renew_tokens(
    host: Host,
    credentials: ClientCredentials,
    *,
    refresh_token: str,
    scopes: tuple[str, ...],
    now: datetime,
    guard: OutboundGuard,
) -> TokenAnswer:
    """Get a new access token; a host that keeps the refresh token unmentioned keeps it valid (RFC 6749 §6)."""
    body = urlencode(
        {"grant_type": "refresh_token", "refresh_token": refresh_token, "scope": " ".join(scopes)}
    )
    answer = _ask(host, credentials, body, scopes=scopes, now=now, guard=guard)
    if answer.refresh_token:
        return answer
    return TokenAnswer(answer.access_token, refresh_token, answer.expires_at, answer.scopes)


def revoke_token(host: Host, credentials: ClientCredentials, *, token: str, guard: OutboundGuard) -> bool:
    """Give a token back (RFC 7009); says whether the host confirmed it."""
    if host.protocol == Host.Protocol.BADGE_CONNECT:
        url = host.revocation_url
    else:
        url = find_revocation_url(host.base_url, guard=guard)
    if not url:
        return False
    return _post(url, credentials, urlencode({"token": token}), guard).status == 200


def _ask(
    host: Host,
    credentials: ClientCredentials,
    body: str,
    *,
    scopes: tuple[str, ...],
    now: datetime,
    guard: OutboundGuard,
) -> TokenAnswer:
    response = _post(host.token_url, credentials, body, guard)
    if response.status >= 500 or response.status == 429:
        raise AnswerUnusable(
            _("%(host)s has a problem at the moment (error %(status)s). Try again later.")
            % {"host": host.name, "status": response.status}
        )
    answer = response.json()
    if not isinstance(answer, dict):
        raise AnswerUnusable(_("%(host)s did not grant access in a way we understand.") % {"host": host.name})
    if response.status != 200:
        raise _refusal(host, answer)
    return _read(host, answer, scopes, now)


def _post(url: str, credentials: ClientCredentials, body: str, guard: OutboundGuard) -> GuardedResponse:
    # RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
    pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.client_secret)}"
    return guard.request(
        "POST",
        url,
        headers={
            "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
        body=body.encode(),
    )


def _refusal(host: Host, answer: dict[str, Any]) -> DeliveryError:
    error = answer.get("error")
    if error == "invalid_client":
        return ClientUnknown(
            _("%(host)s no longer knows this site. Connect the wallet again.") % {"host": host.name}
        )
    if error == "invalid_grant":
        return ReconnectNeeded(
            _("%(host)s no longer accepts the permission you gave. Connect the wallet again.")
            % {"host": host.name}
        )
    return AnswerUnusable(
        _("%(host)s did not grant access. %(said)s")
        % {"host": host.name, "said": clean_line(answer.get("error_description"))}
    )


def _read(host: Host, answer: dict[str, Any], scopes: tuple[str, ...], now: datetime) -> TokenAnswer:
    access_token = answer.get("access_token")
    kind = answer.get("token_type")
    if not isinstance(access_token, str) or not access_token or str(kind).lower() != "bearer":
        raise AnswerUnusable(_("%(host)s did not grant access in a way we understand.") % {"host": host.name})
    refresh_token = answer.get("refresh_token")
    lifetime = answer.get("expires_in")
    if not isinstance(lifetime, int) or isinstance(lifetime, bool) or lifetime < 0:
        lifetime = _ASSUMED_LIFETIME
    granted = answer.get("scope")
    return TokenAnswer(
        access_token,
        refresh_token if isinstance(refresh_token, str) else "",
        now + timedelta(seconds=min(lifetime, _LONGEST_LIFETIME)),
        tuple(granted.split()) if isinstance(granted, str) and granted else scopes,
    )
