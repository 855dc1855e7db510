"""Sign-offs: give one, see those that stand, take one back.

A refused form comes back with everything that was typed and what is wrong beside the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from microcred_app.applets.attainments.recorded import RecordedFact
from microcred_app.compat import platform
from microcred_app.signoffs import (
    SignOffRefused,
    find_learner,
    give_sign_off,
    page_sign_offs,
    sign_off_tasks,
    take_back_sign_off,
)

from .paging import read_place
from .shell import person_id, registrar_page

__all__ = ["signoff_urls"]

_FIELDS = ("learner", "task", "seen_on", "reason")
#: No key and no role holds it.
_BETWEEN = "\t"


@dataclass(frozen=True)
class Row:
    """One sign-off in the list, with names instead of numbers."""

    fact: RecordedFact
    learner: str
    signer: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def sign_offs(request: HttpRequest) -> HttpResponse:
    """The form, and the sign-offs that this person could have given."""
    problems: dict[str, str] = {}
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    if request.method == "POST":
        try:
            _give(person_id(request), typed)
        except SignOffRefused as error:
            problems = {{"key": "task"}.get(field, field): text for field, text in error.problems.items()}
        else:
            messages.success(request, _("Signed off. What it earns is awarded at once."))
            return redirect("microcred_app:sign-offs")
    return _render(request, typed, problems, status=400 if problems else 200)


@require_POST
@registrar_page
def take_back(request: HttpRequest, sign_off_id: UUID) -> HttpResponse:
    """Take one back, with a reason."""
    typed = request.POST.get("reason", "")
    try:
        take_back_sign_off(person_id(request), str(sign_off_id), reason=typed, now=timezone.now())
    except SignOffRefused as error:
        return _render(
            request,
            {},
            {},
            status=400,
            refused=(str(sign_off_id), typed, error.problems.get("reason", str(error))),
        )
    messages.success(request, _("Taken back. Badges earned with it stand until a registrar revokes them."))
    return redirect("microcred_app:sign-offs")


def _give(person: int, typed: dict[str, str]) -> None:
    learner = find_learner(typed["learner"])
    key, between, role = typed["task"].partition(_BETWEEN)
    if not between:
        raise SignOffRefused("key", _("Choose what you sign off."))
    give_sign_off(
        person,
        learner,
        key,
        role,
        reason=typed["reason"],
        seen_on=_day(typed["seen_on"]),
        now=timezone.now(),
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise SignOffRefused("seen_on", _("Write the day as year-month-day, such as 2026-03-31.")) from None


def _render(
    request: HttpRequest,
    typed: dict[str, str],
    problems: dict[str, str],
    *,
    status: int,
    refused: tuple[str, str, str] | None = None,
) -> HttpResponse:
    person = person_id(request)
    found = page_sign_offs(person, after=read_place(request), limit=50)
    people = platform().people(
        {fact.learner_id for fact in found.items} | {fact.recorded_by or 0 for fact in found.items}
    )

    def name(user_id: int | None) -> str:
        known = people.get(user_id or 0)
        return (known.name or known.email) if known else f"#{user_id}"

    context: dict[str, Any] = {
        "tasks": [(f"{task.key}{_BETWEEN}{task.role}", task) for task in sign_off_tasks(person)],
        "rows": [Row(fact, name(fact.learner_id), name(fact.recorded_by)) for fact in found.items],
        "next": "|".join(found.next) if found.next else "",
        "typed": typed,
        "problems": problems,
        "today": timezone.localdate(),
        "section": "signoffs",
        "refused": refused,
    }
    return render(request, "microcred_app/learner/sign_offs.html", context, status=status)


signoff_urls = [
    path("sign-offs/", sign_offs, name="sign-offs"),
    path("sign-offs/<uuid:sign_off_id>/take-back", take_back, name="sign-off-take-back"),
]
