"""The reviewer's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app.applets.evidence import api as evidence

from .shell import person_id, signed_in_page

__all__ = ["review_urls"]


@require_safe
@never_cache
@signed_in_page
def queue(request: HttpRequest) -> HttpResponse:
    """Submissions that wait for this reviewer, oldest first."""
    return render(
        request, "microcred_app/review/queue.html", {"items": evidence.list_queue(person_id(request))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_page
def submission(request: HttpRequest, submission_id: str) -> HttpResponse:
    """One submission beside its rubric; a refused verdict keeps everything that was chosen and written."""
    item, info, rubric, earlier = evidence.open_for_review(person_id(request), submission_id)
    problem, chosen, comment = "", {}, ""
    if request.method == "POST":
        chosen = {
            criterion.id: request.POST.get(f"level-{criterion.id}", "") for criterion in rubric.criteria
        }
        comment = request.POST.get("comment", "")
        passed = request.POST.get("verdict") == "pass"
        try:
            evidence.decide(
                person_id(request),
                submission_id,
                passed=passed,
                levels=chosen,
                comment=comment,
                now=timezone.now(),
            )
        except evidence.ReviewIncomplete as error:
            problem = str(error)
        else:
            said = (
                _("Passed. The learner has been credited.") if passed else _("Sent back with your comment.")
            )
            messages.success(request, said)
            return redirect("microcred_app:review-queue")
    context = {
        "item": item,
        "submission": info,
        "earlier": earlier,
        "pass_points": rubric.pass_points,
        "criteria": [(criterion, chosen.get(criterion.id, "")) for criterion in rubric.criteria],
        "comment": comment,
        "problem": problem,
    }
    return render(request, "microcred_app/review/submission.html", context, status=400 if problem else 200)


review_urls = [
    path("review/", queue, name="review-queue"),
    path("review/<str:submission_id>", submission, name="review-submission"),
]
