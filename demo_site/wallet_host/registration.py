"""Lets issuers register themselves (RFC 7591, as the Open Badges 3.0 security framework narrows it)."""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauth2_provider.models import Application

from . import settings
from .models import ClientDetails

__all__ = ["register_client"]

_TEXTS = ("client_name", "software_id", "software_version", "scope")
_URLS = ("client_uri", "logo_uri", "tos_uri", "policy_uri")


class _MetadataError(ValueError):
    """The metadata does not meet the specification; the message says where."""


@csrf_exempt
@require_POST
def register_client(request: HttpRequest) -> JsonResponse:
    """Store a new client and hand back its id and secret; no earlier agreement is needed."""
    try:
        metadata = _read(request.body)
    except _MetadataError as error:
        return JsonResponse({"error": "invalid_client_metadata", "error_description": str(error)}, status=400)
    secret = secrets.token_urlsafe(48)
    with transaction.atomic():
        application = Application.objects.create(
            name=metadata["client_name"][:255],
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            redirect_uris=" ".join(metadata["redirect_uris"]),
            client_secret=secret,
        )
        ClientDetails.objects.create(application=application, metadata=metadata)
    granted = {**metadata, "token_endpoint_auth_method": "client_secret_basic"}
    answer = {
        **granted,
        "client_id": application.client_id,
        "client_secret": secret,
        "client_id_issued_at": int(application.created.timestamp()),
        "client_secret_expires_at": 0,
    }
    response = JsonResponse(answer, status=201)
    response["Cache-Control"] = "no-store"
    return response


def _read(body: bytes) -> dict[str, Any]:
    try:
        metadata = json.loads(body)
    except ValueError as error:
        raise _MetadataError("The body is not JSON.") from error
    if not isinstance(metadata, dict):
        raise _MetadataError("The body is not a JSON object.")
    for name in (*_TEXTS, *_URLS):
        if not isinstance(metadata.get(name), str) or not metadata[name]:
            raise _MetadataError(f"{name} is missing.")
    redirect_uris = metadata.get("redirect_uris")
    if not isinstance(redirect_uris, list) or not redirect_uris:
        raise _MetadataError("redirect_uris is missing.")
    if metadata.get("token_endpoint_auth_method", "client_secret_basic") != "client_secret_basic":
        raise _MetadataError("token_endpoint_auth_method can only be client_secret_basic.")
    _check_addresses([*(metadata[name] for name in _URLS), *redirect_uris])
    unknown = set(metadata["scope"].split()) - set(settings.SCOPES)
    if unknown:
        raise _MetadataError(f"Unknown scope: {', '.join(sorted(unknown))}.")
    return metadata


def _check_addresses(urls: list[Any]) -> None:
    """All on one host name; https, or http on loopback where no certificate can exist."""
    hosts = set()
    for url in urls:
        if not isinstance(url, str):
            raise _MetadataError("Every address must be a string.")
        parts = urlsplit(url)
        loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
            raise _MetadataError(f"{url} is not an https address.")
        hosts.add(parts.hostname)
    if len(hosts) != 1:
        raise _MetadataError(f"All addresses must be on one host, not on {len(hosts)}.")
