"""The learner's own pages: badges with their visibility, and pathways."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.pathways import api as pathways
from microcred_app.compat import platform
from microcred_app.learning import my_badges
from microcred_app.qr import qr_svg

from .shell import person_id, signed_in_page, wants_html

__all__ = ["learner_urls"]


@require_safe
@never_cache
@signed_in_page
def badge_list(request: HttpRequest) -> HttpResponse:
    """Everything the learner holds, newest first, and the pathways open to them."""
    learner_id = person_id(request)
    held = frozenset(awards.held_badges(learner_id))
    context = {"earned": my_badges(learner_id), "pathways": pathways.list_pathways(learner_id, held)}
    return render(request, "microcred_app/learner/badges.html", context)


@require_safe
@never_cache
@signed_in_page
def pathway(request: HttpRequest, key: str) -> HttpResponse:
    """One pathway: what is done, what comes next, where it leads."""
    held = frozenset(awards.held_badges(person_id(request)))
    info = pathways.get_pathway(key, person_id(request), held)
    steps = [
        (stage, platform().unit_url(stage.unit_usage_key) if stage.unit_usage_key else "")
        for stage in info.stages
    ]
    return render(request, "microcred_app/learner/pathway.html", {"pathway": info, "steps": steps})


@require_POST
@signed_in_page
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """Follow a pathway, or leave it: one button, nothing lost."""
    if request.POST.get("leave"):
        pathways.leave(person_id(request), key, now=timezone.now())
        messages.success(request, _("You left the pathway. Your badges stay yours."))
    else:
        pathways.follow(person_id(request), key, now=timezone.now())
        messages.success(request, _("You follow this pathway."))
    return redirect("microcred_app:my-pathway", key)


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
        back = reverse("microcred_app:my-badges")
    return redirect(back)


learner_urls = [
    path("my/", badge_list, name="my-badges"),
    path("my/pathways/<slug:key>", pathway, name="my-pathway"),
    path("my/pathways/<slug:key>/follow", follow, name="my-pathway-follow"),
    path("my/share/<str:credential_id>", share, name="share"),
]
