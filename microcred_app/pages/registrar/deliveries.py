"""Deliveries in trouble: which badge did not get into which wallet, why, after how many tries; and "send it again"."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.mailing import api as mailing
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .people import names_of
from .query import PAGE_SIZE, read_paging, read_words
from .words import delivery_word, mail_word

__all__ = ["delivery_urls"]


@dataclass(frozen=True)
class Line:
    """One delivery in the list, with its learner's name and the reasons in words."""

    trouble: delivery.Trouble
    learner: str
    reason: str
    tries: tuple[tuple[delivery.Try, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def delivery_list(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by whatever is known; those chosen, or all that match, are sent again."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.VIEW_AWARDS)
    wanted = _wanted(request, scope)
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "mails":
                said = _resend_mails(request, person)
            else:
                said = _said(_resend(request, person, wanted))
        except (delivery.ResendRefused, mailing.MailsRefused) as error:
            problem = str(error)
        else:
            messages.success(request, said)
            query = request.GET.urlencode()
            return redirect(reverse("microcred_app:registrar-deliveries") + (f"?{query}" if query else ""))
    return _page(request, person, scope, wanted, problem)


def _page(
    request: HttpRequest, person: int, scope: permissions.Scope, wanted: delivery.TroubleFilter, problem: str
) -> HttpResponse:
    runs = permissions.scope_of(person, permissions.Action.RUN_JOBS)
    paging = read_paging(request, delivery.count_found(wanted))
    found = delivery.list_troubles(wanted, limit=PAGE_SIZE, offset=paging.offset)
    names = names_of(trouble.learner_id for trouble in found)
    choices = delivery.trouble_choices(scope.filter_slugs)
    context = {
        "lines": [_line(trouble, names[trouble.learner_id]) for trouble in found],
        "paging": paging,
        "wanted": wanted,
        "learner": read_words(request),
        "hosts": choices["hosts"],
        "codes": [(code, delivery_word(code), number) for code, number in choices["codes"]],
        "narrowed": bool(request.GET.keys() - {"page"}),
        "resendable": delivery.count_resendable(_own(wanted, runs)) if runs else 0,
        "copies": delivery.copy_figures(issuer_slugs=scope.filter_slugs),
        "may_resend": bool(runs),
        **_mails(scope, runs),
        "problem": problem,
        "reason": request.POST.get("reason", ""),
        "chosen": request.POST.getlist("delivery"),
    }
    return show(request, "deliveries", "deliveries", context, status=409 if problem else 200)


def _mails(scope: permissions.Scope, runs: permissions.Scope) -> dict[str, object]:
    """Mails with badges that were given up; the newest of them, with their reasons."""
    found = mailing.given_up_mails(scope, limit=PAGE_SIZE)
    names = names_of(one.learner_id for one in found)
    return {
        "mails": [(one, names[one.learner_id], mail_word(one.code)) for one in found],
        "mails_count": mailing.count_given_up_mails(scope),
        "mails_resendable": mailing.count_given_up_mails(runs) if runs else 0,
    }


def _resend_mails(request: HttpRequest, person: int) -> str:
    runs = permissions.require_somewhere(person, permissions.Action.RUN_JOBS)
    seen = request.POST.get("seen", "")[:9]
    number = int(seen) if seen.isascii() and seen.isdigit() else 0
    count = mailing.resend_mails(runs, actor_id=person, now=timezone.now(), seen=number)
    return ngettext(
        "{count} mail is on its way again.", "{count} mails are on their way again.", count
    ).format(count=count)


def _line(trouble: delivery.Trouble, learner: str) -> Line:
    tries = tuple((one, delivery_word(one.code)) for one in trouble.tries)
    return Line(trouble, learner, delivery_word(trouble.code), tries)


def _wanted(request: HttpRequest, scope: permissions.Scope) -> delivery.TroubleFilter:
    learner = read_words(request)
    return delivery.TroubleFilter(
        scope.filter_slugs,
        state=read_words(request, "state"),
        host_url=read_words(request, "wallet"),
        code=read_words(request, "code"),
        badge_key=read_words(request, "badge"),
        learner_ids=offices.people_called(learner) if learner else None,
    )


def _own(wanted: delivery.TroubleFilter, runs: permissions.Scope) -> delivery.TroubleFilter:
    """Narrowed to the organisations for which this person may act, and not only look."""
    return delivery.narrowed_to(wanted, runs.filter_slugs)


def _resend(request: HttpRequest, person: int, wanted: delivery.TroubleFilter) -> delivery.Resent:
    runs = permissions.require_somewhere(person, permissions.Action.RUN_JOBS)
    reason, now = request.POST.get("reason", ""), timezone.now()
    do = request.POST.get("do", "")
    if do == "all":
        seen = request.POST.get("seen", "")[:9]
        return delivery.resend_all(
            _own(wanted, runs),
            actor_id=person,
            now=now,
            reason=reason,
            seen=int(seen) if seen.isascii() and seen.isdigit() else 0,
        )
    one = do.removeprefix("one:") if do.startswith("one:") else ""
    chosen = [one] if one else request.POST.getlist("delivery")
    return delivery.resend(chosen, issuer_slugs=runs.filter_slugs, actor_id=person, now=now, reason=reason)


def _said(done: delivery.Resent) -> str:
    said = ngettext(
        "{count} delivery is on its way again.", "{count} deliveries are on their way again.", done.sent
    ).format(count=done.sent)
    if not done.left:
        return said
    left = ngettext(
        "{count} was left alone: it is under way, was delivered, or must not be sent.",
        "{count} were left alone: they are under way, were delivered, or must not be sent.",
        done.left,
    ).format(count=done.left)
    return f"{said} {left}"


delivery_urls = [path("registrar/deliveries/", delivery_list, name="registrar-deliveries")]
