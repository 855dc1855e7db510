"""Public pages: a credential, a badge's definition, an issuer, a status list.

Anybody may ask, signed in or not. People get a page; machines get the document itself, byte for byte as it
was signed, with CORS, so that wallets and verifiers in browsers can read it. A credential that its holder has
not shared is shown to nobody but the holder and those who answer for it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.skills import api as skills
from microcred_app.conf import settings
from microcred_app.qr import qr_svg
from microcred_app.tracking import TrackedEvent, track

from .browser_check import browser_check_urls, browser_words
from .credential_files import (
    TOKEN_TYPE,
    embedding_of,
    file_urls,
    picture_kind,
    structured_data,
    token_response,
)
from .seeing import is_insider
from .shell import page, wants_html

__all__ = ["public_urls"]

#: Seconds for which others may keep a DID document (a revoked key is believed so long), and a definition.
DID_SECONDS, DOCUMENT_SECONDS = 300, 300
VC_TYPES = ("application/vc+ld+json", "application/vc", "application/ld+json", "application/json")


@require_safe
@never_cache
@page
def credential(request: HttpRequest, credential_id: str) -> HttpResponse:
    """The verify page, or the signed bytes."""
    found = issuance.get_credential(credential_id)
    if found.shared_at is None and not is_insider(request, found):
        if wants_html(request):
            return render(request, "microcred_app/verify/private.html", status=403)
        return _open_to_all(
            JsonResponse(
                {"code": "not_shared", "message": "The holder has not shared this credential."}, status=403
            )
        )
    if not wants_html(request):
        if _wants_token(request):
            return token_response(request, found)
        return _document(request, found.document, found.sha256)
    report = verify_credential(found.document, now=timezone.now())
    award = awards.get_award(found.award_id)
    because = awards.explain_award(award)
    addresses = issuance.addresses_of(fact for leaf in because.leaves for fact in leaf.attainments)
    image_url = reverse("microcred_app:achievement-image", args=[award.badge.key, award.badge.number])
    shown_skills = skills.skills_of(leaf.key for leaf in because.leaves if leaf.kind == "outcome")
    document = json.loads(found.document)
    context = {
        "credential": found,
        "document": document,
        "first_awarded": datetime.fromisoformat(document.get("awardedDate", document["validFrom"])),
        "report": report,
        "badge": award.badge,
        "cause": award.reversal_cause,
        "because": because,
        "skills": shown_skills,
        "recipient": issuance.recipient_name(found.document),
        "evidence": issuance.evidence_of(found.document, addresses),
        "work_is_open": bool(addresses),
        "results": issuance.results_of(found.document),
        "parts": issuance.parts_of(found.document),
        "ends": award.expires_at,
        "copy_ends": found.document_ends,
        "suspended": found.suspended_at is not None and found.revoked_at is None,
        "image_url": image_url,
        "image_address": settings().public_base_url + image_url,
        "structured": structured_data(found, award.badge, [one.name for one in shown_skills], image_url),
        "embedding": embedding_of(found, award.badge) if found.shared_at else None,
        "picture_kind": picture_kind(award.badge),
        "qr": qr_svg(found.uri),
        "is_owner": request.user.is_authenticated and request.user.pk == found.learner_id,
        "linkedin_url": _linkedin(found, award),
        "words": browser_words(),
    }
    if not context["is_owner"]:
        track(
            TrackedEvent.VERIFIED,
            {
                "credential": found.id,
                "award": award.id,
                "uri": found.uri,
                "name": found.badge_name,
                "badge": award.badge.key,
                "version": award.badge.number,
                "result": "suspended" if context["suspended"] else report.verdict,
            },
            user_id=request.user.pk if request.user.is_authenticated else None,
        )
    response = render(request, "microcred_app/verify/credential.html", context)
    response.headers["Vary"] = "Accept, Cookie"
    return response


@require_safe
@page
def credential_qr(request: HttpRequest, credential_id: str) -> HttpResponse:
    """QR of the verify address, as an image for print. Tells nothing that the address does not."""
    found = issuance.get_credential(credential_id)
    return HttpResponse(qr_svg(found.uri), content_type="image/svg+xml")


@require_safe
@page
def achievement(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version of a badge: a page for people, the Achievement for machines."""
    badge = badges.get_version(key, number)
    if not wants_html(request):
        return _json(request, issuance.achievement_document(badge))
    names = badges.names_for([badge.requirement])
    context = {
        "badge": badge,
        "criteria": badges.criteria_text(badge.requirement, names, badge.criteria_intro),
        "skills": skills.show_skills(badge.skill_keys),
        "image_url": reverse("microcred_app:achievement-image", args=[badge.key, badge.number]),
    }
    return render(request, "microcred_app/verify/achievement.html", context)


@require_safe
@page
def achievement_image(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The picture of a version; it never changes, so it may be kept for a year."""
    picture = badges.get_picture(badges.get_version(key, number).image_sha256)
    return _picture(request, picture)


@require_safe
@page
def issuer_image(request: HttpRequest, slug: str) -> HttpResponse:
    """The issuer's picture."""
    return _picture(request, badges.get_picture(badges.get_issuer(slug).image_sha256))


@require_safe
@page
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """An issuer: a page for people, the Profile for machines."""
    info = badges.get_issuer(slug)
    if not wants_html(request):
        return _json(request, issuance.issuer_document(info))
    mine = [badge for badge in badges.list_badges() if badge.issuer.slug == slug]
    return render(
        request,
        "microcred_app/verify/issuer.html",
        {"issuer": info, "badges": mine, "keys": issuance.list_keys(slug)},
    )


@require_safe
@page
def did_document(request: HttpRequest, slug: str) -> HttpResponse:
    """The DID document behind the issuer's did:web, with every key that still verifies."""
    body = json.dumps(issuance.did_document_of(slug)).encode()
    return _cacheable(request, body, "application/did+json", seconds=DID_SECONDS)


@require_safe
@page
def status_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """A status list credential, as it was signed last. Cacheable for a minute, and by ETag."""
    document, sha256 = issuance.status_document(list_id, now=timezone.now())
    response = _document(request, document, sha256)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
@page
def skill(request: HttpRequest, key: str) -> HttpResponse:
    """A skill of this institution's own framework: where an alignment without another address leads."""
    return render(request, "microcred_app/verify/skill.html", {"skill": skills.get_skill(key)})


def _wants_token(request: HttpRequest) -> bool:
    """Whether the form as a token is named before any form as JSON."""
    if request.GET.get("format") in ("json", "jwt"):
        return request.GET["format"] == "jwt"
    for kind in _accepted(request):
        if kind in (TOKEN_TYPE, "application/jwt"):
            return True
        if kind in VC_TYPES:
            return False
    return False


def _accepted(request: HttpRequest) -> list[str]:
    return [part.split(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")]


def _document(request: HttpRequest, document: bytes, sha256: str) -> HttpResponse:
    """The stored bytes under the type that was asked for."""
    etag = f'"{sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _open_to_all(HttpResponseNotModified(headers={"ETag": etag}))
    accepted = _accepted(request)
    kind = next((kind for kind in VC_TYPES if kind in accepted), VC_TYPES[0])
    response = HttpResponse(document, content_type=kind)
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept, Cookie"
    return _open_to_all(response)


def _json(request: HttpRequest, value: dict[str, Any]) -> HttpResponse:
    """A document that is written anew for each request, as it may be kept for some minutes."""
    response = _cacheable(request, json.dumps(value).encode(), "application/json", seconds=DOCUMENT_SECONDS)
    response.headers["Vary"] = "Accept"
    return response


def _cacheable(request: HttpRequest, body: bytes, media_type: str, *, seconds: int) -> HttpResponse:
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=media_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return _open_to_all(response)


def _open_to_all(response: HttpResponse) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _picture(request: HttpRequest, picture: badges.Picture | None) -> HttpResponse:
    if picture is None:
        return _open_to_all(HttpResponse(status=404))
    etag = f'"{picture.sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        return _open_to_all(HttpResponseNotModified(headers={"ETag": etag}))
    response = HttpResponse(picture.content, content_type=picture.media_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return _open_to_all(response)


def _linkedin(found: issuance.IssuedCredential, award: awards.AwardInfo) -> str:
    """LinkedIn's add-to-profile form, filled in; the learner opens it and decides."""
    fields: dict[str, Any] = {
        "startTask": "CERTIFICATION_NAME",
        "name": award.badge.name,
        "organizationName": award.badge.issuer.name,
        "issueYear": award.awarded_at.year,
        "issueMonth": award.awarded_at.month,
        "certUrl": found.uri,
        "certId": found.id,
    }
    return f"https://www.linkedin.com/profile/add?{urlencode(fields)}"


public_urls = [
    *file_urls,
    *browser_check_urls,
    path("credentials/<str:credential_id>", credential, name="credential"),
    path("credentials/<str:credential_id>/qr.svg", credential_qr, name="credential-qr"),
    path("achievements/<slug:key>/v<int:number>", achievement, name="achievement"),
    path("achievements/<slug:key>/v<int:number>/image", achievement_image, name="achievement-image"),
    path("issuers/<slug:slug>", issuer, name="issuer"),
    path("issuers/<slug:slug>/image", issuer_image, name="issuer-image"),
    path("issuers/<slug:slug>/did.json", did_document, name="issuer-did"),
    path("status/<str:list_id>", status_list, name="status-list"),
    path("skills/<str:key>", skill, name="skill"),
]
