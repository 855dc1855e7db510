"""The queue of the reviewer: narrowed, sorted, in pages, and a way to the next submission that nobody holds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.reviews import api as reviews

from .review_query import AGES, read_filter, read_place, with_query, write_filter
from .shell import person_id, signed_in_page

__all__ = ["queue_urls", "state_titles"]

PAGE = 25


def state_titles() -> dict[str, str]:
    """The states a queue can be narrowed to, in the reader's language."""
    return {
        "waiting": _("Waiting"),
        "mine": _("Reserved by me"),
        "second": _("Second judgement"),
        "third": _("Third judgement"),
        "decided": _("Decided"),
        "all": _("All"),
    }


@require_safe
@never_cache
@signed_in_page
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this reviewer."""
    person, now = person_id(request), timezone.now()
    wanted = read_filter(request.GET)
    found = reviews.page_queue(person, wanted, now=now, after=read_place(request), limit=PAGE)
    counts = reviews.count_states(person, wanted, now=now)
    titles = state_titles()
    context: dict[str, Any] = {
        "section": "reviews",
        "items": found.items,
        "wanted": wanted,
        "query": write_filter(wanted),
        "choices": reviews.choices_for(person),
        "states": [
            (
                state,
                titles[state],
                counts[state],
                write_filter(wanted, state="" if state == "waiting" else state),
            )
            for state in reviews.STATES
        ],
        "count": counts[wanted.state],
        "ages": AGES,
        "sorts": [
            ("oldest", _("Longest waiting first")),
            ("newest", _("Newest first")),
            ("task", _("By task")),
        ],
        "narrowed": write_filter(wanted, state="", sort=""),
        "next": urlencode([("after", value) for value in found.next]) if found.next else "",
        "later": "after" in request.GET,
        "person": person,
        "now": now,
        "may_report": bool(reviews.courses_answered_for(person)),
    }
    return render(request, "microcred_app/review/queue.html", context)


@require_POST
@never_cache
@signed_in_page
def judge_next(request: HttpRequest) -> HttpResponse:
    """Reserve the first submission of the filtered queue that nobody holds, and open it."""
    person, now = person_id(request), timezone.now()
    wanted = read_filter(request.GET)
    for _try in range(5):
        found = reviews.next_free(person, wanted, now=now)
        if not found:
            break
        try:
            reviews.claim(person, found, now=now)
        except (reviews.ClaimHeld, reviews.AlreadyReviewed):
            continue  # somebody was faster
        return redirect(
            with_query(reverse("microcred_app:review-submission", args=[found]), write_filter(wanted))
        )
    messages.info(request, _("Nothing is free: everything here is done or reserved by somebody."))
    return redirect(with_query(reverse("microcred_app:review-queue"), write_filter(wanted)))


@require_POST
@never_cache
@signed_in_page
def archive(request: HttpRequest) -> HttpResponseBase:
    """Everything the filtered queue shows, as one zip file. A POST, because the download stands in the audit log."""
    person, now = person_id(request), timezone.now()
    planned = reviews.plan_archive(person, read_filter(request.GET), now=now)
    response = StreamingHttpResponse(reviews.write_archive(planned), content_type="application/zip")
    name = f"evidence-{now:%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@never_cache
@signed_in_page
def judge_again(request: HttpRequest, learner_id: int) -> HttpResponse:
    """Take back that one does not judge this learner."""
    evidence.take_back_recusal(person_id(request), learner_id, now=timezone.now())
    messages.success(request, _("You judge this learner’s work again."))
    return redirect("microcred_app:review-comments")


queue_urls = [
    path("review/", queue, name="review-queue"),
    path("review/next", judge_next, name="review-next"),
    path("review/files.zip", archive, name="review-archive"),
    path("review/declined/<int:learner_id>/take-back", judge_again, name="review-judge-again"),
]
