"""The reviewer's pages, and the guarded download of evidence."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
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


@require_safe
@never_cache
@signed_in_page
def evidence_file(request: HttpRequest, file_id: str) -> FileResponse:
    """The bytes, for owner and reviewers only, in a form that no browser executes.

    Pictures may be shown in place (``?inline=1``): their bytes were checked when they came in, and the
    sandbox policy holds even if a browser disagrees about what they are.
    """
    info, content = evidence.open_evidence_file(person_id(request), file_id)
    inline = request.GET.get("inline") == "1" and info.media_type.startswith("image/")
    response = FileResponse(
        content, as_attachment=not inline, filename=info.name, content_type=info.media_type
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


review_urls = [
    path("review/", queue, name="review-queue"),
    path("review/<str:submission_id>", submission, name="review-submission"),
    path("evidence/<str:file_id>", evidence_file, name="evidence-file"),
]
