"""The judging page: one submission beside its rubric. Whatever is refused, nothing that was written is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.reviews import api as reviews
from microcred_app.errors import MicrocredError

from .review_query import read_filter, with_query, write_filter
from .shell import person_id, signed_in_page

__all__ = ["desk_urls"]


@dataclass(frozen=True)
class Typed:
    """The form as it was sent."""

    levels: dict[str, str]
    comment: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_page
def submission(request: HttpRequest, submission_id: str) -> HttpResponse:
    """One submission beside its rubric; a refused verdict keeps everything that was chosen and written."""
    if request.method != "POST":
        return _page(request, submission_id)
    typed = _typed(request)
    if "insert" in request.POST:
        return _page(request, submission_id, typed=_with_saved(request, typed))
    if "keep" in request.POST:
        return _keep_comment(request, submission_id, typed)
    if request.POST.get("verdict") == "draft":
        return _keep_draft(request, submission_id, typed)
    return _decide(request, submission_id, typed)


def _decide(request: HttpRequest, submission_id: str, typed: Typed) -> HttpResponse:
    person, now = person_id(request), timezone.now()
    passed = request.POST.get("verdict") == "pass"
    blind = reviews.open_desk(person, submission_id, now=now).blind
    try:
        reviews.decide(
            person, submission_id, passed=passed, levels=typed.levels, comment=typed.comment, now=now
        )
    except (reviews.ReviewIncomplete, reviews.ClaimHeld, reviews.AlreadyReviewed) as error:
        kept = _keep_typed(person, submission_id, typed)
        if kept and not isinstance(error, reviews.ReviewIncomplete):
            said = _("{problem} What you wrote is kept as your draft.").format(problem=error)
        else:
            said = str(error)
        return _page(request, submission_id, typed=typed, problem=said, status=error.http_status)
    if blind:
        said = _("Kept. The learner is not told; your judgement is compared with the first one.")
    elif passed:
        said = _("Passed. The learner has been credited.")
    else:
        said = _("Sent back with your comment.")
    if reviews.open_desk(person, submission_id, now=now).submission.state == "in_review" and not blind:
        said = _("Kept. A second reviewer judges this too before the learner is told.")
    messages.success(request, said)
    return _onwards(request, submission_id)


def _keep_draft(request: HttpRequest, submission_id: str, typed: Typed) -> HttpResponse:
    reviews.save_draft(
        person_id(request), submission_id, levels=typed.levels, comment=typed.comment, now=timezone.now()
    )
    messages.success(request, _("Your draft is kept. Nobody else sees it."))
    return redirect(request.get_full_path())


def _keep_comment(request: HttpRequest, submission_id: str, typed: Typed) -> HttpResponse:
    """Put the comment into the bank, and show the page as it was."""
    person, now = person_id(request), timezone.now()
    course = ""
    if request.POST["keep"] == "course":
        course = reviews.open_desk(person, submission_id, now=now).item.course_key
    try:
        reviews.save_comment(person, text=typed.comment, course_key=course, now=now)
    except reviews.CommentRefused as error:
        return _page(request, submission_id, typed=typed, problem=str(error), status=400)
    return _page(request, submission_id, typed=typed, notice=_("The comment is kept for the next time."))


def _with_saved(request: HttpRequest, typed: Typed) -> Typed:
    """The form with a saved comment at the end of what was written."""
    chosen = request.POST["insert"]
    for saved in reviews.list_comments(person_id(request)):
        if str(saved.id) == chosen:
            return Typed(
                typed.levels, "\n".join(part for part in (typed.comment.rstrip(), saved.text) if part)
            )
    return typed


@require_POST
@never_cache
@signed_in_page
def autosave(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Keep the draft and renew the reservation; the answer says in words how both stand."""
    person, now = person_id(request), timezone.now()
    typed = _typed(request)
    draft = reviews.save_draft(person, submission_id, levels=typed.levels, comment=typed.comment, now=now)
    at = date_format(localtime(draft.saved_at or now), "H:i")
    return JsonResponse(
        {"saved": _("Draft saved at {time}.").format(time=at), **_claimed(person, submission_id)}
    )


@require_POST
@never_cache
@signed_in_page
def reserve(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Reserve the submission; by script without a new page."""
    person = person_id(request)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(_claimed(person, submission_id))
    reviews.claim(person, submission_id, now=timezone.now())
    return _back(request, submission_id)


@require_POST
@never_cache
@signed_in_page
def give_back(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Give the reservation back and go to the queue; nothing is said to a page that is being left."""
    reviews.release(person_id(request), submission_id)
    if "quietly" in request.POST:
        return HttpResponse(status=204)
    messages.success(request, _("Others can judge it now."))
    return redirect(with_query(reverse("microcred_app:review-queue"), _query(request)))


@require_POST
@never_cache
@signed_in_page
def decline(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Say that one should not judge this learner."""
    person, now = person_id(request), timezone.now()
    reviews.release(person, submission_id)
    evidence.declare_recusal(person, submission_id, reason=request.POST.get("reason", ""), now=now)
    messages.success(
        request,
        _("You do not judge this learner’s work any more. You can take this back under “Comments and more”."),
    )
    return redirect(with_query(reverse("microcred_app:review-queue"), _query(request)))


@require_POST
@never_cache
@signed_in_page
def say(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Write to the learner."""
    try:
        reviews.say_as_reviewer(
            person_id(request),
            submission_id,
            text=request.POST.get("text", ""),
            answers=request.POST.get("answers", ""),
            now=timezone.now(),
        )
    except reviews.FeedbackRefused as error:
        said = request.POST.get("text", "")
        return _page(request, submission_id, message=said, message_problem=str(error), status=400)
    messages.success(request, _("Your message is sent."))
    return redirect(_address(request, submission_id) + "#conversation")


@require_POST
@never_cache
@signed_in_page
def judge_anew(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Judge a decided submission anew, or take it back, with a reason."""
    person, now = person_id(request), timezone.now()
    typed, reason = _typed(request), request.POST.get("reason", "")
    verdict = request.POST.get("verdict", "")
    try:
        if verdict == "reset":
            reviews.reset(person, submission_id, reason=reason, comment=typed.comment, now=now)
        else:
            reviews.regrade(
                person,
                submission_id,
                passed=verdict == "pass",
                levels=typed.levels,
                comment=typed.comment,
                reason=reason,
                now=now,
            )
    except (reviews.ReviewIncomplete, reviews.AlreadyReviewed) as error:
        return _page(
            request,
            submission_id,
            typed=typed,
            problem=str(error),
            reason=reason,
            anew=True,
            status=error.http_status,
        )
    messages.success(
        request,
        _("Judged anew. Badges that were earned before stand until a registrar revokes them.")
        if verdict != "reset"
        else _("Taken back. The learner can hand in anew."),
    )
    return redirect(_address(request, submission_id))


def _page(
    request: HttpRequest,
    submission_id: str,
    *,
    typed: Typed | None = None,
    problem: str = "",
    notice: str = "",
    reason: str = "",
    anew: bool = False,
    message: str = "",
    message_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    person, now = person_id(request), timezone.now()
    wanted = read_filter(request.GET)
    desk = reviews.open_desk(person, submission_id, now=now)
    anew = anew or (desk.may_regrade and "anew" in request.GET)
    shown = typed or _first_choice(desk, anew=anew)
    before, after = reviews.neighbours(person, submission_id, wanted, now=now)
    context: dict[str, Any] = {
        "section": "reviews",
        "desk": desk,
        "item": desk.item,
        "submission": desk.submission,
        "files": [(file, desk.previews.get(file.id, "")) for file in desk.submission.files],
        "criteria": [(criterion, shown.levels.get(criterion.id, "")) for criterion in desk.rubric.criteria],
        "pass_points": desk.rubric.pass_points,
        "max_points": desk.rubric.maximum,
        "comment": shown.comment,
        "reason": reason,
        "problem": problem,
        "notice": notice,
        "anew": anew,
        "judging": not desk.why_not,
        "own_claim": desk.claim is not None and desk.claim.reviewer_id == person,
        "held_by_other": desk.claim is not None and not desk.mine and desk.claim.holds(now),
        "saved_comments": reviews.list_comments(person, course_key=desk.item.course_key),
        "message": message,
        "message_problem": message_problem,
        "query": write_filter(wanted),
        "before": before,
        "after": after,
        "then_next": request.POST.get("then") == "next" or request.GET.get("then") == "next",
    }
    return render(request, "microcred_app/review/submission.html", context, status=status)


def _first_choice(desk: reviews.Desk, *, anew: bool) -> Typed:
    """The reviewer's draft; for a new judgement the one that stands."""
    if desk.draft.saved_at is not None:
        return Typed(dict(desk.draft.levels), desk.draft.comment)
    if not anew:
        return Typed({}, "")
    reached = dict(desk.submission.rubric_result)
    levels = {
        criterion.id: level.id
        for criterion in desk.rubric.criteria
        for level in criterion.levels
        if reached.get(criterion.name) == level.name
    }
    return Typed(levels, desk.submission.comment)


def _keep_typed(person: int, submission_id: str, typed: Typed) -> bool:
    """Keep a refused verdict as a draft; what cannot even be kept is still on the page."""
    if not (typed.comment.strip() or any(typed.levels.values())):
        return False
    try:
        reviews.save_draft(
            person, submission_id, levels=typed.levels, comment=typed.comment, now=timezone.now()
        )
    except MicrocredError:
        return False
    return True


def _claimed(person: int, submission_id: str) -> dict[str, Any]:
    try:
        found = reviews.claim(person, submission_id, now=timezone.now())
    except (reviews.ClaimHeld, reviews.AlreadyReviewed) as error:
        return {"mine": False, "claim": str(error)}
    until = date_format(localtime(found.until), "H:i")
    return {"mine": True, "claim": _("Reserved for you until {time}.").format(time=until)}


def _typed(request: HttpRequest) -> Typed:
    levels = {
        name.removeprefix("level-"): value
        for name, value in request.POST.items()
        if name.startswith("level-")
    }
    return Typed({name: str(value) for name, value in levels.items()}, request.POST.get("comment", ""))


def _query(request: HttpRequest) -> str:
    return write_filter(read_filter(request.GET))


def _address(request: HttpRequest, submission_id: str) -> str:
    return with_query(reverse("microcred_app:review-submission", args=[submission_id]), _query(request))


def _back(request: HttpRequest, submission_id: str) -> HttpResponse:
    return redirect(_address(request, submission_id))


def _onwards(request: HttpRequest, submission_id: str) -> HttpResponse:
    """To the next free submission of the filtered queue when that was asked for, else to the queue."""
    person = person_id(request)
    if request.POST.get("then") == "next":
        found = reviews.next_free(person, read_filter(request.GET), now=timezone.now(), skip=submission_id)
        if found:
            query = "&".join(part for part in (_query(request), "then=next") if part)
            return redirect(with_query(reverse("microcred_app:review-submission", args=[found]), query))
    return redirect(with_query(reverse("microcred_app:review-queue"), _query(request)))


desk_urls = [
    path("review/<str:submission_id>", submission, name="review-submission"),
    path("review/<str:submission_id>/draft", autosave, name="review-draft"),
    path("review/<str:submission_id>/reserve", reserve, name="review-reserve"),
    path("review/<str:submission_id>/release", give_back, name="review-release"),
    path("review/<str:submission_id>/decline", decline, name="review-decline"),
    path("review/<str:submission_id>/say", say, name="review-say"),
    path("review/<str:submission_id>/anew", judge_anew, name="review-anew"),
]
