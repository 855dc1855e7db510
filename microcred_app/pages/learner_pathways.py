"""Pathways: the catalogue that anybody may read, and each one as a learner stands before it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from microcred_app.applets.pathways import api as pathways
from microcred_app.learning import Wish, browse, explain_roads, life_notice, show_pathway

from .shell import page, person_id, signed_in_page

__all__ = ["pathway_urls"]

ON_A_PAGE = 24
LENGTHS = (15, 30, 60, 120, 300)


@require_safe
@never_cache
@page
def catalogue(request: HttpRequest) -> HttpResponse:
    """Pathways by skill, level, length and language; what is asked stands in the address, so it can be kept."""
    asked = {name: request.GET.get(name, "")[:200] for name in ("skill", "level", "language", "minutes")}
    minutes, problem = _minutes(asked["minutes"])
    wish = Wish(asked["skill"], asked["level"], asked["language"], minutes)
    found = browse(request.user.pk, wish)
    pages = Paginator(found.entries, ON_A_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "catalogue": found,
        "page": pages.get_page(request.GET.get("page")),
        "asked": asked,
        "filtered": bool(wish) or bool(problem),
        "problem": problem,
        "lengths": sorted({*LENGTHS, *([minutes] if minutes else [])}),
        "query": query.urlencode(),
        "section": "pathways",
    }
    return render(request, "microcred_app/learner/catalogue.html", context, status=400 if problem else 200)


@require_safe
@never_cache
@page
def pathway(request: HttpRequest, key: str) -> HttpResponse:
    """One pathway: what is done, what comes next and why, where it leads. Without a learner, what it takes."""
    learner_id = request.user.pk
    entry = show_pathway(key, learner_id)
    requirement = entry.pathway.badge.requirement
    road = explain_roads([requirement], learner_id, now=timezone.now())[0]
    context = {
        "entry": entry,
        "pathway": entry.pathway,
        "road": road,
        # For the drawn map: the tree, the titles of what it mentions, how it stands.
        "requirement": requirement,
        "names": road.names,
        "explanation": road.explanation if learner_id else None,
        "notice": life_notice(entry.pathway.badge),
        "section": "pathways",
    }
    return render(request, "microcred_app/learner/pathway.html", context)


my_pathway = signed_in_page(pathway)


@require_POST
@signed_in_page
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """Follow a pathway, set it aside, or leave it: one button each, nothing lost."""
    person, now = person_id(request), timezone.now()
    if request.POST.get("leave"):
        pathways.leave(person, key, now=now)
        messages.success(request, _("You left the pathway. Your badges stay yours."))
    elif request.POST.get("pause"):
        pathways.pause(person, key, now=now)
        messages.success(request, _("You set this pathway aside. Take it up again whenever you like."))
    else:
        pathways.follow(person, key, now=now)
        messages.success(request, _("You follow this pathway."))
    return redirect("microcred_app:my-pathway", key)


def _minutes(text: str) -> tuple[int | None, str]:
    """The most minutes somebody has, or what is wrong with what they typed."""
    if not text:
        return None, ""
    if text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) > 0:
        return int(text), ""
    return None, _("Give the minutes as a whole number above 0. All pathways are shown.")


pathway_urls = [
    path("pathways/", catalogue, name="pathways"),
    path("pathways/<slug:key>", pathway, name="pathway"),
    path("my/pathways/<slug:key>", my_pathway, name="my-pathway"),
    path("my/pathways/<slug:key>/follow", follow, name="my-pathway-follow"),
]
