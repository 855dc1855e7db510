"""Figures of a course's reviews, and the rules by which its evidence is judged; for the course's staff."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from microcred_app.applets.badges import api as badges
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.reviews import api as reviews

from .registrar.sheets import stream_sheet
from .review_query import with_query
from .shell import person_id, signed_in_page

__all__ = ["report_urls"]

#: Days that the report offers to look back.
PERIODS = (30, 90, 365)


@require_safe
@never_cache
@signed_in_page
def report(request: HttpRequest) -> HttpResponse:
    """The figures of one course."""
    return _page(request)


@require_safe
@never_cache
@signed_in_page
def sheet(request: HttpRequest) -> HttpResponseBase:
    """The same figures as a table."""
    figures = _figures(request)
    hours = [
        (kind, line.name, line.judged, line.passed, _hours(line.median), _hours(line.p90))
        for kind, lines in (
            ("course", (figures.whole,)),
            ("reviewer", figures.reviewers),
            ("task", figures.tasks),
        )
        for line in lines
    ]
    agreement = [
        (f"agreement: {task.title}", one.name, one.pairs, one.exact, one.within_one, one.kappa)
        for task in figures.agreement
        for one in (task.verdict, *task.criteria)
    ]
    header = (
        "kind",
        "name",
        "judged or pairs",
        "passed or exact share",
        "median hours or within one level",
        "p90 hours or kappa",
    )
    return stream_sheet("reviews", header, [*hours, *agreement])


@require_POST
@never_cache
@signed_in_page
def change_rules(request: HttpRequest) -> HttpResponse:
    """Keep how the course's evidence is judged."""
    days = request.POST.get("answer_days", "").strip()
    course = request.POST.get("course", "")
    try:
        if days and not (days.isascii() and days.isdigit() and len(days) <= 4):
            raise evidence.RulesRefused(_("Write the days as a whole number, or leave the field empty."))
        evidence.set_rules(
            person_id(request),
            evidence.ReviewRules(
                course_key=course,
                both_needed=request.POST.get("both_needed") == "yes",
                answer_days=int(days) if days else None,
                issuer_slug=request.POST.get("issuer", ""),
            ),
            now=timezone.now(),
        )
    except evidence.RulesRefused as error:
        return _page(request, course=course, problem=str(error), typed_days=days)
    messages.success(request, _("The rules of the course’s reviews are kept."))
    return redirect(with_query(reverse("microcred_app:review-report"), _query(course)))


def _page(
    request: HttpRequest, *, course: str = "", problem: str = "", typed_days: str | None = None
) -> HttpResponse:
    person = person_id(request)
    courses = reviews.courses_answered_for(person)
    if not courses:
        raise reviews.MayNotReview(_("Only the staff of a course read its review figures."))
    figures = _figures(request, course or request.GET.get("course", "") or courses[0][0])
    rules = figures.rules
    context = {
        "section": "reviews",
        "figures": figures,
        "courses": courses,
        "periods": PERIODS,
        "days": _days(request),
        "issuers": [(issuer.slug, issuer.name) for issuer in badges.list_issuers()],
        "problem": problem,
        "answer_days": typed_days if typed_days is not None else rules.answer_days or "",
    }
    return render(request, "microcred_app/review/report.html", context, status=400 if problem else 200)


def _figures(request: HttpRequest, course: str = "") -> reviews.CourseFigures:
    now, days = timezone.now(), _days(request)
    return reviews.course_figures(
        person_id(request),
        course or request.GET.get("course", ""),
        since=now - timedelta(days=days) if days else None,
        now=now,
    )


def _days(request: HttpRequest) -> int:
    text = request.GET.get("days", "")
    return next((days for days in PERIODS if str(days) == text), 0)


def _hours(time: timedelta | None) -> float | None:
    return round(time.total_seconds() / 3600, 2) if time is not None else None


def _query(course: str) -> str:
    return urlencode({"course": course})


report_urls = [
    path("review/report/", report, name="review-report"),
    path("review/report.csv", sheet, name="review-report-csv"),
    path("review/report/rules", change_rules, name="review-rules"),
]
