"""The registrar's pages: who holds what, why, and taking it back.

Everybody sees what their office lets them see: the queries are narrowed to the organisations that the person
answers for, and an award of another organisation is answered as one that does not exist.
"""

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
from microcred_app.applets.offices import api as offices
from microcred_app.compat import platform

from .shell import person_id, registrar_page

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
    """Awards of the person's organisations, newest first; narrowed by badge, holder's name or address."""
    scope = offices.require_somewhere(person_id(request), offices.Action.VIEW_AWARDS)
    badge_key = request.GET.get("badge", "")
    wanted = request.GET.get("q", "").strip()[:200]
    people = _find_people(wanted) if wanted else None
    found = awards.list_awards(
        badge_key=badge_key, learner_ids=people, issuer_slugs=scope.filter_slugs, limit=PAGE_LIMIT
    )
    context = {
        "rows": [Row(award, _name(award.learner_id)) for award in found],
        "badges": [badge for badge in badges.list_badges() if scope.covers(badge.issuer.slug)],
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
    person = person_id(request)
    scope = offices.require_somewhere(person, offices.Action.VIEW_AWARDS)
    award = awards.get_award(award_id, issuer_slugs=scope.filter_slugs)
    problem = ""
    if request.method == "POST":
        try:
            awards.reverse_award(
                award.id,
                actor_id=person,
                reason=request.POST.get("reason", ""),
                now=timezone.now(),
            )
        except (awards.ReasonMissing, awards.AlreadyReversed) as error:
            problem = str(error)
        else:
            messages.success(request, _("Revoked. Whoever checks the badge from now on sees it."))
            return redirect("microcred_app:registrar-award", award.id)
    context = {
        "award": award,
        "holder": _name(award.learner_id),
        "because": awards.explain_award(award),
        "credential": issuance.credential_of_award(award.id),
        "built_on": [
            other for other in awards.awards_built_on(award) if scope.covers(other.badge.issuer.slug)
        ],
        "history": audit.list_entries(object_type="award", object_id=award.id),
        "may_revoke": offices.may(person, offices.Action.REVOKE_AWARDS, award.badge.issuer.slug),
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "microcred_app/registrar/award.html", context, status=400 if problem else 200)


@require_safe
@never_cache
@registrar_page
def badge_list(request: HttpRequest) -> HttpResponse:
    """The badges of the person's organisations, with the sentence that each one's rule enforces."""
    scope = offices.require_somewhere(person_id(request), offices.Action.VIEW_DEFINITIONS)
    found = [badge for badge in badges.list_badges() if scope.covers(badge.issuer.slug)]
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
