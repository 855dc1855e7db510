"""The learner's page about what they handed in for one task: attempts, judgements, and the conversation about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from microcred_app.applets.reviews import api as reviews
from microcred_app.learning import show_work

from .shell import person_id, signed_in_page

__all__ = ["feedback_urls"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_page
def work(request: HttpRequest, submission_id: str) -> HttpResponse:
    """What was handed in and what was said; a refused message stays in its field."""
    person = person_id(request)
    problem, typed, answers = "", "", ""
    if request.method == "POST":
        typed, answers = request.POST.get("text", ""), request.POST.get("answers", "")
        try:
            reviews.say_as_learner(person, submission_id, text=typed, answers=answers, now=timezone.now())
        except reviews.FeedbackRefused as error:
            problem = str(error)
        else:
            messages.success(request, _("Your message is sent."))
            return redirect(reverse("microcred_app:my-work", args=[submission_id]) + "#conversation")
    context = {
        "work": show_work(person, submission_id),
        "problem": problem,
        "typed": typed,
        "answers": answers,
    }
    return render(request, "microcred_app/learner/work.html", context, status=400 if problem else 200)


feedback_urls = [path("my/work/<str:submission_id>", work, name="my-work")]
