"""What an employer or a holder takes along from a shared credential: files, a certificate to print, a badge to embed.

Everything here asks the same question as the verify page: is this credential shared, or is this its holder? A frame on
somebody else's site carries no cookies that count, so it shows shared credentials only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import path, resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from microcred_app.api import verify_credential
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.conf import settings
from microcred_app.ob3.baking import bake_png, bake_svg, is_png, is_svg
from microcred_app.ob3.errors import BakingError
from microcred_app.qr import qr_svg

from .seeing import may_see
from .shell import page

__all__ = [
    "TOKEN_TYPE",
    "Embedding",
    "embedding_of",
    "file_urls",
    "picture_kind",
    "structured_data",
    "token_response",
]

#: No script at all: names in a credential are other people's words. Styles come from where the site keeps them.
_NO_SCRIPT = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
_STYLES = Path(__file__).resolve().parent.parent / "static/microcred_app/verify/certificate.css"
FRAME_WIDTH, FRAME_HEIGHT = 340, 190
#: Securing VCs with JOSE and COSE section 6.1.1.
TOKEN_TYPE = "application/vc+jwt"  # noqa: S105 - a media type


@dataclass(frozen=True)
class Embedding:
    """Two snippets for a page of one's own: a frame that says what holds now, and a picture with a link."""

    frame: str
    picture: str


@require_safe
@never_cache
@page
def document(request: HttpRequest, credential_id: str) -> HttpResponse:
    """The signed bytes as a file."""
    found = may_see(request, credential_id)
    return _file(found.document, "application/vc+ld+json", f"{_stem(found)}.json")


@require_safe
@never_cache
@page
def token(request: HttpRequest, credential_id: str) -> HttpResponse:
    """The credential as a token, for systems that read JOSE."""
    found = may_see(request, credential_id)
    return _file(issuance.token_of(found, now=timezone.now()), TOKEN_TYPE, f"{_stem(found)}.jwt")


@require_safe
@never_cache
@page
def baked(request: HttpRequest, credential_id: str) -> HttpResponse:
    """The badge's picture with the credential inside, as PNG or SVG, whichever the picture is."""
    found = may_see(request, credential_id)
    picture = badges.get_picture(awards.get_award(found.award_id).badge.image_sha256)
    try:
        if picture is not None and is_png(picture.content):
            return _file(bake_png(picture.content, found.document), "image/png", f"{_stem(found)}.png")
        if picture is not None and is_svg(picture.content):
            return _file(bake_svg(picture.content, found.document), "image/svg+xml", f"{_stem(found)}.svg")
    except BakingError as error:
        raise issuance.CredentialNotFound(
            _("This picture cannot carry a credential. Download the credential as JSON.")
        ) from error
    raise issuance.CredentialNotFound(
        _("This badge has no PNG or SVG picture. Download the credential as JSON.")
    )


@require_safe
@never_cache
@page
def certificate(request: HttpRequest, credential_id: str) -> HttpResponse:
    """A sheet to print or keep: one file with everything in it, the signed credential too; readable without a network.

    With ``?download`` it is sent as a file.
    """
    found = may_see(request, credential_id)
    award = awards.get_award(found.award_id)
    picture = badges.get_picture(award.badge.image_sha256)
    stated = json.loads(found.document)
    download = "download" in request.GET
    context = {
        "credential": found,
        "badge": award.badge,
        "document": stated,
        "awarded": datetime.fromisoformat(stated.get("awardedDate", stated["validFrom"])),
        "ends": award.expires_at,
        "suspended": found.suspended_at is not None and found.revoked_at is None,
        "recipient": issuance.recipient_name(found.document),
        "proves": awards.met_titles([award])[award.id],
        "results": issuance.results_of(found.document),
        "picture": _picture_of(award.badge, picture, download=download),
        "signed_file": _data_uri("application/vc+ld+json", found.document) if download else "",
        "styles": _STYLES.read_text(encoding="utf-8") if download else "",
        "file_name": f"{_stem(found)}.json",
        "qr": qr_svg(found.uri, title=_("QR code that leads to the page where this is checked")),
        "report": verify_credential(found.document, now=timezone.now()),
        "now": timezone.now(),
        "download": download,
    }
    response = render(request, "microcred_app/verify/certificate.html", context)
    response.headers["Content-Security-Policy"] = _NO_SCRIPT
    response.headers["X-Content-Type-Options"] = "nosniff"
    if download:
        response.headers["Content-Disposition"] = f'attachment; filename="{_stem(found)}.html"'
    return response


@require_safe
@xframe_options_exempt
@page
def embed(request: HttpRequest, credential_id: str) -> HttpResponse:
    """A small page for a frame on somebody's site: the badge, and whether it holds now. For shared credentials only."""
    found = issuance.get_credential(credential_id)
    shared = found.shared_at is not None
    context: dict[str, Any] = {"shared": shared, "credential": found if shared else None}
    if shared:
        badge = awards.get_award(found.award_id).badge
        context |= {
            "badge": badge,
            "recipient": issuance.recipient_name(found.document),
            "report": verify_credential(found.document, now=timezone.now()),
            "suspended": found.suspended_at is not None and found.revoked_at is None,
            "image_url": reverse("microcred_app:achievement-image", args=[badge.key, badge.number]),
        }
    response = render(request, "microcred_app/verify/embed.html", context, status=200 if shared else 403)
    response.headers["Content-Security-Policy"] = f"{_NO_SCRIPT}; frame-ancestors *"
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
@page
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 for addresses of shared credentials of this site; nothing is fetched."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"code": "format", "message": "Only JSON is spoken here."}, status=501)
    found = issuance.get_credential(_credential_in(request.GET.get("url", "")))
    if found.shared_at is None:
        return JsonResponse(
            {"code": "not_shared", "message": "The holder has not shared this credential."}, status=403
        )
    badge = awards.get_award(found.award_id).badge
    width = _at_most(request.GET.get("maxwidth", ""), FRAME_WIDTH)
    height = _at_most(request.GET.get("maxheight", ""), FRAME_HEIGHT)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": badge.name,
        "provider_name": badge.issuer.name,
        "provider_url": settings().public_base_url,
        "cache_age": 60,
        "width": width,
        "height": height,
        "html": _frame(found.id, badge.name, width, height),
    }
    response = JsonResponse(answer)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def token_response(request: HttpRequest, found: issuance.IssuedCredential) -> HttpResponse:
    """The token at the credential's own address, for whoever may see the credential."""
    content = issuance.token_of(found, now=timezone.now())
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=TOKEN_TYPE)
    response.headers["ETag"] = etag
    response.headers["Vary"] = "Accept, Cookie"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def embedding_of(found: issuance.IssuedCredential, badge: badges.PublishedBadge) -> Embedding:
    """What a holder pastes into a page of their own."""
    image = settings().public_base_url + reverse(
        "microcred_app:achievement-image", args=[badge.key, badge.number]
    )
    picture = format_html(
        '<a href="{}"><img src="{}" alt="{}" width="160" height="160"></a>',
        found.uri,
        image,
        _("Badge “{name}” by {issuer}. Follow the link to check it.").format(
            name=badge.name, issuer=badge.issuer.name
        ),
    )
    return Embedding(_frame(found.id, badge.name, FRAME_WIDTH, FRAME_HEIGHT), str(picture))


def structured_data(
    found: issuance.IssuedCredential, badge: badges.PublishedBadge, skills: list[str], image_url: str
) -> str:
    """schema.org's words for the same, as text that can stand inside a script element. Names no person."""
    base = settings().public_base_url
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "@id": found.uri,
        "url": found.uri,
        "name": badge.name,
        "description": badge.description,
        "credentialCategory": badge.achievement_type,
        "image": base + image_url,
        "recognizedBy": {
            "@type": "Organization",
            "name": badge.issuer.name,
            "url": badge.issuer.url,
        },
    }
    if skills:
        data["competencyRequired"] = skills
    text = json.dumps(data, ensure_ascii=False)
    # What could end the element, or begin a comment in it, is written as JSON writes it otherwise.
    for letter, written in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(letter, written)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def picture_kind(badge: badges.PublishedBadge) -> str:
    """``PNG`` or ``SVG`` where the badge's picture can carry the credential; empty otherwise."""
    picture = badges.get_picture(badge.image_sha256)
    if picture is None:
        return ""
    return "PNG" if is_png(picture.content) else "SVG" if is_svg(picture.content) else ""


def _frame(credential_id: str, name: str, width: int, height: int) -> str:
    address = settings().public_base_url + reverse("microcred_app:credential-embed", args=[credential_id])
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0"></iframe>',
        address,
        _("Badge: {name}").format(name=name),
        width,
        height,
    )


def _credential_in(url: str) -> str:
    """The id in an address of this site; raises :class:`~issuance.CredentialNotFound` for any other."""
    base = settings().public_base_url
    if url.startswith(f"{base}/") and len(url) < 1_000:
        try:
            match = resolve(urlsplit(url).path)
        except (Resolver404, ValueError):
            match = None
        if match is not None and match.view_name == "microcred_app:credential":
            return str(match.kwargs["credential_id"])
    raise issuance.CredentialNotFound(_("This is no address of a badge on this site."))


def _at_most(text: str, most: int) -> int:
    return min(most, max(120, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else most


def _picture_of(badge: badges.PublishedBadge, picture: badges.Picture | None, *, download: bool) -> str:
    """Where the badge's picture is: at its address, or in the file itself where that is to stand alone."""
    if picture is None:
        return ""
    if download:
        return _data_uri(picture.media_type, picture.content)
    return reverse("microcred_app:achievement-image", args=[badge.key, badge.number])


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _stem(found: issuance.IssuedCredential) -> str:
    return f"badge-{found.id[:8]}"


def _data_uri(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


file_urls = [
    path("credentials/<str:credential_id>/credential.json", document, name="credential-file"),
    path("credentials/<str:credential_id>/credential.jwt", token, name="credential-token"),
    path("credentials/<str:credential_id>/badge", baked, name="credential-baked"),
    path("credentials/<str:credential_id>/certificate", certificate, name="credential-certificate"),
    path("credentials/<str:credential_id>/embed", embed, name="credential-embed"),
    path("oembed", oembed, name="oembed"),
]
