"""Who may have a token: oauthlib judges requests, this module knows codes, clients and offers.

Two grants. *Pre-authorised code*: the learner pressed the button on this site, the code in the offer is the permission
(OpenID4VCI 1.0 section 6). *Authorisation code*: the wallet sends the learner here through the browser; only wallets
that the operator has named may, with their exact redirect address, and only with PKCE S256 (RFC 7636, 9700).

A code works once. It is used up when it is presented, before its verifier is looked at, so nobody can try verifiers.
One that comes a second time ends the tokens of the first: one of the two was a thief.
"""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from oauthlib.common import Request
from oauthlib.oauth2 import BearerToken, RequestValidator, TokenEndpoint
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import AuthorizationEndpoint
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant
from oauthlib.oauth2.rfc6749.grant_types.base import GrantTypeBase

from . import addresses
from .claiming import redeem
from .clients import PRE_AUTHORISED, SCOPE, registered_clients
from .data import RedirectClient, WalletAnswer
from .errors import OfferNotFound, WalletRefused
from .making import MAX_WRONG_CODES, find_open
from .models import AccessToken, AuthorisationCode, Offer
from .offer_secrets import NONCE_LIFE, TOKEN_LIFE, digest, draw_token, make_nonce, open_secrets

__all__ = [
    "NONCE_PURPOSE",
    "answer_token_request",
    "authorise",
    "bearer_offer",
    "client_of",
    "refuse_client",
    "token_digest",
]

NONCE_PURPOSE = "key-proof"
CODE_LIFE = timedelta(minutes=5)
_AUTHORISATION = "authorization_code"


class _Validator(RequestValidator):
    """What oauthlib asks about clients, codes and tokens. One object serves one request at one moment."""

    def __init__(self, now: datetime, offer: Offer | None = None) -> None:
        super().__init__()
        self._now, self._offer = now, offer

    # -- clients: public, named by the operator ------------------------------------------------------------------

    def validate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        return any(client.client_id == client_id for client in registered_clients())

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        return False

    def authenticate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        request.client = next((one for one in registered_clients() if one.client_id == client_id), None)
        return request.client is not None

    def validate_grant_type(self, client_id: str, grant_type: str, *args: Any, **kwargs: Any) -> bool:
        return grant_type == _AUTHORISATION

    def validate_response_type(self, client_id: str, response_type: str, *args: Any, **kwargs: Any) -> bool:
        return response_type == "code"

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, *args: Any, **kwargs: Any) -> bool:
        wanted = (client_id, redirect_uri)
        return any((one.client_id, one.redirect_uri) == wanted for one in registered_clients())

    def get_default_redirect_uri(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> None:
        return None  # it must always be stated

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return set(scopes) <= {SCOPE}

    def get_default_scopes(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        return [SCOPE]

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    # -- codes ---------------------------------------------------------------------------------------------------

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        if self._offer is None:
            raise errors.ServerError(description="Nobody has consented.")
        AuthorisationCode.objects.create(
            code_sha256=digest(code["code"]),
            offer=self._offer,
            client_id=client_id,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            created_at=self._now,
            expires_at=self._now + CODE_LIFE,
        )

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        row = AuthorisationCode.objects.filter(code_sha256=digest(code), client_id=client_id).first()
        if row is None:
            return False
        used = AuthorisationCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=self._now)
        if not used:
            row.tokens.update(revoked_at=self._now)
            return False
        request.user, request.scopes, request.authorisation_code = row.offer.learner_id, [SCOPE], row
        return bool(row.expires_at > self._now)

    def get_code_challenge(self, code: str, request: Request) -> str:
        return str(request.authorisation_code.code_challenge)

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return "S256"

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Any,
        request: Request,
        *args: Any,
        **kw: Any,
    ) -> bool:
        row = request.authorisation_code
        if row.redirect_uri != redirect_uri:
            return False
        try:
            self._offer = redeem(row.offer, now=self._now)
        except OfferNotFound:
            raise errors.InvalidGrantError(description="The offer is not open any more.") from None
        return True

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Nothing to do: it was used up before anything else was looked at."""

    # -- tokens --------------------------------------------------------------------------------------------------

    def save_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        self.save_bearer_token(token, request)

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        # From the object itself: a parameter of the request with such a name would be found by oauthlib's getattr.
        offer = vars(request).get("offer") or self._offer
        if offer is None:
            raise errors.ServerError(description="No offer belongs to this token.")
        AccessToken.objects.create(
            token_sha256=digest(token["access_token"]),
            offer=offer,
            code=vars(request).get("authorisation_code"),
            client_id=(request.client_id or "")[:255],
            created_at=self._now,
            expires_at=self._now + TOKEN_LIFE,
        )


class _PreAuthorisedCodeGrant(GrantTypeBase):
    """The grant of OpenID4VCI 1.0 section 6.1, answered with the errors of section 6.3."""

    def __init__(self, validator: _Validator, now: datetime) -> None:
        super().__init__(validator)
        self._now = now

    def create_token_response(self, request: Request, token_handler: BearerToken) -> tuple[Any, str, int]:
        """Exchange the code; headers, body and status, as oauthlib wants them."""
        headers = self._get_default_headers()
        try:
            vars(request)["offer"] = self._exchange(request)
        except errors.OAuth2Error as error:
            headers.update(error.headers)
            return headers, error.json, error.status_code
        request.scopes = None
        token = token_handler.create_token(request, refresh_token=False)
        self.request_validator.save_token(token, request)
        return headers, json.dumps(token), 200

    def _exchange(self, request: Request) -> Offer:
        code, typed = _parameter(request, "pre-authorized_code"), _parameter(request, "tx_code")
        if not code:
            raise errors.InvalidRequestError(description="The pre-authorized_code is missing.")
        with transaction.atomic():
            outcome = self._use(code, typed)
        if isinstance(outcome, Offer):
            return outcome
        raise outcome  # outside the transaction: a wrong code must stay counted

    def _use(self, code: str, typed: str | None) -> Offer | errors.OAuth2Error:
        refused = errors.InvalidGrantError(description="The code is unknown, used or too old.")
        try:
            found = find_open(code=code, now=self._now)
            offer = Offer.objects.select_for_update().get(pk=found.pk)
            if offer.guarded and not typed:
                return errors.InvalidRequestError(description="The tx_code is missing.")
            if typed and not offer.guarded:
                return errors.InvalidRequestError(description="No tx_code belongs to this offer.")
            if offer.guarded and not self._is_right(offer, typed or ""):
                return errors.InvalidGrantError(description="The tx_code is wrong.")
            return redeem(offer, now=self._now)
        except OfferNotFound:
            return refused

    def _is_right(self, offer: Offer, typed: str) -> bool:
        """Compare in constant time; the last wrong try ends the offer."""
        if offer.sealed and hmac.compare_digest(
            open_secrets(offer.sealed).tx_code.encode(), typed.encode("utf-8", "surrogatepass")
        ):
            return True
        offer.wrong_codes += 1
        if offer.wrong_codes >= MAX_WRONG_CODES:
            offer.cancelled_at, offer.sealed = self._now, b""
        offer.save(update_fields=["wrong_codes", "cancelled_at", "sealed"])
        return False


def answer_token_request(body: str, headers: dict[str, str], *, now: datetime) -> WalletAnswer:
    """Answer ``POST …/token`` (form-encoded *body*)."""
    validator = _Validator(now)
    handler = _bearer(validator)
    endpoint = TokenEndpoint(
        default_grant_type=_AUTHORISATION,
        default_token_type=handler,
        grant_types={
            _AUTHORISATION: AuthorizationCodeGrant(validator, refresh_token=False),
            PRE_AUTHORISED: _PreAuthorisedCodeGrant(validator, now),
        },
    )
    try:
        answered, text, status = endpoint.create_token_response(
            addresses.absolute("oid4vci-token"),
            "POST",
            body,
            headers,
            # What wallets of drafts up to 13 look for; later ones ask the nonce endpoint.
            credentials={
                "c_nonce": make_nonce(NONCE_PURPOSE, now=now),
                "c_nonce_expires_in": int(NONCE_LIFE.total_seconds()),
            },
        )
    except errors.OAuth2Error as error:
        answered, text, status = error.headers, error.json, error.status_code
    except ValueError as error:  # oauthlib: the body is not form-encoded
        raise WalletRefused("invalid_request", "The request must be form-encoded.") from error
    return WalletAnswer(status, json.loads(text), tuple((name, str(it)) for name, it in answered.items()))


def client_of(address: str, *, now: datetime) -> tuple[RedirectClient, str]:
    """The wallet behind an authorisation request, and the offer (``issuer_state``) it names, if it names one.

    Raises :class:`WalletRefused` with a sentence for a page when nothing may be sent back to the wallet, because it
    is unknown or its address is not the registered one; other faults are found by :func:`authorise`.
    """
    endpoint = _authorisation_endpoint(_Validator(now))
    try:
        _scopes, found = endpoint.validate_authorization_request(address)
        issuer_state = _parameter(found["request"], "issuer_state") or ""
    except errors.FatalClientError as error:
        raise WalletRefused("invalid_client", error.description or "The request is not usable.") from error
    except errors.OAuth2Error as error:
        # oauthlib has compared client and address before it finds any other fault; found here once more.
        client = _registered(error.client_id, error.redirect_uri)
        raise RedirectRefused(_with_issuer(error.in_uri(client.redirect_uri)), client) from error
    except ValueError as error:
        raise WalletRefused("invalid_request", "The request is not usable.") from error
    client = _registered(found["client_id"], found["redirect_uri"])
    return client, issuer_state


class RedirectRefused(WalletRefused):
    """The request is wrong in a way that the wallet is told of; ``address`` is where it is told."""

    def __init__(self, address: str, client: RedirectClient) -> None:
        super().__init__("invalid_request", "The wallet's request is not complete.")
        self.address, self.client = address, client


def _registered(client_id: str | None, redirect_uri: str | None) -> RedirectClient:
    for one in registered_clients():
        if (one.client_id, one.redirect_uri) == (client_id, redirect_uri):
            return one
    raise WalletRefused("invalid_client", "This wallet is not registered here.")


def authorise(address: str, offer: Offer, *, now: datetime) -> str:
    """Give the wallet its code, after the learner's consent; the address the browser goes to."""
    endpoint = _authorisation_endpoint(_Validator(now, offer))
    headers, _body, _status = endpoint.create_authorization_response(address, scopes=[SCOPE])
    return _with_issuer(headers["Location"])


def refuse_client(address: str, *, now: datetime) -> str:
    """The learner said no; the address the browser goes to."""
    client, _offer = client_of(address, now=now)
    request = Request(address)
    fields = {"error": "access_denied", **({"state": request.state} if request.state else {})}
    joint = "&" if "?" in client.redirect_uri else "?"
    return _with_issuer(f"{client.redirect_uri}{joint}{urlencode(fields)}")


def bearer_offer(header: str, *, now: datetime) -> tuple[AccessToken, Offer]:
    """Token and offer behind an ``Authorization`` header; raises ``invalid_token`` (401)."""
    scheme, _space, token = header.partition(" ")
    row = None
    if scheme.lower() == "bearer" and token:
        row = AccessToken.objects.select_related("offer").filter(token_sha256=digest(token.strip())).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        raise WalletRefused("invalid_token", "The access token is unknown, ended or too old.", 401)
    return row, row.offer


def token_digest(token: str) -> str:
    """By what a token is found."""
    return digest(token)


def _bearer(validator: _Validator) -> BearerToken:
    return BearerToken(
        validator,
        token_generator=lambda _request: draw_token(),
        expires_in=int(TOKEN_LIFE.total_seconds()),
    )


def _authorisation_endpoint(validator: _Validator) -> AuthorizationEndpoint:
    grant = AuthorizationCodeGrant(validator, refresh_token=False)
    grant.custom_validators.pre_auth.append(_require_s256)
    return AuthorizationEndpoint("code", _bearer(validator), {"code": grant})


def _require_s256(request: Request) -> dict[str, Any]:
    """oauthlib would also take "plain", whose challenge is the verifier itself for whoever reads the address."""
    if request.code_challenge_method != "S256" or not 43 <= len(request.code_challenge or "") <= 128:
        raise errors.InvalidRequestError(description="PKCE with S256 is required.", request=request)
    return {}


def _parameter(request: Request, name: str) -> str | None:
    """One parameter of the request that oauthlib does not know by itself."""
    if name in request.duplicate_params:
        raise errors.InvalidRequestError(description=f"Duplicate {name} parameter.")
    try:
        return getattr(request, name) or None
    except AttributeError:
        return None


def _with_issuer(address: str) -> str:
    """Say which server answers, so that a wallet that talks to several cannot be confused (RFC 9207)."""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode({'iss': addresses.issuer_id()})}"
