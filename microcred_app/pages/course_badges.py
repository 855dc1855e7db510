"""A learner's badges of one course: the page behind the course's tab."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.course_badges import course_badges

from .shell import person_id, signed_in_page

__all__ = ["course_badge_urls"]


@require_safe
@never_cache
@signed_in_page
def badges_of_course(request: HttpRequest, course_key: str) -> HttpResponse:
    """The badges that the course's units lead to, and how far each is."""
    found = course_badges(person_id(request), course_key)
    return render(request, "microcred_app/learner/course.html", {"found": found, "section": "badges"})


course_badge_urls = [path("my/course/<path:course_key>/", badges_of_course, name="course-badges")]
