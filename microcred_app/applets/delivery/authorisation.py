"""Walks a learner to their wallet's consent page and back, so that only what they approved is connected.

OAuth 2 authorisation code with PKCE (RFC 7636, S256). The ``state`` is random, stored as a digest, bound to the
signed-in learner, good for ten minutes and used up by one conditional update: a replayed, forged or borrowed
answer finds no row to use. The state is used up *before* the code is exchanged, so that even two simultaneous
answers exchange once.

Every host has a callback address of its own, and the answer must arrive at it. Otherwise a hostile wallet could send
the learner on to an honest one with the hostile one's state, and the code for the honest one would be carried to the
hostile token address (mix-up). Where the host names itself in the answer (RFC 9207), the name has to match too.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from oauthlib.oauth2 import WebApplicationClient

from microcred_app.conf import settings
from microcred_app.vault import decrypt, encrypt

from .connections import ConnectionInfo, open_connection
from .description import API_PATH
from .discovery import discover_host, normalise_host_url
from .errors import AnswerUnusable, AuthorisationDenied, AuthorisationNotUsable, DeliveryError
from .models import AuthorisationRequest, ClientRegistration, Host
from .outbound_guard import OutboundGuard, guard_from_settings
from .plain_text import clean_line
from .registration import client_credentials, forget_registration, registration_at, scopes_for
from .tokens import ClientUnknown, TokenAnswer, exchange_code

__all__ = ["FinishedConnection", "connect_finish", "connect_start"]

log = logging.getLogger(__name__)

_LIFETIME = timedelta(minutes=10)
_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class FinishedConnection:
    """The opened connection, and the credential the learner wanted to send when they set out, if any."""

    connection: ConnectionInfo
    credential_id: UUID | None


def connect_start(
    learner_id: int,
    host_url: str,
    *,
    now: datetime,
    credential_id: UUID | None = None,
    guard: OutboundGuard | None = None,
) -> str:
    """The consent page of the host at *host_url*, ready to send the learner to.

    Reads the host's service description and registers there when needed. *credential_id* is kept so that the
    learner comes back to sending it.
    """
    guard = guard or guard_from_settings()
    base_url = normalise_host_url(host_url, admit_loopback=settings().allow_loopback_targets)
    host = discover_host(base_url, now=now, guard=guard)
    wanted = scopes_for(host)
    if wanted[0] not in host.scopes_offered:
        raise AnswerUnusable(_("%(host)s does not take badges from other sites.") % {"host": host.name})
    registration = registration_at(host, now=now, guard=guard)
    client = WebApplicationClient(registration.client_id)
    state = secrets.token_urlsafe(32)
    verifier = client.create_code_verifier(64)
    scopes = tuple(scope for scope in wanted if scope in host.scopes_offered or scope == "offline_access")
    AuthorisationRequest.objects.filter(created_at__lt=now - _KEPT_FOR).delete()
    AuthorisationRequest.objects.create(
        state_sha256=_digest(state),
        learner_id=learner_id,
        registration=registration,
        sealed_code_verifier=encrypt(verifier),
        scopes=list(scopes),
        credential_id=credential_id,
        created_at=now,
    )
    query = urlencode(
        {
            "response_type": "code",
            "client_id": registration.client_id,
            "redirect_uri": registration.redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            "code_challenge": client.create_code_challenge(verifier, "S256"),
            "code_challenge_method": "S256",
        }
    )
    separator = "&" if urlsplit(host.authorisation_url).query else "?"
    return f"{host.authorisation_url}{separator}{query}"


def connect_finish(
    learner_id: int,
    *,
    state: str,
    code: str,
    error: str,
    now: datetime,
    returned_to: str,
    issuer: str = "",
    guard: OutboundGuard | None = None,
) -> FinishedConnection:
    """Turn the host's answer, which came to the address *returned_to*, into an open connection.

    Raises ``AuthorisationNotUsable`` for an unknown, used, expired or somebody else's answer,
    ``AuthorisationDenied`` when the learner said no, and what the token request raises.
    """
    guard = guard or guard_from_settings()
    request = _use_up(learner_id, state, now)
    registration = request.registration
    host = registration.host
    named_another = issuer and _netloc(issuer) != _netloc(host.base_url)
    if returned_to != registration.redirect_uri or named_another:
        raise AuthorisationNotUsable(
            _(
                "This answer comes from another wallet than the one you set out to connect. Nothing was connected."
            )
        )
    if error or not code:
        raise _denial(host, error)
    tokens = _exchange(registration, request, code=code, now=now, guard=guard)
    if scopes_for(host)[0] not in tokens.scopes:
        raise AuthorisationDenied(
            _("%(host)s did not allow badges to be put into your wallet, so nothing was connected.")
            % {"host": host.name}
        )
    account_id, account_name = _read_account(host, tokens, guard)
    connection = open_connection(
        learner_id, host, registration, tokens, account_id=account_id, account_name=account_name, now=now
    )
    return FinishedConnection(connection, request.credential_id)


def _use_up(learner_id: int, state: str, now: datetime) -> AuthorisationRequest:
    """The learner's open request for *state*, marked used in one conditional update."""
    request = (
        AuthorisationRequest.objects.select_related("registration__host")
        .filter(state_sha256=_digest(state), learner_id=learner_id)
        .first()
    )
    if request is None:
        raise AuthorisationNotUsable(
            _("This answer belongs to no wallet you set out to connect. Begin again from “My wallets”.")
        )
    used = AuthorisationRequest.objects.filter(
        pk=request.pk, used_at__isnull=True, created_at__gt=now - _LIFETIME
    ).update(used_at=now)
    if used:
        return request
    if request.used_at is not None:
        raise AuthorisationNotUsable(
            _("This answer was used already. If your wallet is not in the list, connect it again.")
        )
    raise AuthorisationNotUsable(_("That took longer than ten minutes. Connect the wallet again."))


def _denial(host: Host, error: str) -> DeliveryError:
    if error == "access_denied":
        return AuthorisationDenied(
            _("You did not give permission at %(host)s, so nothing was connected.") % {"host": host.name}
        )
    return AnswerUnusable(
        _("%(host)s did not connect the wallet (%(said)s). Try again, or ask the wallet's support.")
        % {"host": host.name, "said": clean_line(error, limit=60) or _("no reason given")}
    )


def _exchange(
    registration: ClientRegistration,
    request: AuthorisationRequest,
    *,
    code: str,
    now: datetime,
    guard: OutboundGuard,
) -> TokenAnswer:
    try:
        return exchange_code(
            registration.host,
            client_credentials(registration),
            code=code,
            code_verifier=decrypt(bytes(request.sealed_code_verifier)),
            redirect_uri=registration.redirect_uri,
            scopes=tuple(request.scopes),
            now=now,
            guard=guard,
        )
    except ClientUnknown:
        with transaction.atomic():
            forget_registration(registration)
        raise


def _read_account(host: Host, tokens: TokenAnswer, guard: OutboundGuard) -> tuple[str, str]:
    """Whose wallet it is, so that the learner recognises it; a host that does not say is no obstacle."""
    base = host.api_base or f"{host.base_url}{API_PATH}"
    try:
        response = guard.request(
            "GET",
            f"{base}/profile",
            headers={"Authorization": f"Bearer {tokens.access_token}", "Accept": "application/json"},
        )
        profile = response.json() if response.status == 200 else {}
    except DeliveryError as error:
        log.info("Host %s does not show a profile: %s", host.base_url, error.code)
        profile = {}
    if isinstance(profile, dict) and host.protocol == Host.Protocol.BADGE_CONNECT:
        profile = profile.get("profile")
    if not isinstance(profile, dict):
        return "", ""
    name = profile.get("name") or profile.get("email")
    return clean_line(profile.get("id"), limit=255), clean_line(name, limit=255)


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
