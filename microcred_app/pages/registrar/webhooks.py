"""Webhooks: which systems of an organisation are told what happens to awards, and what they were told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.applets.badges import api as badges
from microcred_app.applets.webhooks import api as webhooks
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .query import PAGE_SIZE, read_paging, read_words
from .words import webhook_word

__all__ = ["webhook_urls"]

EVENTS: Mapping[str, Promise] = {
    webhooks.Event.AWARDED: gettext_lazy("A learner receives a badge"),
    webhooks.Event.RENEWED: gettext_lazy("A learner receives a badge again, or a newer version of it"),
    webhooks.Event.EXPIRED: gettext_lazy("A badge’s time is over"),
    webhooks.Event.SUSPENDED: gettext_lazy("A badge is suspended: it counts for nothing for a while"),
    webhooks.Event.REINSTATED: gettext_lazy("A badge counts again"),
    webhooks.Event.REVOKED: gettext_lazy("A badge is revoked"),
}
#: Hours for which the old secret goes on signing, as offered.
WINDOWS = (0, 24, 72, 168)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Every endpoint, and the form for another one. Its secret is in the answer to that form and nowhere else."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.MANAGE_WEBHOOKS)
    problem = ""
    if request.method == "POST":
        try:
            made = _create(request, person)
        except webhooks.EndpointRefused as error:
            problem = str(error)
        else:
            return show(request, "webhooks", "webhook_secret", {"made": made, "rotated": False})
    context = {
        "endpoints": webhooks.list_endpoints(scope),
        "organisations": [issuer for issuer in badges.list_issuers() if scope.covers(issuer.slug)],
        "events": [(event.value, EVENTS[event]) for event in webhooks.CHOOSABLE],
        "typed": request.POST,
        "typed_events": request.POST.getlist("event")
        if request.method == "POST"
        else [event.value for event in webhooks.CHOOSABLE],
        "problem": problem,
    }
    return show(request, "webhooks", "webhooks", context, status=400 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def webhook_detail(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint: what can be done with it, and the log of what it was told."""
    person, key = person_id(request), str(endpoint_id)
    permissions.require_somewhere(person, permissions.Action.MANAGE_WEBHOOKS)
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "rotate":
                made = webhooks.rotate_secret(key, hours=_hours(request), actor_id=person, now=timezone.now())
                return show(request, "webhooks", "webhook_secret", {"made": made, "rotated": True})
            said = _do(request, key, person)
        except (webhooks.EndpointRefused, webhooks.MessageRefused) as error:
            problem = str(error)
        else:
            messages.success(request, said)
            if request.POST.get("do") == "remove":
                return redirect("microcred_app:registrar-webhooks")
            return redirect(reverse("microcred_app:registrar-webhook", args=[key]))
    return _detail(request, key, person, problem)


def _detail(request: HttpRequest, key: str, person: int, problem: str) -> HttpResponse:
    state = read_words(request, "state")
    paging = read_paging(request, webhooks.count_messages(key, actor_id=person, state=state))
    found = webhooks.list_messages(key, actor_id=person, state=state, limit=PAGE_SIZE, offset=paging.offset)
    endpoint = webhooks.get_endpoint(key, actor_id=person)
    old_until = endpoint.old_secret_until
    context: dict[str, Any] = {
        "endpoint": endpoint,
        "old_signs": old_until is not None and old_until > timezone.now(),
        "lines": [
            (one, webhook_word(one.code), [(tried, webhook_word(tried.code)) for tried in one.tries])
            for one in found
        ],
        "state": state,
        "paging": paging,
        "given_up": webhooks.count_messages(key, actor_id=person, state="failed"),
        "windows": [(hours, _window(hours)) for hours in WINDOWS],
        "may_see_awards": bool(permissions.scope_of(person, permissions.Action.VIEW_AWARDS)),
        "problem": problem,
        "sure": request.GET.get("sure") == "remove",
    }
    return show(request, "webhooks", "webhook", context, status=409 if problem else 200)


def _create(request: HttpRequest, person: int) -> webhooks.NewSecret:
    return webhooks.create_endpoint(
        request.POST.get("organisation", ""),
        name=request.POST.get("name", ""),
        url=request.POST.get("url", ""),
        events=request.POST.getlist("event"),
        asks_email=request.POST.get("asks_email") == "yes",
        actor_id=person,
        now=timezone.now(),
    )


def _do(request: HttpRequest, key: str, person: int) -> str:
    """What was pressed, and what to say about it."""
    now, do = timezone.now(), request.POST.get("do", "")
    deeds: dict[str, tuple[Callable[..., object], str]] = {
        "pause": (webhooks.pause_endpoint, _("Paused. What happens meanwhile is kept.")),
        "resume": (webhooks.resume_endpoint, _("It is told again, what waited included.")),
        "remove": (webhooks.remove_endpoint, _("The endpoint was removed.")),
        "test": (
            webhooks.send_test_event,
            _("A test event is on its way. Its answer stands in the log below."),
        ),
    }
    if do in deeds:
        deed, said = deeds[do]
        deed(key, actor_id=person, now=now)
        return said
    if do == "resend":
        seen = request.POST.get("seen", "")[:9]
        count = webhooks.resend_given_up(
            key, actor_id=person, now=now, seen=int(seen) if seen.isascii() and seen.isdigit() else 0
        )
        return ngettext(
            "{count} message is on its way again.", "{count} messages are on their way again.", count
        ).format(count=count)
    if do.startswith("replay:"):
        webhooks.replay_message(key, do.removeprefix("replay:"), actor_id=person, now=now)
        return ngettext(
            "{count} message is on its way again.", "{count} messages are on their way again.", 1
        ).format(count=1)
    raise webhooks.EndpointRefused(_("Choose what to do with the endpoint."))


def _hours(request: HttpRequest) -> float:
    text = request.POST.get("hours", "")[:4]
    return float(text) if text.isascii() and text.isdigit() else -1.0


def _window(hours: int) -> str:
    if not hours:
        return _("not at all: it may be known to somebody else")
    if hours < 48:
        return ngettext("for {n} more hour", "for {n} more hours", hours).format(n=hours)
    return ngettext("for {n} more day", "for {n} more days", hours // 24).format(n=hours // 24)


webhook_urls = [
    path("registrar/webhooks/", webhook_list, name="registrar-webhooks"),
    path("registrar/webhooks/<uuid:endpoint_id>/", webhook_detail, name="registrar-webhook"),
]
