"""Evidence on its owner's screen, and every way in which a file leaves the server.

Files leave as attachments under a policy that no browser executes anything of; pictures, sound and video of the
kinds whose bytes are checked may be shown in place (``?inline=1``). SVG and HTML never come in, and would leave as
attachments if they did.
"""

from __future__ import annotations

from typing import BinaryIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from microcred_app.applets.evidence import api as evidence
from microcred_app.learning import my_artefact, my_evidence

from .byte_ranges import file_response
from .shell import page, person_id, signed_in_page

__all__ = ["evidence_urls"]


@require_safe
@never_cache
@signed_in_page
def evidence_file(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """The bytes, for owner and reviewers only, in a form that no browser executes."""
    info, content = evidence.open_evidence_file(person_id(request), file_id, now=timezone.now())
    return _bytes(request, info, content)


@require_safe
@never_cache
@page
def linked_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """What a link leads to: a page that says what it is, and the bytes behind it."""
    info, content = evidence.open_linked_file(token, now=timezone.now())
    if "inline" in request.GET or "download" in request.GET:
        return _bytes(request, info, content)
    content.close()
    response = render(
        request,
        "microcred_app/evidence/linked.html",
        {"file": info, "kind": info.media_type.partition("/")[0]},
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@never_cache
@signed_in_page
def own(request: HttpRequest) -> HttpResponse:
    """My evidence: every artefact, what it proves, who may see it, and the links made."""
    artefacts = my_evidence(person_id(request), now=timezone.now())
    return render(request, "microcred_app/evidence/own.html", {"artefacts": artefacts, "section": "evidence"})


@require_safe
@never_cache
@signed_in_page
def receipt(request: HttpRequest, submission_id: str) -> HttpResponse:
    """What was handed in and when, as a text file with every fingerprint."""
    now = timezone.now()
    artefact = my_artefact(person_id(request), submission_id, now=now)
    text = render_to_string("microcred_app/evidence/receipt.txt", {"artefact": artefact, "now": now}, request)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="receipt-{artefact.evidence.info.id[:8]}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@signed_in_page
def make_link(request: HttpRequest, file_id: str) -> HttpResponse:
    """A link to one file."""
    days = request.POST.get("days", "")
    link = evidence.make_link(
        person_id(request),
        file_id,
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
        note=request.POST.get("note", ""),
        now=timezone.now(),
    )
    messages.success(request, _("The link is ready. Copy it from the list."))
    return redirect(f"{_home()}#link-{link.id}")


@require_POST
@signed_in_page
def end_link(request: HttpRequest, link_id: str) -> HttpResponse:
    """No more of this link."""
    evidence.revoke_link(person_id(request), link_id, now=timezone.now())
    messages.success(request, _("The link has ended. It leads nowhere from now on."))
    return redirect(_home())


@require_POST
@signed_in_page
def publish(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Whether this evidence may be published with the credential it proves."""
    wanted = request.POST.get("publish") == "yes"
    evidence.publish_with_credential(person_id(request), submission_id, wanted=wanted, now=timezone.now())
    said = (
        _("Noted: this evidence may be published with your badge.")
        if wanted
        else _("Noted: this evidence stays private.")
    )
    messages.success(request, said)
    return redirect(f"{_home()}#evidence-{submission_id}")


@require_POST
@signed_in_page
def remove(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Remove files and words; their fingerprints stay."""
    if request.POST.get("sure") != "yes":
        raise evidence.EvidenceMissing(_("Tick the box that says you are sure, then press the button again."))
    evidence.remove_own(person_id(request), submission_id, now=timezone.now())
    messages.success(request, _("Removed. The fingerprints stay, so your badges can still be checked."))
    return redirect(_home())


def _home() -> str:
    return reverse("microcred_app:my-evidence")


def _bytes(request: HttpRequest, info: evidence.FileInfo, content: BinaryIO) -> HttpResponseBase:
    inline = request.GET.get("inline") == "1" and evidence.may_be_shown(info.media_type)
    response = file_response(request, content, size=info.size, media_type=info.media_type, etag=info.sha256)
    disposition = content_disposition_header(as_attachment=not inline, filename=info.name or "evidence")
    if disposition:
        response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


evidence_urls = [
    path("my/evidence/", own, name="my-evidence"),
    path("my/evidence/<str:submission_id>/receipt.txt", receipt, name="evidence-receipt"),
    path("my/evidence/<str:submission_id>/publish", publish, name="evidence-publish"),
    path("my/evidence/<str:submission_id>/remove", remove, name="evidence-remove"),
    path("my/evidence/link/<str:file_id>", make_link, name="evidence-link-make"),
    path("my/evidence/link/<str:link_id>/end", end_link, name="evidence-link-end"),
    path("evidence/shared/<str:token>", linked_file, name="evidence-link"),
    path("evidence/<str:file_id>", evidence_file, name="evidence-file"),
]
