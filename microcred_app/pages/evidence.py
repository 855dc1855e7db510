"""Evidence on its owner's screen, and every way in which a file leaves the server.

Files leave as attachments under a policy that no browser executes anything of; pictures, sound and video of the
kinds whose bytes are checked may be shown in place (``?inline=1``), and PDF in the browser's own viewer. SVG and HTML
never come in, and would leave as attachments if they did.
"""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

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
from microcred_app.permissions import api as permissions

from .byte_ranges import file_response
from .shell import page, person_id, signed_in_page, wants_html

__all__ = ["evidence_urls"]

FILE_POLICY = "default-src 'none'; sandbox"
#: Browsers' own viewers refuse to start in a sandbox. They run a document in a process that knows no page and no
#: session of ours; ours are the only pages that may frame it, and the policy lets it load nothing but itself.
DOCUMENT_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@require_safe
@never_cache
@signed_in_page
def evidence_file(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """The bytes, for owner and reviewers only, in a form that no browser executes.

    Not through other eyes: it would stand in the trace as the learner's own look. Staff open it as themselves.
    """
    permissions.refuse_other_eyes()
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
    return _unlisted(
        render(
            request,
            "microcred_app/evidence/linked.html",
            {"file": info, "kind": info.media_type.partition("/")[0]},
        )
    )


@require_safe
@never_cache
@page
def published(request: HttpRequest, publication_id: UUID, kind: str, sha256: str) -> HttpResponseBase:
    """Work that its owner published with a badge: a page for people, for machines the bytes with that fingerprint."""
    piece, content = evidence.open_published(str(publication_id), kind, sha256, now=timezone.now())
    if "inline" in request.GET or "download" in request.GET or not wants_html(request):
        response = _bytes(request, piece, content)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
    content.close()
    return _unlisted(
        render(
            request,
            "microcred_app/evidence/published.html",
            {"piece": piece, "kind": piece.media_type.partition("/")[0]},
        )
    )


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


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Vary"] = "Accept, Cookie"
    return response


def _bytes(
    request: HttpRequest, info: evidence.FileInfo | evidence.PublishedPiece, content: BinaryIO
) -> HttpResponseBase:
    inline = request.GET.get("inline") == "1" and evidence.may_be_shown(info.media_type)
    response = file_response(request, content, size=info.size, media_type=info.media_type, etag=info.sha256)
    # Django 4.2 leaves line ends in the name, and refuses the header then.
    name = " ".join((info.name or "").split()) or "evidence"
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    if disposition:
        response["Content-Disposition"] = disposition
    framed = inline and info.media_type == "application/pdf"
    response["Content-Security-Policy"] = DOCUMENT_POLICY if framed else FILE_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN" if framed else "DENY"
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
    path(
        "evidence/published/<uuid:publication_id>/<str:kind>/<str:sha256>",
        published,
        name="evidence-published",
    ),
    path("evidence/<str:file_id>", evidence_file, name="evidence-file"),
]
