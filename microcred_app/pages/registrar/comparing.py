"""One learner's wallets beside what was delivered into them: what is missing there can be delivered again.

A wallet host takes its time, so this runs outside a transaction and for few wallets; for all wallets of a host there is
the command ``microcred_reconcile``.
"""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.api import MicrocredError
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions

from ..shell import person_id, refusal
from .frame import show
from .people import names_of
from .words import delivery_word

__all__ = ["comparing_urls"]

MAX_WALLETS = 3
#: For one wallet; a page is not waited for longer.
SECONDS = 8.0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@transaction.non_atomic_requests
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """The question, its answer, and "deliver what is missing"."""
    if not permissions.holds_office(person_id(request)):
        return render(request, "microcred_app/no_access.html", status=403)
    try:
        if request.method == "POST":
            permissions.refuse_other_eyes()
        return _page(request, person_id(request))
    except MicrocredError as error:
        return refusal(request, error)


def _page(request: HttpRequest, person: int) -> HttpResponse:
    scope = permissions.require_somewhere(person, permissions.Action.RUN_JOBS)
    words, problem = request.POST.get("q", "").strip()[:200], ""
    found: list[delivery.Comparison] = []
    if request.method == "POST":
        wallets = _wallets(words, scope)
        if not wallets:
            problem = _("Nothing was delivered into a connected wallet of such a learner.")
        elif len(wallets) > MAX_WALLETS:
            problem = _(
                "More than {limit} wallets match. Write the whole e-mail address, or ask whoever runs the site for "
                "microcred_reconcile."
            ).format(limit=MAX_WALLETS)
        else:
            slugs = scope.filter_slugs
            found = [
                delivery.compare_wallet(pk, now=timezone.now(), issuer_slugs=slugs, seconds=SECONDS)
                for pk in wallets
            ]
            if request.POST.get("do") == "deliver":
                sent = sum(_deliver(one, person, request.POST.get("reason", "")) for one in found)
                messages.success(
                    request,
                    ngettext(
                        "{count} badge is delivered again.", "{count} badges are delivered again.", sent
                    ).format(count=sent),
                )
                return redirect("microcred_app:registrar-compare")
    names = names_of(one.learner_id for one in found)
    context = {
        "words": words,
        "lines": [(one, names[one.learner_id], delivery_word(one.code) if one.code else "") for one in found],
        "missing": sum(one.to_send for one in found),
        "problem": problem,
    }
    return show(request, "deliveries", "comparing", context, status=400 if problem else 200)


def _wallets(words: str, scope: permissions.Scope) -> list[UUID]:
    if not words:
        return []
    learners = offices.people_called(words)
    wallets = delivery.wallets_delivered_to(issuer_slugs=scope.filter_slugs, learner_ids=learners)
    return list(islice(wallets, MAX_WALLETS + 1))


def _deliver(found: delivery.Comparison, person: int, reason: str) -> int:
    return delivery.deliver_missing(
        found, actor_id=person, now=timezone.now(), reason=reason.replace("\x00", "").strip()[:2000]
    )


comparing_urls = [path("registrar/deliveries/compare/", compare, name="registrar-compare")]
