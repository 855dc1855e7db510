"""The learner's badges: what they hold, who may see it, and all of it as a file of their own."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from microcred_app.applets.announcements.api import wants_notices
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.mailing.api import wants_mail
from microcred_app.applets.pathways import api as pathways
from microcred_app.applets.vendors.api import choices_for
from microcred_app.applets.webhooks.api import recipients_for
from microcred_app.external import list_kept
from microcred_app.learning import my_badges, my_resume, write_takeaway
from microcred_app.people import write_person_record
from microcred_app.permissions import api as permissions
from microcred_app.qr import qr_svg

from .learner_pathways import pathway_urls
from .shell import person_id, signed_in_page, wants_html

__all__ = ["learner_urls"]


@require_safe
@never_cache
@signed_in_page
def badge_list(request: HttpRequest) -> HttpResponse:
    """Everything the learner holds, newest first, and the pathways they are on or could take."""
    learner_id = person_id(request)
    held = frozenset(awards.held_badges(learner_id))
    context = {
        "earned": my_badges(learner_id),
        "pathways": pathways.list_followed(learner_id, held),
        "external": list_kept(learner_id),
        "asked_for_address": bool(recipients_for(learner_id) or choices_for(learner_id)),
        "wants_mail": wants_mail(learner_id),
        "wants_notices": wants_notices(learner_id),
        "section": "badges",
        "reminders": issuance.wants_reminders(learner_id),
    }
    return render(request, "microcred_app/learner/badges.html", context)


@require_safe
@never_cache
@login_required
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Everything the learner holds as a zip file, written while it is sent."""
    now = timezone.now()
    response = StreamingHttpResponse(
        write_takeaway(person_id(request), now=now), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="badges-{now:%Y-%m-%d}.zip"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@never_cache
@signed_in_page
def resume(request: HttpRequest) -> HttpResponse:
    """The badges that hold, as a résumé document for systems of employers; with name and address, so for its owner."""
    permissions.refuse_other_eyes()
    now = timezone.now()
    content = json.dumps(my_resume(person_id(request), now=now), ensure_ascii=False, indent=1)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="ler-rs-{now:%Y-%m-%d}.json"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
@never_cache
@signed_in_page
def personal_data(request: HttpRequest) -> StreamingHttpResponse:
    """Everything that is kept about whoever asks, as a zip file, written while it is sent."""
    permissions.refuse_other_eyes()
    now = timezone.now()
    response = StreamingHttpResponse(
        write_person_record(person_id(request), now=now), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{now:%Y-%m-%d}.zip"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@signed_in_page
def share(request: HttpRequest, credential_id: str) -> HttpResponse:
    """Open a badge to whoever has its link, or close it again. Only its holder can."""
    if request.POST.get("visibility") == "private":
        found = issuance.hide_credential(person_id(request), credential_id)
    else:
        found = issuance.share_credential(person_id(request), credential_id, now=timezone.now())
    shared = found.shared_at is not None
    if not wants_html(request):
        return JsonResponse(
            {
                "shared": shared,
                "verify_url": found.uri if shared else "",
                "qr_svg": qr_svg(found.uri) if shared else "",
            }
        )
    messages.success(
        request,
        _("Whoever has the link can see this badge.") if shared else _("This badge is private again."),
    )
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = f"{reverse('microcred_app:my-badges')}#badge-{found.award_id}"
    return redirect(back)


@require_POST
@signed_in_page
def reminders(request: HttpRequest) -> HttpResponse:
    """Whether the learner is told before a badge ends."""
    wanted = request.POST.get("reminders") == "on"
    issuance.set_reminders(person_id(request), wanted=wanted, now=timezone.now())
    messages.success(
        request,
        _("We write to you before a badge ends.")
        if wanted
        else _("We do not write to you about badges that end."),
    )
    return redirect(f"{reverse('microcred_app:my-badges')}#reminders")


learner_urls = [
    path("my/", badge_list, name="my-badges"),
    path("my/data.zip", personal_data, name="my-data"),
    path("my/badges.zip", download, name="my-download"),
    path("my/resume.json", resume, name="my-resume"),
    path("my/reminders", reminders, name="my-reminders"),
    path("my/share/<str:credential_id>", share, name="share"),
    *pathway_urls,
]
