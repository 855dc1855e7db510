"""Public endpoints for wallets that come and fetch: OpenID4VCI 1.0, VC-API exchanges, and the plain document.

Nobody is signed in here: what opens an offer is the secret in the request. So no session is looked at, no CSRF token is
needed, and scripts of any site may ask (wallets also run in browsers and web views). Everything is bounded: bytes
per request, requests per address, and what one offer gives.

Errors are named as each protocol names them; a body is always JSON, because wallets parse it before they look at the
status.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from microcred_app.api import MicrocredError
from microcred_app.applets.offers import api as offers
from microcred_app.conf import settings
from microcred_app.ob3.json_text import encode_json

from .json_body import read_body, read_object
from .problems import Refusal, problem
from .throttle import require_turn

__all__ = ["wallet_protocol_urls", "well_known_urls"]

MAX_BODY = 64_000
_MAX_FORM = 16_000

Handler = Callable[..., HttpResponse]
Refuse = Callable[[Refusal], HttpResponse]


def _oauth_error(refusal: Refusal) -> HttpResponse:
    """``{"error", "error_description"}``, as OAuth and OpenID4VCI want it."""
    body: dict[str, Any] = {"error": refusal.code, "error_description": refusal.detail}
    if refusal.code in ("invalid_proof", "invalid_nonce"):
        # Wallets of drafts up to 13 take their next nonce from here.
        body |= {**offers.new_nonce(now=timezone.now()), "c_nonce_expires_in": 300}
    response = JsonResponse(body, status=refusal.status, headers=refusal.headers)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = f'Bearer error="{refusal.code}"'
    return response


def _endpoint(method: str, refuse: Refuse = problem) -> Callable[[Handler], Handler]:
    """One method, a turn for each request, answers that no cache keeps and scripts of any site may read."""

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def shell(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method == "OPTIONS":
                    response = HttpResponse(status=204)
                else:
                    _require_method(request, method)
                    require_turn(
                        request, "wallets", per_minute=settings().wallets_per_minute, now=timezone.now()
                    )
                    response = handler(request, *args, **kwargs)
            except Refusal as refusal:
                response = refuse(refusal)
            except MicrocredError as error:
                response = refuse(Refusal(error.http_status, error.code, str(error)))
            return _open_to_all(response, method)

        return transaction.non_atomic_requests(never_cache(csrf_exempt(shell)))

    return decorate


def _require_method(request: HttpRequest, method: str) -> None:
    allowed = ("GET", "HEAD") if method == "GET" else (method,)
    if request.method not in allowed:
        raise Refusal(405, "method", f"Send a {method} request.", headers={"Allow": f"OPTIONS, {method}"})


def _open_to_all(response: HttpResponse, method: str) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = method
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept"
    response.headers["Access-Control-Max-Age"] = "600"
    return response


def _json(body: Any, status: int = 200) -> HttpResponse:
    """*body* as JSON; bytes are JSON text already and go out as they are."""
    text = body if isinstance(body, bytes) else encode_json(body)
    return HttpResponse(text, status=status, content_type="application/json")


# -- OpenID4VCI ------------------------------------------------------------------------------------------------------


@_endpoint("GET", _oauth_error)
def issuer_metadata(request: HttpRequest) -> HttpResponse:
    """The credential issuer's metadata, wherever a wallet looks for it."""
    return _json(offers.issuer_metadata())


@_endpoint("GET", _oauth_error)
def server_metadata(request: HttpRequest) -> HttpResponse:
    """The authorisation server's metadata."""
    return _json(offers.server_metadata())


@_endpoint("GET", _oauth_error)
def offer(request: HttpRequest, handle: str) -> HttpResponse:
    """The offer by reference."""
    wanted = request.GET.get("format", "ldp_vc")
    return _json(offers.offer_document(handle, wanted=wanted, now=timezone.now()))


@_endpoint("POST", _oauth_error)
def token(request: HttpRequest) -> HttpResponse:
    """``POST …/token``."""
    if (request.content_type or "").lower() != "application/x-www-form-urlencoded":
        raise Refusal(400, "invalid_request", "Send the request form-encoded.")
    try:
        body = read_body(request, max_bytes=_MAX_FORM).decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, "invalid_request", "The request must be form-encoded.") from error
    answer = offers.answer_token_request(body, {}, now=timezone.now())
    response = _json(answer.body, answer.status)
    for name, value in answer.headers:
        response.headers[name] = value
    return response


@_endpoint("POST", _oauth_error)
def nonce(request: HttpRequest) -> HttpResponse:
    """``POST …/nonce``."""
    return _json(offers.new_nonce(now=timezone.now()))


@_endpoint("POST", _oauth_error)
def credential(request: HttpRequest) -> HttpResponse:
    """``POST …/credential``."""
    body = _credential_body(request)
    answer = offers.answer_credential_request(_bearer(request), body, now=timezone.now())
    return _json(answer.body, answer.status)


@_endpoint("POST", _oauth_error)
def deferred(request: HttpRequest) -> HttpResponse:
    """``POST …/deferred``."""
    body = _credential_body(request)
    answer = offers.answer_deferred_request(_bearer(request), body, now=timezone.now())
    return _json(answer.body, answer.status)


@_endpoint("POST", _oauth_error)
def notification(request: HttpRequest) -> HttpResponse:
    """``POST …/notification``."""
    body = _object(request, "invalid_notification_request")
    offers.answer_notification(_bearer(request), body, now=timezone.now())
    return HttpResponse(status=204)


def _credential_body(request: HttpRequest) -> dict[str, Any]:
    return _object(request, "invalid_credential_request")


def _object(request: HttpRequest, code: str) -> dict[str, Any]:
    """The body; what is wrong with it is named as the protocol names it. Too large stays 413."""
    try:
        return read_object(request, max_bytes=MAX_BODY)
    except Refusal as refusal:
        status = 413 if refusal.status == 413 else 400
        raise Refusal(status, code, refusal.detail) from refusal


def _bearer(request: HttpRequest) -> str:
    return str(request.headers.get("Authorization", ""))


# -- VC-API and what comes before it -----------------------------------------------------------------------------------


@_endpoint("GET")
def interaction(request: HttpRequest, handle: str) -> HttpResponse:
    """VCALM interaction: the protocols for a wallet, a page for whoever opens the address in a browser."""
    now = timezone.now()
    if "text/html" not in request.headers.get("Accept", ""):
        return _json(offers.interaction_protocols(handle, now=now))
    try:
        protocols = offers.interaction_protocols(handle, now=now)["protocols"]
    except offers.OfferNotFound:
        return render(request, "microcred_app/wallets/interaction.html", {"link": ""}, status=404)
    context = {"link": protocols["oid4vci-1.0"]}
    response = render(request, "microcred_app/wallets/interaction.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Vary"] = "Accept"
    return response


@_endpoint("POST")
def exchange(request: HttpRequest, handle: str) -> HttpResponse:
    """``POST …/exchanges/<handle>``: first nothing, then the presentation that was asked for."""
    body = read_object(request, max_bytes=MAX_BODY)
    return _json(offers.answer_exchange(handle, body, now=timezone.now()))


@_endpoint("POST")
def legacy_request(request: HttpRequest, handle: str) -> HttpResponse:
    """The older request of Learner Credential Wallet: the presentation by itself."""
    body = read_object(request, max_bytes=MAX_BODY)
    return _json(offers.answer_legacy_request(handle, body, now=timezone.now()))


@_endpoint("GET")
def document(request: HttpRequest, handle: str) -> HttpResponse:
    """The badge itself, for wallets that open an address. Always JSON: some send ``*/*`` and cannot read a page."""
    return _json(offers.plain_document(handle, now=timezone.now()))


wallet_protocol_urls = [
    path("oid4vci", issuer_metadata, name="oid4vci-issuer"),
    path("oid4vci/offers/<str:handle>", offer, name="oid4vci-offer"),
    path("oid4vci/token", token, name="oid4vci-token"),
    path("oid4vci/nonce", nonce, name="oid4vci-nonce"),
    path("oid4vci/credential", credential, name="oid4vci-credential"),
    path("oid4vci/deferred", deferred, name="oid4vci-deferred"),
    path("oid4vci/notification", notification, name="oid4vci-notification"),
    # Behind the path, as drafts up to 13 had it; in front of it: see well_known_urls.
    path("oid4vci/.well-known/openid-credential-issuer", issuer_metadata),
    path("oid4vci/.well-known/oauth-authorization-server", server_metadata),
    path("oid4vci/.well-known/openid-configuration", server_metadata),
    path("wallet/interactions/<str:handle>", interaction, name="wallet-interaction"),
    path("wallet/exchanges/<str:handle>", exchange, name="wallet-exchange"),
    path("wallet/requests/<str:handle>", legacy_request, name="wallet-request"),
    path("wallet/documents/<str:handle>", document, name="wallet-document"),
]

_ISSUER = "microcred/oid4vci"
#: At the root of the host (OpenID4VCI 1.0 section 12.2.2, RFC 8414 section 3).
well_known_urls = [
    path(f".well-known/openid-credential-issuer/{_ISSUER}", issuer_metadata, name="oid4vci-metadata"),
    path(
        f".well-known/oauth-authorization-server/{_ISSUER}", server_metadata, name="oid4vci-server-metadata"
    ),
]
