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

from microcred_app.permissions import api as permissions

from ..shell import person_id

__all__ = ["Tab", "frame_of", "show"]

_Entry = tuple[str, Promise, str, permissions.Action | None]
#: The pages by what a registrar looks for; the first group needs no title.
_GROUPS: tuple[tuple[Promise | str, tuple[_Entry, ...]], ...] = (
    ("", (("overview", _("Overview"), "registrar-overview", None),)),
    (
        _("What can be earned"),
        (
            ("badges", _("Badges"), "registrar-badges", permissions.Action.VIEW_DEFINITIONS),
            ("pathways", _("Pathways"), "registrar-pathways", permissions.Action.VIEW_DEFINITIONS),
            ("skills", _("Skills"), "registrar-skills", permissions.Action.VIEW_DEFINITIONS),
            ("orphans", _("Orphans"), "registrar-orphans", permissions.Action.MANAGE_SKILLS),
        ),
    ),
    (
        _("Who earned it"),
        (
            ("awards", _("Learners and awards"), "registrar-awards", permissions.Action.VIEW_AWARDS),
            ("lists", _("Lists of people"), "registrar-lists", permissions.Action.SIGN_OFF),
            ("jobs", _("Jobs"), "registrar-jobs", permissions.Action.VIEW_JOBS),
            ("insights", _("Insights"), "registrar-insights", permissions.Action.VIEW_AWARDS),
        ),
    ),
    (
        _("Wallets and other systems"),
        (
            ("deliveries", _("Deliveries"), "registrar-deliveries", permissions.Action.VIEW_AWARDS),
            ("webhooks", _("Webhooks"), "registrar-webhooks", permissions.Action.MANAGE_WEBHOOKS),
            ("vendors", _("Vendor accounts"), "registrar-vendors", permissions.Action.MANAGE_VENDORS),
        ),
    ),
    (
        _("Oversight"),
        (
            ("audit", _("Audit log"), "registrar-audit", permissions.Action.VIEW_AUDIT),
            ("checking", _("Check badges"), "registrar-checking", permissions.Action.VIEW_AUDIT),
            ("roles", _("Roles"), "registrar-roles", permissions.Action.MANAGE_ROLES),
        ),
    ),
)


@dataclass(frozen=True)
class Tab:
    """One way to go."""

    name: str
    title: str
    url: str


@dataclass(frozen=True)
class Group:
    """Pages that belong together, under a title of their own."""

    title: str
    tabs: tuple[Tab, ...]


def show(
    request: HttpRequest, section: str, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the console; *section* is the tab that it stands under."""
    shown = {**frame_of(request, section), **context}
    return render(request, f"microcred_app/registrar/{template}.html", shown, status=status)


def frame_of(request: HttpRequest, section: str) -> dict[str, Any]:
    """What the frame needs, for pages that are drawn elsewhere and stand in it."""
    groups = _groups(person_id(request))
    titles = {tab.name: tab.title for group in groups for tab in group.tabs}
    return {"tabs": groups, "tab": section, "tab_title": titles.get(section, "")}


def _groups(person: int) -> list[Group]:
    """What this person may open; a group of which nothing is left is not shown."""
    found = (Group(str(title), tuple(_tabs(person, entries))) for title, entries in _GROUPS)
    return [group for group in found if group.tabs]


def _tabs(person: int, entries: tuple[_Entry, ...]) -> list[Tab]:
    return [
        Tab(name, str(title), url)
        for name, title, address, action in entries
        if (url := _url(address)) and (action is None or permissions.scope_of(person, action))
    ]


def _url(name: str) -> str:
    try:
        return reverse(f"microcred_app:{name}")
    except NoReverseMatch:
        return ""  # this site has no such page
