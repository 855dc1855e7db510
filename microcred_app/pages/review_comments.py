"""Saved comments, and learners one does not judge."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.reviews import api as reviews

from .shell import person_id, signed_in_page

__all__ = ["comment_urls"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_page
def comments(request: HttpRequest) -> HttpResponse:
    """The comment bank; a refused sentence stays in its field."""
    person = person_id(request)
    problem, typed, course = "", "", ""
    if request.method == "POST":
        typed, course = request.POST.get("text", ""), request.POST.get("course", "")
        try:
            reviews.save_comment(person, text=typed, course_key=course, now=timezone.now())
        except reviews.CommentRefused as error:
            problem = str(error)
        else:
            messages.success(request, _("The comment is kept."))
            return redirect("microcred_app:review-comments")
    return _page(request, problem=problem, typed=typed, course=course)


@require_POST
@never_cache
@signed_in_page
def change(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Change or delete a saved comment."""
    person = person_id(request)
    if request.POST.get("do") == "delete":
        reviews.delete_comment(person, comment_id)
        messages.success(request, _("The comment is deleted."))
        return redirect("microcred_app:review-comments")
    text = request.POST.get("text", "")
    try:
        reviews.edit_comment(person, comment_id, text=text, now=timezone.now())
    except reviews.CommentRefused as error:
        return _page(request, wrong=(comment_id, text, str(error)))
    messages.success(request, _("The comment is changed."))
    return redirect("microcred_app:review-comments")


def _page(
    request: HttpRequest,
    *,
    problem: str = "",
    typed: str = "",
    course: str = "",
    wrong: tuple[int, str, str] | None = None,
) -> HttpResponse:
    person = person_id(request)
    context = {
        "section": "reviews",
        "comments": reviews.list_comments(person),
        "courses": reviews.choices_for(person).courses,
        "declined": evidence.recusals_of(person),
        "problem": problem,
        "typed": typed,
        "course": course,
        "wrong": wrong,
    }
    status = 400 if problem or wrong else 200
    return render(request, "microcred_app/review/comments.html", context, status=status)


comment_urls = [
    path("review/comments/", comments, name="review-comments"),
    path("review/comments/<int:comment_id>", change, name="review-comment"),
]
