"""The pages on which pathways are written: listed, begun, their stages put in order, published and retired.

A pathway belongs to the organisation of its badge. Writing a draft of one needs the right to edit drafts there;
showing it to learners, or taking it from them, needs the right to publish. Two people who write at once are told.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app.applets.badges import api as badges
from microcred_app.applets.pathways import api as pathways
from microcred_app.permissions import api as permissions

from .builder_search import find_choices
from .builder_stages import (
    STAGE_ACTS,
    PathwayForm,
    act_on_stages,
    fingerprint,
    form_of,
    form_of_post,
    stage_rows,
)
from .pathway_map import render_map
from .registrar.frame import frame_of
from .shell import person_id, registrar_page

__all__ = ["pathway_urls"]


@require_safe
@never_cache
@registrar_page
def pathway_list(request: HttpRequest) -> HttpResponse:
    """The pathways of the person's organisations, in every state."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.VIEW_DEFINITIONS)
    found = pathways.pathway_definitions()
    known = badges.latest_badges(pathway.badge_key for pathway in found)
    rows = [
        (pathway, known[pathway.badge_key])
        for pathway in found
        if pathway.badge_key in known and scope.covers(known[pathway.badge_key].issuer.slug)
    ]
    may_write = bool(permissions.scope_of(person, permissions.Action.EDIT_DRAFTS))
    context = {**frame_of(request, "pathways"), "rows": rows, "may_write": may_write}
    return render(request, "microcred_app/builder/pathways.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def new_pathway(request: HttpRequest) -> HttpResponse:
    """Write a new pathway."""
    permissions.require_somewhere(person_id(request), permissions.Action.EDIT_DRAFTS)
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def edit_pathway(request: HttpRequest, key: str) -> HttpResponse:
    """Change a pathway. One of another organisation is answered like one that does not exist."""
    stored = next((found for found in pathways.pathway_definitions() if found.key == key), None)
    scope = permissions.scope_of(person_id(request), permissions.Action.VIEW_DEFINITIONS)
    if stored is None or not scope.covers(_issuer_of(stored.badge_key)):
        raise pathways.PathwayNotFound(_("There is no pathway “{key}”.").format(key=key))
    return _edit(request, stored)


def _edit(request: HttpRequest, stored: pathways.PathwayDefinition | None) -> HttpResponse:
    person = person_id(request)
    if request.method != "POST":
        return _show(request, form_of(stored), stored)
    form = form_of_post(request.POST, stored)
    do = request.POST.get("do", "check")
    if do.partition(":")[0] in STAGE_ACTS:
        return _show(request, act_on_stages(form, do, request.POST), stored)
    if do != "save":
        return _show(request, form, stored)
    if stored is not None and form.seen != fingerprint(stored):
        return _show(request, form.after_conflict(stored), stored, status=409)
    try:
        _require(person, form, stored)
        problems = _own_problems(form, stored)
        if problems:
            raise pathways.PathwayRefused(problems)
        pathways.store_pathway(form.definition, actor_id=person, now=timezone.now())
    except pathways.PathwayRefused as error:
        return _show(request, form.with_problems(error.problems), stored, status=400)
    except permissions.NotAllowed as error:
        return _show(request, form.with_problems({"state": str(error)}), stored, status=403)
    messages.success(request, _("Saved."))
    return redirect("microcred_app:registrar-pathway", form.definition.key)


def _show(
    request: HttpRequest, form: PathwayForm, stored: pathways.PathwayDefinition | None, status: int = 200
) -> HttpResponse:
    person = person_id(request)
    scope = permissions.scope_of(person, permissions.Action.EDIT_DRAFTS)
    viewed = permissions.scope_of(person, permissions.Action.VIEW_DEFINITIONS)
    badge = badges.latest_badges([form.definition.badge_key]).get(form.definition.badge_key)
    offered = [found for found in badges.list_badges() if scope.covers(found.issuer.slug)]
    if badge is not None and badge.key not in {found.key for found in offered}:
        offered.append(badge)
    chosen = {key for _title, _kind, key in form.definition.stages}
    others = [
        other
        for other in pathways.pathway_definitions()
        if other.key != form.definition.key and viewed.covers(_issuer_of(other.badge_key))
    ]
    context = {
        "form": form,
        "stored": stored,
        "badges": offered,
        "stages": stage_rows(form.definition.stages),
        "found": [
            (kind, [c for c in find_choices(kind, form.query, ()).choices if c.key not in chosen])
            for kind in ("badge", "outcome")
        ],
        "others": others,
        "map": render_map(badge.requirement, badges.names_for([badge.requirement])) if badge else "",
        "may_write": stored is None or scope.covers(_issuer_of(stored.badge_key)),
    }
    shown = {**frame_of(request, "pathways"), **context}
    return render(request, "microcred_app/builder/pathway.html", shown, status=status)


def _require(person: int, form: PathwayForm, stored: pathways.PathwayDefinition | None) -> None:
    """Both the organisation that has the pathway and the one that would have it are asked."""
    slugs = {_issuer_of(form.definition.badge_key)} | ({_issuer_of(stored.badge_key)} if stored else set())
    shown = form.definition.state != "draft" or (stored is not None and stored.state != "draft")
    for slug in slugs - {""}:
        permissions.require(person, permissions.Action.EDIT_DRAFTS, slug)
        if shown:
            permissions.require(person, permissions.Action.PUBLISH, slug)


def _own_problems(form: PathwayForm, stored: pathways.PathwayDefinition | None) -> dict[str, str]:
    key = form.definition.key
    if stored is None and any(found.key == key for found in pathways.pathway_definitions()):
        return {"key": _("A pathway “{key}” exists already. Choose another key.").format(key=key)}
    return {}


def _issuer_of(badge_key: str) -> str:
    badge = badges.latest_badges([badge_key]).get(badge_key)
    return badge.issuer.slug if badge else ""


pathway_urls = [
    path("registrar/pathways/", pathway_list, name="registrar-pathways"),
    path("registrar/pathways/new", new_pathway, name="registrar-pathway-new"),
    path("registrar/pathways/<slug:key>/edit", edit_pathway, name="registrar-pathway"),
]
