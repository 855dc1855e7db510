"""Insights of an organisation: how far learners come with badges and pathways, skills by course, readiness for jobs,
what makes badges worth less, and what ends soon. Tables first; each of them also as a sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app.applets.badges import api as badges
from microcred_app.applets.insights import api as insights
from microcred_app.conf import settings
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .insight_sheets import insight_sheet_urls
from .query import PAGE_SIZE, read_paging

__all__ = ["insight_urls"]

PARTS: tuple[tuple[str, str, Promise], ...] = (
    ("badge", "registrar-insights", gettext_lazy("Badges")),
    ("pathway", "registrar-insights-pathways", gettext_lazy("Pathways")),
    ("skills", "registrar-insights-skills", gettext_lazy("Skills by course")),
    ("profiles", "registrar-insights-profiles", gettext_lazy("Job profiles")),
    ("worth", "registrar-insights-worth", gettext_lazy("Worth of badges")),
    ("ending", "registrar-insights-ending", gettext_lazy("Ending soon")),
)
NOTES: dict[str, Promise] = {
    "unassessed": gettext_lazy("Nothing is assessed: it is given for looking at pages."),
    "alike": gettext_lazy("Nearly the same name and the same skills as another badge."),
    "unseen": gettext_lazy("Nobody who holds it has shared it or put it into a wallet."),
    "untimed": gettext_lazy("It does not say how long it takes."),
    "short": gettext_lazy("It takes less than ten minutes."),
}
GAPS: dict[str, Promise] = {
    "no_unit": gettext_lazy("Skills that no unit proves"),
    "no_holder": gettext_lazy("Skills that nobody has shown yet"),
    "no_skill": gettext_lazy("Outcomes that name no skill"),
}


@require_safe
@never_cache
@registrar_page
def figures(request: HttpRequest, kind: str) -> HttpResponse:
    """Badges or pathways with their way from starting to sharing, most learners first."""
    person = person_id(request)
    paging = read_paging(request, insights.count_figures(person, kind))
    lines = insights.find_figures(person, kind, limit=PAGE_SIZE, offset=paging.offset)
    return _show(
        request, kind, "insights", {"lines": lines, "kind": kind, "paging": paging, "csv": f"{kind}.csv"}
    )


@require_safe
@never_cache
@registrar_page
def figure(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One badge or pathway: its way, how long it takes, and groups of learners by start."""
    if kind not in ("badge", "pathway"):
        raise Http404
    found = insights.figure_detail(person_id(request), kind, key)
    return _show(request, kind, "insight", {"found": found, "line": found.line, "kind": kind})


@require_safe
@never_cache
@registrar_page
def skill_coverage(request: HttpRequest) -> HttpResponse:
    """Skills by course, and what is missing."""
    person = person_id(request)
    first = insights.coverage(person, limit=0)
    paging = read_paging(request, first.count)
    found = insights.coverage(person, limit=PAGE_SIZE, offset=paging.offset)
    gaps = [(str(GAPS[gap.code]), gap) for gap in found.gaps]
    rows = [
        (line, [(title, cell) for (_key, title), cell in zip(found.courses, line.cells, strict=True)])
        for line in found.lines
    ]
    context = {"found": found, "rows": rows, "gaps": gaps, "paging": paging, "csv": "skills.csv"}
    return _show(request, "skills", "insight_skills", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def profiles(request: HttpRequest) -> HttpResponse:
    """Job profiles with readiness, and the form that writes one."""
    person = person_id(request)
    scope = permissions.scope_of(person, permissions.Action.MANAGE_SKILLS)
    problem = ""
    if request.method == "POST":
        try:
            said = _change_profile(request, person, timezone.now())
        except insights.ProfileRefused as error:
            problem = str(error)
        else:
            messages.success(request, said)
            return redirect("microcred_app:registrar-insights-profiles")
    context = {
        "lines": insights.list_profiles(person),
        "organisations": [one for one in badges.list_issuers() if scope.covers(one.slug)],
        "editable": {one.slug for one in badges.list_issuers() if scope.covers(one.slug)},
        "typed": request.POST,
        "problem": problem,
        "most": insights.MOST_SKILLS,
        "csv": "profiles.csv",
    }
    return _show(request, "profiles", "insight_profiles", context, status=400 if problem else 200)


@require_safe
@never_cache
@registrar_page
def worth(request: HttpRequest) -> HttpResponse:
    """What makes badges worth less."""
    found = insights.badge_worth(person_id(request))
    titles = {line.key: line.title for line in found.lines}
    lines = [
        (
            line,
            [str(NOTES[note]) for note in line.notes if note != "alike"],
            [(key, titles.get(key, key)) for key in line.alike],
        )
        for line in found.lines
    ]
    context = {"found": found, "lines": lines, "alike": str(NOTES["alike"]), "csv": "worth.csv"}
    return _show(request, "worth", "insight_worth", context)


@require_safe
@never_cache
@registrar_page
def ending(request: HttpRequest) -> HttpResponse:
    """Badges whose time ends soon."""
    lines = insights.ending_soon(person_id(request), timezone.now())
    rows = [(line, list(zip(insights.ENDING_DAYS, line.within, strict=True))) for line in lines]
    context = {"lines": rows, "days": insights.ENDING_DAYS, "csv": "ending.csv"}
    return _show(request, "ending", "insight_ending", context)


def _show(
    request: HttpRequest, part: str, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = {"parts": PARTS, "part": part, "group": settings().insights_min_group}
    return show(request, "insights", template, {**shared, **context}, status=status)


def _change_profile(request: HttpRequest, person: int, now: datetime) -> str:
    key = request.POST.get("key", "")[:200].strip()
    if request.POST.get("do") == "remove":
        insights.drop_profile(key, actor_id=person, now=now)
        return _("The profile was removed.")
    typed = request.POST.get("skills", "")[:20_000].replace(",", " ").split()
    insights.store_profile(
        key=key,
        title=request.POST.get("title", "")[:300].replace("\x00", ""),
        issuer_slug=request.POST.get("organisation", "")[:80],
        skill_keys=[one.replace("\x00", "")[:150] for one in typed],
        actor_id=person,
        now=now,
    )
    return _("The profile was saved. Who is ready for it is counted within minutes.")


insight_urls = [
    path("registrar/insights/", figures, {"kind": "badge"}, name="registrar-insights"),
    path("registrar/insights/pathways/", figures, {"kind": "pathway"}, name="registrar-insights-pathways"),
    path("registrar/insights/skills/", skill_coverage, name="registrar-insights-skills"),
    path("registrar/insights/profiles/", profiles, name="registrar-insights-profiles"),
    path("registrar/insights/worth/", worth, name="registrar-insights-worth"),
    path("registrar/insights/ending/", ending, name="registrar-insights-ending"),
    path("registrar/insights/of/<slug:kind>/<slug:key>", figure, name="registrar-insight"),
    *insight_sheet_urls,
]
