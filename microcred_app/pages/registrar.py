"""The registrar's pages: who holds what, why, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.compat import platform

from .shell import REVOKE_PERMISSION, person_id, registrar_page

__all__ = ["registrar_urls"]

PAGE_LIMIT = 200


@dataclass(frozen=True)
class Row:
    """One award in the list, with its holder's name."""

    award: awards.AwardInfo
    holder: str


@require_safe
@never_cache
@registrar_page
def award_list(request: HttpRequest) -> HttpResponse:
    """Every award, newest first; narrowed by badge, and by the holder's name or address."""
    badge_key = request.GET.get("badge", "")
    wanted = request.GET.get("q", "").strip()[:200]
    people = _find_people(wanted) if wanted else None
    found = awards.list_awards(badge_key=badge_key, learner_ids=people, limit=PAGE_LIMIT)
    context = {
        "rows": [Row(award, _name(award.learner_id)) for award in found],
        "badges": badges.list_badges(),
        "badge_key": badge_key,
        "q": wanted,
        "limit": PAGE_LIMIT,
    }
    return render(request, "microcred_app/registrar/awards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def award_detail(request: HttpRequest, award_id: str) -> HttpResponse:
    """One award with everything behind it; and its revocation, which needs a reason."""
    may_revoke = request.user.has_perm(REVOKE_PERMISSION)
    problem = ""
    if request.method == "POST":
        if not may_revoke:
            return render(request, "microcred_app/no_access.html", status=403)
        try:
            awards.reverse_award(
                award_id,
                actor_id=person_id(request),
                reason=request.POST.get("reason", ""),
                now=timezone.now(),
            )
        except (awards.ReasonMissing, awards.AlreadyReversed) as error:
            problem = str(error)
        else:
            messages.success(request, _("Revoked. Whoever checks the badge from now on sees it."))
            return redirect("microcred_app:registrar-award", award_id)
    award = awards.get_award(award_id)
    context = {
        "award": award,
        "holder": _name(award.learner_id),
        "because": awards.explain_award(award),
        "credential": issuance.credential_of_award(award.id),
        "built_on": awards.awards_built_on(award),
        "history": audit.list_entries(object_type="award", object_id=award.id),
        "may_revoke": may_revoke,
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "microcred_app/registrar/award.html", context, status=400 if problem else 200)


@require_safe
@never_cache
@registrar_page
def badge_list(request: HttpRequest) -> HttpResponse:
    """Every badge that can be earned, with the sentence its rule enforces."""
    found = badges.list_badges()
    names = badges.names_for([badge.requirement for badge in found])
    rows = [(badge, badges.criteria_text(badge.requirement, names)) for badge in found]
    return render(request, "microcred_app/registrar/badges.html", {"rows": rows})


def _name(learner_id: int) -> str:
    return platform().learner_name(learner_id) or f"#{learner_id}"


def _find_people(wanted: str) -> list[int]:
    rows = get_user_model().objects.filter(
        Q(username__icontains=wanted)
        | Q(email__iexact=wanted)
        | Q(first_name__icontains=wanted)
        | Q(last_name__icontains=wanted)
    )
    return list(rows.values_list("pk", flat=True)[:PAGE_LIMIT])


registrar_urls = [
    path("registrar/", award_list, name="registrar-awards"),
    path("registrar/awards/<str:award_id>", award_detail, name="registrar-award"),
    path("registrar/badges/", badge_list, name="registrar-badges"),
]
