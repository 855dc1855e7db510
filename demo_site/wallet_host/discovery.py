"""Describes this wallet to issuers: the official OpenAPI document, profiled with our own addresses."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from . import settings

__all__ = ["show_authorisation_server", "show_discovery"]

_OFFICIAL = Path(__file__).resolve().parent / "openapi" / "ob_v3p0.json"


@lru_cache(maxsize=1)
def _official() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_OFFICIAL.read_text(encoding="utf-8"))
    return document


def profiled_description() -> dict[str, Any]:
    """The official document with this wallet's name, pages, addresses and what it takes."""
    base = settings.PUBLIC_URL
    document = copy.deepcopy(_official())
    document["info"].update(
        {
            "title": "Satchel",
            "description": "Satchel, your wallet: keeps Open Badges 3.0 for their owners.",
            "termsOfService": f"{base}/terms/",
            "x-imssf-privacyPolicyUrl": f"{base}/privacy/",
            "x-imssf-image": f"{base}/static/wallet_host/satchel.svg",
        }
    )
    document["servers"] = [{"url": f"{base}/ims/ob/v3p0"}]
    scheme = document["components"]["securitySchemes"]["OAuth2ACG"]
    scheme["x-imssf-registrationUrl"] = f"{base}/oauth/register"
    flow = scheme["flows"]["authorizationCode"]
    flow["authorizationUrl"] = f"{base}/oauth/authorize/"
    flow["tokenUrl"] = flow["refreshUrl"] = f"{base}/oauth/token/"
    flow["scopes"] = dict(settings.SCOPES)
    # Compact JWS is not kept by this wallet, so the profile does not offer it.
    del document["paths"]["/credentials"]["post"]["requestBody"]["content"]["text/plain"]
    return document


@require_safe
def show_discovery(request: HttpRequest) -> JsonResponse:
    """``GET /discovery``: open to everybody, and cacheable for an hour."""
    response = JsonResponse(profiled_description())
    response["Cache-Control"] = "public, max-age=3600"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def show_authorisation_server(request: HttpRequest) -> JsonResponse:
    """The authorisation server's own metadata (RFC 8414), for what the OpenAPI document has no place for."""
    base = settings.PUBLIC_URL
    return JsonResponse(
        {
            "issuer": base,
            "authorization_endpoint": f"{base}/oauth/authorize/",
            "token_endpoint": f"{base}/oauth/token/",
            "registration_endpoint": f"{base}/oauth/register",
            "revocation_endpoint": f"{base}/oauth/revoke/",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        }
    )
