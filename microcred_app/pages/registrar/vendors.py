"""Vendor accounts: with what an organisation issues badges elsewhere, which badge becomes what, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.api import MicrocredError
from microcred_app.applets.badges import api as badges
from microcred_app.applets.vendors import api as vendors
from microcred_app.permissions import api as permissions

from ..shell import person_id, refusal, registrar_page
from .frame import show
from .people import names_of
from .query import PAGE_SIZE, read_paging, read_words
from .words import alarm_word, vendor_word

__all__ = ["vendor_urls"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def vendor_list(request: HttpRequest) -> HttpResponse:
    """Every account, and the form for another one."""
    person, now = person_id(request), timezone.now()
    scope = permissions.require_somewhere(person, permissions.Action.MANAGE_VENDORS)
    problem = ""
    if request.method == "POST":
        try:
            made = _add(request, person)
        except vendors.AccountRefused as error:
            problem = str(error)
        else:
            messages.success(
                request, _("The account was added. Now read its templates, which tests the key as well.")
            )
            return redirect("microcred_app:registrar-vendor", made.id)
    context = {
        "accounts": [(one, alarm_word(one.alarm)) for one in vendors.list_accounts(scope, now=now)],
        "organisations": [issuer for issuer in badges.list_issuers() if scope.covers(issuer.slug)],
        "dialects": list(vendors.DIALECTS.values()),
        "typed": request.POST,
        "problem": problem,
    }
    return show(request, "vendors", "vendors", context, status=400 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@transaction.non_atomic_requests
@login_required
def vendor_detail(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account: templates, badges, key, log. Outside a transaction, because a vendor takes its time."""
    if not permissions.holds_office(person_id(request)):
        return render(request, "microcred_app/no_access.html", status=403)
    try:
        if request.method == "POST":
            permissions.refuse_other_eyes()
        return _detail_or_deed(request, str(account_id), person_id(request))
    except MicrocredError as error:
        return refusal(request, error)


def _detail_or_deed(request: HttpRequest, key: str, person: int) -> HttpResponse:
    permissions.require_somewhere(person, permissions.Action.MANAGE_VENDORS)
    problem, status = "", 200
    if request.method == "POST":
        try:
            said = _do(request, key, person)
        except (vendors.AccountRefused, vendors.VendorUnreachable) as error:
            problem, status = str(error), error.http_status
        else:
            messages.success(request, said)
            if request.POST.get("do") == "remove":
                return redirect("microcred_app:registrar-vendors")
            return redirect(reverse("microcred_app:registrar-vendor", args=[key]))
    return _detail(request, key, person, problem, status)


def _detail(request: HttpRequest, key: str, person: int, problem: str, status: int) -> HttpResponse:
    account = vendors.get_account(key, actor_id=person, now=timezone.now())
    state = read_words(request, "state")
    paging = read_paging(request, vendors.count_orders(key, actor_id=person, state=state))
    found = vendors.list_orders(key, actor_id=person, state=state, limit=PAGE_SIZE, offset=paging.offset)
    names = names_of(one.learner_id for one in found)
    may_see = permissions.scope_of(person, permissions.Action.VIEW_AWARDS).covers(account.issuer_slug)
    context: dict[str, Any] = {
        "account": account,
        "alarm": alarm_word(account.alarm),
        "templates": [one for one in vendors.list_templates_of(key, actor_id=person) if not one.gone],
        "mappings": vendors.list_mappings(key, actor_id=person),
        "lines": [
            (
                one,
                names[one.learner_id] if may_see else "",
                vendor_word(one.code),
                [(tried, vendor_word(tried.code)) for tried in one.tries],
            )
            for one in found
        ],
        "state": state,
        "paging": paging,
        "given_up": vendors.count_orders(key, actor_id=person, state="failed"),
        "may_see_awards": may_see,
        "problem": problem,
        "sure": request.GET.get("sure") == "remove",
    }
    return show(request, "vendors", "vendor", context, status=status)


def _add(request: HttpRequest, person: int) -> vendors.AccountInfo:
    return vendors.add_account(
        request.POST.get("organisation", ""),
        kind=request.POST.get("kind", ""),
        name=request.POST.get("name", ""),
        key=request.POST.get("key", ""),
        base_url=request.POST.get("base_url", ""),
        organisation_key=request.POST.get("organisation_key", ""),
        key_expires_on=request.POST.get("key_expires_on", ""),
        actor_id=person,
        now=timezone.now(),
    )


def _do(request: HttpRequest, key: str, person: int) -> str:
    """What was pressed, and what to say about it."""
    now, posted = timezone.now(), request.POST
    deeds: dict[str, Callable[[], str]] = {
        "sync": lambda: _templates_said(vendors.sync_templates(key, actor_id=person, now=now)),
        "map": lambda: _map(posted.getlist("badge"), posted.getlist("template"), key, person),
        "rotate": lambda: _rotate(request, key, person),
        "resend": lambda: _resend(request, key, person),
        "remove": lambda: _remove(key, person),
    }
    deed = deeds.get(posted.get("do", ""))
    if deed is None:
        raise vendors.AccountRefused(_("Choose what to do with the account."))
    return deed()


def _templates_said(count: int) -> str:
    return ngettext(
        "The vendor accepted the key. {count} template was read.",
        "The vendor accepted the key. {count} templates were read.",
        count,
    ).format(count=count)


@transaction.atomic
def _map(badge_keys: list[str], template_keys: list[str], key: str, person: int) -> str:
    """Every line of the form, all or none; lines that did not change leave no trace."""
    before = {one.badge_key: one.template_key for one in vendors.list_mappings(key, actor_id=person)}
    for badge_key, template_key in zip(badge_keys, template_keys, strict=False):
        if before.get(badge_key) != template_key:
            vendors.map_badge(key, badge_key, template_key, actor_id=person, now=timezone.now())
    return _("Saved. New awards of these badges are issued there for learners who agree.")


def _rotate(request: HttpRequest, key: str, person: int) -> str:
    vendors.rotate_key(
        key,
        key=request.POST.get("key", ""),
        key_expires_on=request.POST.get("key_expires_on", ""),
        actor_id=person,
        now=timezone.now(),
    )
    return _("The new key is in use. Read the templates to test it.")


def _resend(request: HttpRequest, key: str, person: int) -> str:
    seen = request.POST.get("seen", "")[:9]
    number = int(seen) if seen.isascii() and seen.isdigit() else 0
    count = vendors.resend_orders(key, actor_id=person, now=timezone.now(), seen=number)
    return ngettext(
        "{count} order is on its way again.", "{count} orders are on their way again.", count
    ).format(count=count)


def _remove(key: str, person: int) -> str:
    vendors.remove_account(key, actor_id=person, now=timezone.now())
    return _("The account was removed.")


vendor_urls = [
    path("registrar/vendors/", vendor_list, name="registrar-vendors"),
    path("registrar/vendors/<uuid:account_id>/", vendor_detail, name="registrar-vendor"),
]
