"""Orphans: units whose outcome this site does not know, outcomes that no unit proves; mapped, retired, restored."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.applets.attainments.api import attain_remapped
from microcred_app.applets.authoring import api as authoring
from microcred_app.applets.badges import api as badges
from microcred_app.applets.skills import api as skills
from microcred_app.applets.skills.remapping import (
    list_retired_outcomes,
    remap_outcome,
    restore_outcome,
    retire_outcome,
)
from microcred_app.compat import platform
from microcred_app.learning import find_orphans
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show

__all__ = ["orphan_urls"]

#: Groups and outcomes on one page; what is settled makes room for the next.
MOST_SHOWN = 50
#: Learners whose attainments are written while the registrar waits; a worker goes on with the rest.
ATTAINED_AT_ONCE = 200


@dataclass(frozen=True)
class UnitGroup:
    """Units that name the same unknown outcome; an empty key is none at all."""

    outcome_key: str
    units: tuple[tuple[authoring.SourceInfo, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def orphan_list(request: HttpRequest) -> HttpResponse:
    """What does not meet, and what to do about each."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.MANAGE_SKILLS)
    problem = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, person))
            return redirect("microcred_app:registrar-orphans")
        except skills.SkillError as error:
            problem = str(error)
    found = find_orphans()
    groups = _groups(found.units)
    context = {
        "groups": groups[:MOST_SHOWN],
        "more_groups": max(0, len(groups) - MOST_SHOWN),
        "outcomes": [
            (one, _badges(found.needed.get(one.key, ()), scope)) for one in found.outcomes[:MOST_SHOWN]
        ],
        "more_outcomes": max(0, len(found.outcomes) - MOST_SHOWN),
        "retired": list_retired_outcomes(),
        "choices": (*found.outcomes[:MOST_SHOWN], *skills.search_outcomes("")),
        "problem": problem,
        "typed": request.POST,
    }
    return show(request, "orphans", "orphans", context, status=400 if problem else 200)


def _act(request: HttpRequest, person: int) -> str:
    """Do what the form says; the sentence that says what was done."""
    now, key = timezone.now(), request.POST.get("key", "")
    match request.POST.get("do"):
        case "map":
            outcome = remap_outcome(key, to=request.POST.get("outcome", "").strip(), actor_id=person, now=now)
            attain_remapped(limit=ATTAINED_AT_ONCE)
            return _("These units prove “{outcome}” from now on.").format(outcome=outcome.statement)
        case "retire":
            retire_outcome(key, actor_id=person, now=now)
            return _("The outcome is not offered to authors any more.")
        case "restore":
            restore_outcome(key, actor_id=person, now=now)
            return _("The outcome is offered to authors again.")
    raise skills.OutcomeRefused(_("Choose what to do."))


def _badges(needing: tuple[tuple[str, str], ...], scope: permissions.Scope) -> list[tuple[str, str, bool]]:
    """Badges by key and name, and whether this person may look into them."""
    known = badges.current_definitions().by_key
    return [(key, name, key in known and scope.covers(known[key].issuer.slug)) for key, name in needing]


def _groups(units: tuple[authoring.SourceInfo, ...]) -> list[UnitGroup]:
    """Units by the key they name; those that name one first, because a registrar can settle them."""
    by_key: dict[str, list[tuple[authoring.SourceInfo, str]]] = {}
    titles: dict[str, str] = {}
    for unit in units:
        if unit.course_key not in titles:
            titles[unit.course_key] = platform().course_title(unit.course_key)
        by_key.setdefault(unit.outcome_key, []).append((unit, titles[unit.course_key]))
    return [
        UnitGroup(key, tuple(found)) for key, found in sorted(by_key.items(), key=lambda pair: not pair[0])
    ]


orphan_urls = [path("registrar/orphans/", orphan_list, name="registrar-orphans")]
