"""The Open Badges 3.0 API of the wallet: credentials and profile."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.oauth2_backends import get_oauthlib_core

from . import settings
from .keeping import BadgeRefusedError, keep_badge
from .models import KeptBadge, OwnerProfile
from .status_info import refuse

__all__ = ["credentials", "profile", "unknown_address"]

_SCOPE = "https://purl.imsglobal.org/spec/ob/v3p0/scope/"
_MAX_BYTES = 1_000_000
_PAGE, _LARGEST_PAGE = 50, 100

Handler = Callable[[HttpRequest, User, str], HttpResponse]


def _resource(**handlers: tuple[str, Handler]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that picks the handler by method and lets in who holds a token with the handler's scope."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        found = handlers.get(str(request.method))
        if found is None:
            response: HttpResponse = refuse(405, f"{request.method} is not possible here.")
            response["Allow"] = ", ".join(handlers)
            return response
        scope, handler = found
        valid, checked = get_oauthlib_core().verify_request(request, scopes=[_SCOPE + scope])
        if valid:
            return handler(request, checked.user, checked.client.name)
        error = getattr(checked, "oauth2_error", {}) or {}
        if error.get("error") == "insufficient_scope":
            return refuse(403, f"The token does not carry the scope {scope}.")
        response = refuse(401, "The token is missing, wrong or no longer valid.")
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response

    return view


def _upsert(request: HttpRequest, owner: User, sent_by: str) -> HttpResponse:
    """``upsertCredential``: the answer is the very bytes that came."""
    if request.content_type != "application/json":
        return refuse(400, "Send the credential as application/json.")
    document = request.body
    if len(document) > _MAX_BYTES:
        return refuse(400, f"A credential may have at most {_MAX_BYTES} bytes.")
    try:
        created = keep_badge(owner, document, sent_by=sent_by, now=timezone.now())
    except BadgeRefusedError as error:
        return refuse(400, str(error))
    return HttpResponse(document, status=201 if created else 200, content_type="application/json")


def _list(request: HttpRequest, owner: User, _sent_by: str) -> HttpResponse:
    """``getCredentials`` with its three parameters, total count and links between pages."""
    try:
        limit = min(_whole_number(request, "limit", _PAGE, at_least=1), _LARGEST_PAGE)
        offset = _whole_number(request, "offset", 0, at_least=0)
        rows = KeptBadge.objects.filter(owner=owner).order_by("valid_from", "pk")
        since = request.GET.get("since")
        if since is not None:
            moment = parse_datetime(since.replace(" ", "+"))
            if moment is None:
                raise ValueError("since is not a date and time.")
            rows = rows.filter(valid_from__gt=moment if moment.tzinfo else timezone.make_aware(moment))
    except ValueError as error:
        return refuse(400, str(error), minor="invalid_query_parameter")
    total = rows.count()
    page = [json.loads(bytes(row.document)) for row in rows[offset : offset + limit]]
    response = JsonResponse({"credential": page, "compactJwsString": []})
    response["X-Total-Count"] = str(total)
    response["Link"] = ", ".join(_links(request, limit=limit, offset=offset, total=total))
    return response


def _whole_number(request: HttpRequest, name: str, default: int, *, at_least: int) -> int:
    text = request.GET.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < at_least:
        raise ValueError(f"{name} must be a whole number of at least {at_least}.")
    return int(text)


def _links(request: HttpRequest, *, limit: int, offset: int, total: int) -> list[str]:
    last = max(0, (total - 1) // limit * limit)
    pages = {"first": 0, "last": last}
    if offset + limit < total:
        pages["next"] = offset + limit
    if offset > 0:
        pages["prev"] = max(0, offset - limit)
    since = {"since": request.GET["since"]} if "since" in request.GET else {}
    base = f"{settings.PUBLIC_URL}/ims/ob/v3p0/credentials"
    return [
        f'<{base}?{urlencode({"limit": limit, "offset": at, **since})}>; rel="{name}"'
        for name, at in pages.items()
    ]


def _show_profile(request: HttpRequest, owner: User, _sent_by: str) -> HttpResponse:
    """``getProfile``: what the owner wrote, else name and address of the account."""
    stored = OwnerProfile.objects.filter(owner=owner).first()
    return JsonResponse(stored.document if stored else _plain_profile(owner))


def _plain_profile(owner: User) -> dict[str, Any]:
    return {
        "id": f"{settings.PUBLIC_URL}/people/{owner.username}",
        "type": ["Profile"],
        "name": owner.get_full_name(),
    }


def _put_profile(request: HttpRequest, owner: User, _sent_by: str) -> HttpResponse:
    """``putProfile``: the whole profile is replaced; its id stays the account's."""
    try:
        document = json.loads(request.body)
    except ValueError:
        return refuse(400, "The body is not JSON.")
    if not isinstance(document, dict) or "Profile" not in (document.get("type") or []):
        return refuse(400, "The body is not a Profile.")
    document["id"] = _plain_profile(owner)["id"]
    OwnerProfile.objects.update_or_create(owner=owner, defaults={"document": document})
    return JsonResponse(document)


credentials = _resource(GET=("credential.readonly", _list), POST=("credential.upsert", _upsert))
profile = _resource(GET=("profile.readonly", _show_profile), PUT=("profile.update", _put_profile))


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """Everything else below the API's address."""
    return refuse(404, "There is nothing at this address.")
