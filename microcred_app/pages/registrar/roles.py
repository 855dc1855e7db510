"""Roles: who answers for an organisation; giving and taking them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.applets.badges import api as badges
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .people import people_of
from .query import read_words

__all__ = ["role_urls"]

EXPLANATIONS: dict[permissions.Role, Promise] = {
    permissions.Role.REGISTRAR: gettext_lazy("answers for everything: definitions, awards, jobs and roles"),
    permissions.Role.STEWARD: gettext_lazy("writes drafts and looks after skills; sees no learner"),
    permissions.Role.REVIEWER: gettext_lazy("approves drafts of others and gives sign-offs"),
    permissions.Role.AUDITOR: gettext_lazy("sees everything and changes nothing"),
}


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a role, by name."""

    held: offices.HeldRole
    name: str
    email: str
    role: str
    given_by: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def role_list(request: HttpRequest) -> HttpResponse:
    """The roles of one organisation, and the forms to give and take them."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.MANAGE_ROLES)
    organisations = [issuer for issuer in badges.list_issuers() if scope.covers(issuer.slug)]
    slug = request.POST.get("organisation") or read_words(request, "organisation")
    chosen = next((issuer for issuer in organisations if issuer.slug == slug), None)
    if slug and chosen is None:
        permissions.require(person, permissions.Action.MANAGE_ROLES, slug)
    if chosen is None and organisations:
        chosen = organisations[0]
    problem, ask_again = "", None
    if request.method == "POST" and chosen is not None:
        try:
            ask_again = _about_oneself(request, person)
            if ask_again is None:
                messages.success(request, _change(request, chosen.slug, person))
                return redirect(f"{reverse('microcred_app:registrar-roles')}?organisation={chosen.slug}")
        except offices.RoleRefused as error:
            problem = str(error)
    context = {
        "organisations": organisations,
        "chosen": chosen,
        "holders": _holders(chosen.slug) if chosen else [],
        "roles": [
            (role.value, permissions.role_title(role), str(EXPLANATIONS[role])) for role in permissions.Role
        ],
        "typed": request.POST if request.POST.get("step") == "give" else {},
        "problem": problem,
        "ask_again": ask_again,
        "person": person,
    }
    return show(request, "roles", "roles", context, status=400 if problem else 409 if ask_again else 200)


def _about_oneself(request: HttpRequest, person: int) -> str | None:
    """The own role that somebody is about to lose and has not said yes to; it cannot be got back alone."""
    role = request.POST.get("role", "")
    taking = request.POST.get("step") == "take" and request.POST.get("user") == str(person)
    if taking and role == permissions.Role.REGISTRAR and request.POST.get("sure") != "yes":
        return role
    return None


def _change(request: HttpRequest, slug: str, person: int) -> str:
    """Give or take as asked, and say what was done."""
    role, now = request.POST.get("role", ""), timezone.now()
    if request.POST.get("step") == "take":
        offices.take_role(_account_number(request), slug, role, actor_id=person, now=now)
        return _("The role was taken away.")
    account = offices.find_account(request.POST.get("account", ""))
    given = offices.give_role(account, slug, role, actor_id=person, now=now)
    name = people_of([account])[account].name
    return _("{name} is {role} now.").format(name=name, role=permissions.role_title(given.role))


def _account_number(request: HttpRequest) -> int:
    text = request.POST.get("user", "")[:18]
    if not (text.isascii() and text.isdigit()):
        raise offices.RoleRefused(_("Say whose role it is."))
    return int(text)


def _holders(slug: str) -> list[Holder]:
    held = offices.list_roles(slug)
    people = people_of(pk for entry in held for pk in (entry.user_id, entry.given_by))
    return [
        Holder(
            entry,
            people[entry.user_id].name,
            people[entry.user_id].email,
            permissions.role_title(entry.role),
            people[entry.given_by].name if entry.given_by is not None else "",
        )
        for entry in held
    ]


role_urls = [path("registrar/roles/", role_list, name="registrar-roles")]
