"""Jobs: back-fills with their progress, and the levers: pause, resume, cancel, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
from .frame import show
from .people import names_of
from .query import PAGE_SIZE, read_paging, read_words

__all__ = ["job_title", "job_urls"]

STATES: dict[str, Promise] = {
    "running": gettext_lazy("running"),
    "paused": gettext_lazy("paused"),
    "done": gettext_lazy("done"),
    "cancelled": gettext_lazy("cancelled"),
    "undoing": gettext_lazy("being undone"),
    "undone": gettext_lazy("undone"),
}


#: What a job does, as the head of its page says it.
KINDS: dict[str, Promise] = {
    "grant": gettext_lazy("Back-fill of {name}"),
    "upgrade": gettext_lazy("New version for holders of {name}"),
    "withdraw": gettext_lazy("Older versions taken back: {name}"),
}


@dataclass(frozen=True)
class Lever:
    """Something that can be done with a job where it stands."""

    name: str
    title: str
    explanation: str
    needs_reason: bool = False
    is_grave: bool = False


@require_safe
@never_cache
@registrar_page
def job_list(request: HttpRequest) -> HttpResponse:
    """The back-fills of the person's organisations, the newest first."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_JOBS)
    state = read_words(request, "state")
    states = (state,) if state in STATES else ()
    count = backfill.count_batches(states=states, issuer_slugs=scope.filter_slugs)
    paging = read_paging(request, count)
    found = backfill.list_batches(
        states=states, issuer_slugs=scope.filter_slugs, limit=PAGE_SIZE, offset=paging.offset
    )
    context = {
        "jobs": [(job, str(STATES[job.state]), job_title(job)) for job in found],
        "paging": paging,
        "state": state,
        "states": STATES.items(),
    }
    return show(request, "jobs", "jobs", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def job_detail(request: HttpRequest, batch_id: str) -> HttpResponse:
    """One back-fill: how far it is, who decided what, and what can be done with it now."""
    person = person_id(request)
    job = _job_for(request, batch_id)
    problem = ""
    if request.method == "POST":
        try:
            done = _pull(request, job, person)
        except (backfill.BatchRefused, awards.ReasonMissing) as error:
            problem = str(error)
            job = _job_for(request, batch_id)
        else:
            messages.success(request, done)
            return redirect("microcred_app:registrar-job", job.id)
    history = audit.list_entries(object_type="batch", object_id=job.id)
    names = names_of((job.started_by, *(entry.actor_id for entry in history)))
    may_run = permissions.may(person, permissions.Action.RUN_JOBS, job.issuer_slug)
    context = {
        **_progress(job),
        "starter": names.get(job.started_by or 0, ""),
        "history": [(entry, names.get(entry.actor_id or 0, "")) for entry in history],
        "levers": _levers(job) if may_run else [],
        "in_grace": timezone.now() < job.hold_until,
        "sees_awards": permissions.may(person, permissions.Action.VIEW_AWARDS, job.issuer_slug),
        "problem": problem,
        "pulled": request.POST.get("lever", ""),
        "reason": request.POST.get("reason", ""),
    }
    return show(request, "jobs", "job", context, status=409 if problem else 200)


@require_safe
@never_cache
@registrar_page
def job_progress(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Only the bar and its numbers, for a page that keeps itself up to date."""
    return render(request, "microcred_app/registrar/progress.html", _progress(_job_for(request, batch_id)))


def job_title(job: backfill.BatchInfo) -> str:
    """What the job does, with the name of its badge."""
    return str(KINDS[job.kind]).format(name=job.badge_name)


def _job_for(request: HttpRequest, batch_id: str) -> backfill.BatchInfo:
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_JOBS)
    return backfill.get_batch(batch_id, issuer_slugs=scope.filter_slugs)


def _progress(job: backfill.BatchInfo) -> dict[str, object]:
    left = job.seconds_left
    return {
        "job": job,
        "title": job_title(job),
        "state_word": str(STATES[job.state]),
        "is_moving": job.state in ("running", "undoing"),
        # Half a minute more or less is honest about an estimate; seconds are not.
        "minutes_left": None if left is None else max(1, -(-left // 60)),
        "per_minute": None if job.rate is None else round(job.rate * 60),
    }


def _pull(request: HttpRequest, job: backfill.BatchInfo, person: int) -> str:
    """Do what was asked, and say what was done."""
    steps: dict[str, tuple[Callable[..., object], str]] = {
        "pause": (backfill.pause_batch, _("Paused. Nothing is lost; resume it whenever you want.")),
        "resume": (backfill.resume_batch, _("It goes on where it stopped.")),
        "cancel": (backfill.cancel_batch, _("Cancelled. What it did until now stands.")),
        "undo": (backfill.undo_batch, _("Every award of this job is being taken back.")),
    }
    step = steps.get(request.POST.get("lever", ""))
    if step is None:
        raise backfill.BatchRefused(_("Choose what to do: pause, resume, cancel or undo."))
    act, said = step
    act(job.id, actor_id=person, reason=request.POST.get("reason", ""), now=timezone.now())
    return said


def _levers(job: backfill.BatchInfo) -> list[Lever]:
    pause = Lever("pause", _("Pause"), _("Stops after the pieces at hand. Nothing is lost."))
    resume = Lever("resume", _("Resume"), _("Goes on where it stopped."))
    takes = job.kind == "withdraw"
    cancel = Lever(
        "cancel",
        _("Cancel"),
        _("Ends it here for good. What was taken back stays revoked; the others keep what they have.")
        if takes
        else _("Ends it here for good. What was granted stands until you undo it."),
    )
    undo = Lever(
        "undo",
        _("Undo"),
        _("Takes back every award it granted. This cannot be taken back itself."),
        needs_reason=True,
        is_grave=True,
    )
    return {
        "running": [pause, cancel],
        "paused": [resume, cancel],
        "done": [undo] if job.granted and not takes else [],
        "cancelled": [undo] if job.granted and not takes else [],
    }.get(job.state, [])


job_urls = [
    path("registrar/jobs/", job_list, name="registrar-jobs"),
    path("registrar/jobs/<str:batch_id>", job_detail, name="registrar-job"),
    path("registrar/jobs/<str:batch_id>/progress", job_progress, name="registrar-job-progress"),
]
