"""The frame around every page of the console: the way to its other pages, as far as this person may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcred_app.applets.offices import api as offices

from ..shell import person_id

__all__ = ["Tab", "frame_of", "show"]

_TABS: tuple[tuple[str, Promise, str, offices.Action | None], ...] = (
    ("overview", _("Overview"), "registrar-overview", None),
    ("badges", _("Badges"), "registrar-badges", offices.Action.VIEW_DEFINITIONS),
    ("pathways", _("Pathways"), "registrar-pathways", offices.Action.VIEW_DEFINITIONS),
    ("skills", _("Skills"), "registrar-skills", offices.Action.VIEW_DEFINITIONS),
    ("awards", _("Learners and awards"), "registrar-awards", offices.Action.VIEW_AWARDS),
    ("jobs", _("Jobs"), "registrar-jobs", offices.Action.VIEW_JOBS),
    ("deliveries", _("Deliveries"), "registrar-deliveries", offices.Action.VIEW_AWARDS),
    ("webhooks", _("Webhooks"), "registrar-webhooks", offices.Action.MANAGE_WEBHOOKS),
    ("audit", _("Audit log"), "registrar-audit", offices.Action.VIEW_AUDIT),
    ("checking", _("Check badges"), "registrar-checking", offices.Action.VIEW_AUDIT),
    ("roles", _("Roles"), "registrar-roles", offices.Action.MANAGE_ROLES),
)


@dataclass(frozen=True)
class Tab:
    """One way to go."""

    name: str
    title: str
    url: str


def show(
    request: HttpRequest, section: str, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the console; *section* is the tab that it stands under."""
    shown = {**frame_of(request, section), **context}
    return render(request, f"microcred_app/registrar/{template}.html", shown, status=status)


def frame_of(request: HttpRequest, section: str) -> dict[str, Any]:
    """What the frame needs, for pages that are drawn elsewhere and stand in it."""
    return {"tabs": _tabs(person_id(request)), "tab": section}


def _tabs(person: int) -> list[Tab]:
    return [
        Tab(name, str(title), url)
        for name, title, address, action in _TABS
        if (url := _url(address)) and (action is None or offices.scope_of(person, action))
    ]


def _url(name: str) -> str:
    try:
        return reverse(f"microcred_app:{name}")
    except NoReverseMatch:
        return ""  # this site has no such page
