"""Public documents in the form of Open Badges 2.0: hosted assertions, badge classes, issuers.

A verifier of that form believes what it reads here, at the address that an assertion names. Nobody needs an account;
an assertion is found by an address that cannot be guessed and that its holder may take back.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.issuance import api as issuance
from microcred_app.conf import settings
from microcred_app.errors import MicrocredError
from microcred_app.ob3.assertion import badge_class_from, issuer_from

__all__ = ["open_badges_2_urls"]

#: Seconds for which a copy may be kept: a revocation is seen so late, as with a status list.
ASSERTION_SECONDS, DEFINITION_SECONDS = 60, 300


@require_safe
def assertion(request: HttpRequest, handle: str) -> HttpResponse:
    """A hosted assertion; 410 with ``revoked`` after its badge was revoked."""
    try:
        found = delivery.read_hosted(handle)
    except MicrocredError as error:
        return _refused(error)
    return _document(found.body, seconds=ASSERTION_SECONDS, status=410 if found.revoked else 200)


@require_safe
def badge_class(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One published version of a badge."""
    try:
        badge = badges.get_version(key, number)
    except MicrocredError as error:
        return _refused(error)
    body = badge_class_from(
        issuance.achievement_document(badge),
        address=_address("ob2-badge", badge.key, badge.number),
        issuer_address=_address("ob2-issuer", badge.issuer.slug),
    )
    return _document(body, seconds=DEFINITION_SECONDS)


@require_safe
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation."""
    try:
        info = badges.get_issuer(slug)
    except MicrocredError as error:
        return _refused(error)
    body = issuer_from(issuance.issuer_document(info), address=_address("ob2-issuer", slug))
    return _document(body, seconds=DEFINITION_SECONDS)


def _address(name: str, *args: Any) -> str:
    return settings().public_base_url + reverse(f"microcred_app:{name}", args=args)


def _document(body: dict[str, Any], *, seconds: int, status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status, content_type="application/ld+json")
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _refused(error: MicrocredError) -> HttpResponse:
    response = JsonResponse({"code": error.code, "message": str(error)}, status=error.http_status)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


open_badges_2_urls = [
    path("ob2/assertions/<str:handle>", assertion, name="ob2-assertion"),
    path("ob2/badges/<slug:key>/v<int:number>", badge_class, name="ob2-badge"),
    path("ob2/issuers/<slug:slug>", issuer, name="ob2-issuer"),
]
