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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from microcred_app import rules
from microcred_app.applets.awards import api as awards
from microcred_app.applets.pathways import api as pathways
from microcred_app.learning import (
    Wish,
    browse,
    explain_roads,
    life_notice,
    list_switches,
    show_pathway,
    show_switch,
    units_that_fit,
)

from .shell import page, person_id, signed_in_page

__all__ = ["pathway_urls"]

ON_A_PAGE = 24
LENGTHS = (15, 30, 60, 120, 300)
#: Minutes that somebody may have right now.
SPARE = (5, 10, 20, 30, 60)


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
    minutes, problem = _minutes(request.GET.get("minutes", "")[:200]) if learner_id else (None, "")
    context = {
        "entry": entry,
        "minutes": minutes,
        "minutes_problem": problem,
        "spare": sorted({*SPARE, *([minutes] if minutes else [])}),
        "fitting": units_that_fit(road, learner_id, minutes) if learner_id and minutes else (),
        "pathway": entry.pathway,
        "road": road,
        # For the drawn map: the tree, the titles of what it mentions, how it stands.
        "requirement": requirement,
        "names": road.names,
        "explanation": road.explanation if learner_id else None,
        "suspended": _suspended_in(requirement, learner_id) if learner_id else [],
        "notice": life_notice(entry.pathway.badge),
        "section": "pathways",
    }
    return render(request, "microcred_app/learner/pathway.html", context, status=400 if problem else 200)


def _suspended_in(requirement: rules.Node, learner_id: int) -> list[str]:
    """Names of the badges that the pathway asks for, and that the learner holds and that are suspended."""
    mine = awards.suspended_badges(learner_id)
    return sorted(mine[key] for kind, key in rules.mentions(requirement) if kind == "badge" and key in mine)


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


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_page
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Other pathways with what carries over to each; the chosen one in full, before anything is switched."""
    person, now = person_id(request), timezone.now()
    if request.method == "POST":
        to = request.POST.get("to", "")[:255]
        if to == key:
            raise pathways.PathwayNotFound(_("Choose another pathway than the one you leave."))
        pathways.switch(person, key, to, now=now)
        messages.success(request, _("You follow this pathway now. What you earned stays yours."))
        return redirect("microcred_app:my-pathway", to)
    to = request.GET.get("to", "")[:255]
    context = {
        "entry": show_pathway(key, person),
        "chosen": show_switch(key, to, person, now=now) if to and to != key else None,
        "switches": () if to and to != key else list_switches(key, person, now=now),
        "section": "pathways",
    }
    return render(request, "microcred_app/learner/switch.html", context)


def _minutes(text: str) -> tuple[int | None, str]:
    """The most minutes somebody has, or what is wrong with what they typed."""
    if not text:
        return None, ""
    if text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) > 0:
        return int(text), ""
    return None, _("Give the minutes as a whole number above 0.")


pathway_urls = [
    path("pathways/", catalogue, name="pathways"),
    path("pathways/<slug:key>", pathway, name="pathway"),
    path("my/pathways/<slug:key>", my_pathway, name="my-pathway"),
    path("my/pathways/<slug:key>/follow", follow, name="my-pathway-follow"),
    path("my/pathways/<slug:key>/switch", switch, name="my-pathway-switch"),
]
