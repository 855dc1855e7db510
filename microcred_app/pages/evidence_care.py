"""Course staff look after evidence: more time and attempts for a learner, and how long the course keeps files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.offices import api as offices
from microcred_app.compat import platform
from microcred_app.permissions import api as permissions

from .shell import person_id, signed_in_page

__all__ = ["care_urls"]


@require_safe
@never_cache
@signed_in_page
def courses(request: HttpRequest) -> HttpResponse:
    """The courses whose evidence this person may look after."""
    actor_id = person_id(request)
    keys = permissions.courses_with(actor_id, permissions.CourseAction.CARE_FOR_EVIDENCE)
    named = sorted(((key, platform().course_title(key)) for key in keys), key=lambda pair: pair[1])
    return render(request, "microcred_app/evidence/care_courses.html", {"courses": named})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_page
def care(request: HttpRequest, course_key: str) -> HttpResponse:
    """Accommodations of a course, and a form to grant one; a refused form keeps what was typed."""
    actor_id, problem = person_id(request), ""
    rows = evidence.list_accommodations(actor_id, course_key)
    if request.method == "POST":
        try:
            _grant(request, actor_id, course_key)
        except (evidence.EvidenceError, offices.RoleRefused) as error:
            problem = str(error)
        else:
            messages.success(request, _("Granted. It counts from now on."))
            return redirect("microcred_app:evidence-care", course_key)
    context = {
        "course_key": course_key,
        "course_title": platform().course_title(course_key),
        "rows": rows,
        "retention": evidence.read_retention(course_key),
        "course_end": platform().course_end(course_key),
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "microcred_app/evidence/care.html", context, status=400 if problem else 200)


@require_POST
@signed_in_page
def end(request: HttpRequest, accommodation_id: str) -> HttpResponse:
    """End an accommodation."""
    course_key = evidence.end_accommodation(person_id(request), accommodation_id, now=timezone.now())
    messages.success(request, _("Ended. What was handed in under it stays handed in."))
    return redirect("microcred_app:evidence-care", course_key)


@require_POST
@signed_in_page
def retention(request: HttpRequest, course_key: str) -> HttpResponse:
    """How long the course keeps files."""
    typed = request.POST.get("days", "").strip()
    days = None if request.POST.get("keep") == "ask" else _whole(typed, empty=-1)
    evidence.set_retention(person_id(request), course_key, days=days, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("microcred_app:evidence-care", course_key)


def _grant(request: HttpRequest, actor_id: int, course_key: str) -> None:
    learner_id = offices.find_account(request.POST.get("learner", ""))
    evidence.grant_accommodation(
        actor_id,
        course_key,
        learner_id=learner_id,
        extra_days=_whole(request.POST.get("extra_days", "")),
        extra_attempts=_whole(request.POST.get("extra_attempts", "")),
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )


def _whole(text: str, *, empty: int = 0) -> int:
    """The whole number typed; -1, which every rule refuses, for what is none."""
    text = text.strip()
    if not text:
        return empty
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1


care_urls = [
    path("evidence-care/", courses, name="evidence-care-courses"),
    path("evidence-care/<path:course_key>/retention", retention, name="evidence-retention"),
    path("evidence-care/end/<str:accommodation_id>", end, name="evidence-accommodation-end"),
    path("evidence-care/<path:course_key>/", care, name="evidence-care"),
]
