"""Skills: frameworks, a search among all of them, and what mentions a skill."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.badges import api as badges
from microcred_app.applets.skills import api as skills
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .query import PAGE_SIZE, read_paging, read_words

__all__ = ["skill_urls"]

RELATIONS: dict[str, Promise] = {
    "broader": _("Broader skills"),
    "narrower": _("Narrower skills"),
    "requires": _("Requires"),
    "required_by": _("Required by"),
    "equivalent": _("The same as"),
    "related": _("Has to do with"),
}


@require_safe
@never_cache
@registrar_page
def skill_list(request: HttpRequest) -> HttpResponse:
    """Frameworks, and the skills that match, retired ones marked."""
    person = person_id(request)
    permissions.require_somewhere(person, permissions.Action.VIEW_DEFINITIONS)
    wanted = skills.SkillFilter(
        text=read_words(request),
        framework_key=read_words(request, "framework"),
        state=read_words(request, "state"),
    )
    paging = read_paging(request, skills.count_browsed(wanted))
    counts = skills.count_in_frameworks()
    context = {
        "frameworks": [
            (framework, *counts.get(framework.key, (0, 0))) for framework in skills.list_frameworks()
        ],
        "skills": skills.browse_skills(wanted, limit=PAGE_SIZE, offset=paging.offset),
        "wanted": wanted,
        "paging": paging,
        "may_import": bool(permissions.scope_of(person, permissions.Action.MANAGE_SKILLS)),
    }
    return show(request, "skills", "skills", context)


@require_safe
@never_cache
@registrar_page
def skill_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One skill with its relations, its clusters, and everything of the own organisations that mentions it."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_DEFINITIONS)
    skill = skills.get_skill(key)
    related = skills.related_skills(key)
    context = {
        "skill": skill,
        "clusters": skills.clusters_of(key),
        "relations": [
            (str(title), [found.skill for found in related if found.kind == kind])
            for kind, title in RELATIONS.items()
            if any(found.kind == kind for found in related)
        ],
        "outcomes": skills.outcomes_of_skill(key),
        "aligned": _own(badges.badges_aligned_to(key), scope),
        "asked": [
            badge for badge in badges.badges_mentioning([("credits", key)]) if scope.covers(badge.issuer.slug)
        ],
    }
    return show(request, "skills", "skill", context)


@require_safe
@never_cache
@registrar_page
def taxonomy(request: HttpRequest, key: str) -> HttpResponse:
    """A framework as the file that the platform's content tagging imports."""
    permissions.require_somewhere(person_id(request), permissions.Action.VIEW_DEFINITIONS)
    as_json = request.GET.get("format") == "json"
    text = skills.taxonomy_of(key, as_json=as_json)
    kind = "application/json" if as_json else "text/csv; charset=utf-8"
    response = HttpResponse(text, content_type=kind)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="taxonomy.{"json" if as_json else "csv"}"'
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _own(keys: tuple[str, ...], scope: permissions.Scope) -> list[badges.PublishedBadge]:
    found = badges.latest_badges(keys)
    return [found[key] for key in keys if key in found and scope.covers(found[key].issuer.slug)]


skill_urls = [
    path("registrar/skills/", skill_list, name="registrar-skills"),
    path("registrar/frameworks/<str:key>/taxonomy", taxonomy, name="registrar-taxonomy"),
    path("registrar/skills/<str:key>", skill_detail, name="registrar-skill"),
]
