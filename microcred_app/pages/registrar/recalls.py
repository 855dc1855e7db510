"""Many awards taken back, suspended or reinstated for one reason: look, confirm, watch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .awards import read_award_filter, read_suspension_words
from .frame import show
from .people import names_of

__all__ = ["recall_urls"]

STATES: dict[str, Promise] = {
    "running": gettext_lazy("running"),
    "done": gettext_lazy("done"),
    "cancelled": gettext_lazy("cancelled"),
}


KINDS: dict[str, Promise] = {
    "revoke": gettext_lazy("taken back"),
    "suspend": gettext_lazy("suspended"),
    "lift": gettext_lazy("suspension lifted"),
}
TITLES: dict[str, Promise] = {
    "revoke": gettext_lazy("Take awards back"),
    "suspend": gettext_lazy("Suspend awards"),
    "lift": gettext_lazy("Lift suspensions"),
}
BUTTONS: dict[str, Promise] = {
    "revoke": gettext_lazy("Take them back"),
    "suspend": gettext_lazy("Suspend them"),
    "lift": gettext_lazy("Lift them"),
}


@require_safe
@never_cache
@registrar_page
def recall_list(request: HttpRequest) -> HttpResponse:
    """What was decided of many together in the person's organisations, the newest first."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_JOBS)
    found = backfill.list_recalls(issuer_slugs=scope.filter_slugs)
    return show(
        request,
        "jobs",
        "recalls",
        {"recalls": [(one, str(STATES[one.state]), str(KINDS[one.kind])) for one in found]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def recall_new(request: HttpRequest) -> HttpResponse:
    """What it would be done to, and the form that confirms it. Selection and decision stand in the address."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.REVOKE_AWARDS)
    wanted, days = read_award_filter(request, scope)
    problem, kind = days.problem, request.GET.get("do", "revoke")
    kind = kind if kind in KINDS else "revoke"
    if request.method == "POST" and not problem:
        try:
            begun = backfill.start_recall(
                wanted,
                seal=request.POST.get("seal", ""),
                count=_number(request.POST.get("count", "")),
                words=read_suspension_words(request),
                actor_id=person,
                now=timezone.now(),
                kind=kind,
            )
        except (backfill.RecallRefused, awards.ReasonMissing, awards.SuspensionRefused) as error:
            problem = str(error)
        else:
            messages.success(
                request, _("It has begun. Whoever checks one of these badges sees it as it goes on.")
            )
            return redirect("microcred_app:registrar-recall", begun.id)
    preview = None if days.problem else backfill.preview_recall(wanted, now=timezone.now(), kind=kind)
    names = names_of(one.learner_id for one in preview.copies) if preview else {}
    context = {
        "preview": preview,
        "copies": [(one, names[one.learner_id]) for one in preview.copies] if preview else [],
        "kind": kind,
        "lasting_sentence": awards.lasting_sentence(),
        "title": str(TITLES[kind]),
        "button": str(BUTTONS[kind]),
        "problem": problem,
        "query": request.GET.urlencode(),
        **{name: request.POST.get(name, "") for name in ("reason", "told", "planned_end")},
    }
    return show(request, "awards", "recall_new", context, status=400 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def recall_detail(request: HttpRequest, recall_id: str) -> HttpResponse:
    """How far it is, and the way to end it early."""
    person = person_id(request)
    recall = _recall_for(request, recall_id)
    problem = ""
    if request.method == "POST":
        try:
            backfill.cancel_recall(recall.id, actor_id=person, now=timezone.now())
        except backfill.RecallRefused as error:
            problem = str(error)
            recall = _recall_for(request, recall_id)
        else:
            messages.success(request, _("Cancelled. What was done until now stays done."))
            return redirect("microcred_app:registrar-recall", recall.id)
    history = audit.list_entries(object_type="recall", object_id=recall.id)
    names = names_of((recall.started_by, *(entry.actor_id for entry in history)))
    context = {
        **_progress(recall),
        "starter": names.get(recall.started_by or 0, ""),
        "history": [(entry, names.get(entry.actor_id or 0, "")) for entry in history],
        "may_cancel": recall.state == "running"
        and permissions.may(person, permissions.Action.REVOKE_AWARDS, recall.issuer_slug),
        "problem": problem,
    }
    return show(request, "jobs", "recall", context, status=409 if problem else 200)


@require_safe
@never_cache
@registrar_page
def recall_progress(request: HttpRequest, recall_id: str) -> HttpResponse:
    """Only the bar and its numbers, for a page that keeps itself up to date."""
    progress = _progress(_recall_for(request, recall_id))
    return render(request, "microcred_app/registrar/recall_progress.html", progress)


def _recall_for(request: HttpRequest, recall_id: str) -> backfill.RecallInfo:
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_JOBS)
    return backfill.get_recall(recall_id, issuer_slugs=scope.filter_slugs)


def _progress(recall: backfill.RecallInfo) -> dict[str, object]:
    return {
        "recall": recall,
        "state_word": str(STATES[recall.state]),
        "kind_word": str(KINDS[recall.kind]),
        "is_moving": recall.state == "running",
    }


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


recall_urls = [
    path("registrar/recalls/", recall_list, name="registrar-recalls"),
    path("registrar/recalls/new", recall_new, name="registrar-recall-new"),
    path("registrar/recalls/<str:recall_id>", recall_detail, name="registrar-recall"),
    path("registrar/recalls/<str:recall_id>/progress", recall_progress, name="registrar-recall-progress"),
]
