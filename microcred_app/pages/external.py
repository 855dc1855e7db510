"""Badges from elsewhere: a learner brings one, sees what counts, and takes it out again.

Verifying may ask other sites, so it runs outside the transaction in which the result is kept.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from microcred_app.api import MicrocredError
from microcred_app.applets.imports.api import held_elsewhere
from microcred_app.compat import platform
from microcred_app.external import (
    MAX_BYTES,
    ExternalRefused,
    KeptBadge,
    forget_badge,
    keep_badge,
    list_kept,
    list_lost,
    read_badge,
)
from microcred_app.permissions import api as permissions

from .shell import person_id, signed_in_page

__all__ = ["external_urls"]

#: A text longer than this is not shown again: it would make the page as long as itself.
MAX_SHOWN = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@transaction.non_atomic_requests
@login_required
def external(request: HttpRequest) -> HttpResponse:
    """The form, and what counts already."""
    refused: MicrocredError | None = None
    pasted = request.POST.get("text", "")
    if request.method == "POST":
        try:
            kept = _bring(request, pasted)
        except MicrocredError as error:
            refused = error
        else:
            messages.success(request, _("“{badge}” counts from now on.").format(badge=kept.name))
            return redirect("microcred_app:my-external")
    context = {
        "kept": list_kept(person_id(request)),
        "lost": list_lost(person_id(request)),
        "elsewhere": held_elsewhere(person_id(request)),
        "refused": refused,
        "checks": refused.checks if isinstance(refused, ExternalRefused) else (),
        "pasted": pasted if len(pasted) <= MAX_SHOWN else "",
        "email": platform().learner_email(person_id(request)),
        "megabytes": MAX_BYTES // 1_000_000,
        "section": "badges",
    }
    return render(request, "microcred_app/learner/external.html", context, status=400 if refused else 200)


@require_POST
@signed_in_page
def forget(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """Let a badge count no more."""
    forget_badge(person_id(request), str(fact_id), now=timezone.now())
    messages.success(request, _("It does not count any more. Badges that you earned with it stay yours."))
    return redirect("microcred_app:my-external")


def _bring(request: HttpRequest, pasted: str) -> KeptBadge:
    if permissions.looks_through_other_eyes():
        raise ExternalRefused(
            _("You are viewing as a learner. Nothing is saved while you do."), "masquerading"
        )
    now = timezone.now()
    upload = request.FILES.get("file")
    if upload is not None and pasted.strip():
        raise ExternalRefused(_("Choose one: a file, or a text. You gave both."), "both")
    data = upload.read(MAX_BYTES + 1) if upload is not None else pasted.encode("utf-8", "surrogatepass")
    badge = read_badge(data, now=now)
    with transaction.atomic():
        return keep_badge(person_id(request), badge, now=now)


external_urls = [
    path("my/elsewhere/", external, name="my-external"),
    path("my/elsewhere/<uuid:fact_id>/forget", forget, name="my-external-forget"),
]
