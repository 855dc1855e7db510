"""What needs this person: one page that says where to look first, and is quiet when nothing waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.delivery import api as delivery
from microcred_app.applets.offices import api as offices
from microcred_app.applets.reviews import api as reviews

from ..shell import person_id, registrar_page
from .frame import show
from .people import names_of

__all__ = ["overview_urls"]

SHOWN = 5
UNDER_WAY = ("running", "paused", "undoing")


@dataclass(frozen=True)
class DraftLine:
    """A draft that waits for somebody."""

    key: str
    name: str
    state: str


@dataclass(frozen=True)
class FailedLine:
    """What could not be evaluated, by the badges that it concerns."""

    thing: str
    badges: tuple[str, ...]
    count: int
    error: str


@require_safe
@never_cache
@registrar_page
def overview(request: HttpRequest) -> HttpResponse:
    """Drafts, back-fills, deliveries, evaluations, reviews and overdue definitions of the own organisations."""
    person = person_id(request)
    context = {
        "shown": SHOWN,
        "reviews": reviews.count_queue(person),
        **_definitions(offices.scope_of(person, offices.Action.VIEW_DEFINITIONS)),
        **_jobs(offices.scope_of(person, offices.Action.VIEW_JOBS)),
        **_deliveries(offices.scope_of(person, offices.Action.VIEW_AWARDS)),
        "may_approve": bool(offices.scope_of(person, offices.Action.APPROVE_DRAFTS)),
    }
    return show(request, "overview", "overview", context)


def _definitions(scope: offices.Scope) -> dict[str, object]:
    if not scope:
        return {}
    drafts = [
        DraftLine(draft.key, str(draft.content.get("name") or draft.key), draft.state)
        for draft in badges.list_drafts()
        if draft.state in ("in_review", "approved") and scope.covers(str(draft.content.get("issuer", "")))
    ]
    today = timezone.now().date()
    late = badges.BadgeFilter(scope.filter_slugs, state="overdue")
    return {
        "sees_definitions": True,
        "drafts": drafts,
        "overdue_count": badges.count_badges(late, today=today),
        "overdue": badges.find_badges(late, today=today, limit=SHOWN),
        "today": today,
    }


def _jobs(scope: offices.Scope) -> dict[str, object]:
    if not scope:
        return {}
    failed = _failed(scope)
    return {
        "sees_jobs": True,
        "jobs": backfill.list_batches(states=UNDER_WAY, issuer_slugs=scope.filter_slugs, limit=SHOWN),
        "jobs_count": backfill.count_batches(states=UNDER_WAY, issuer_slugs=scope.filter_slugs),
        "failed": failed[:SHOWN],
        "failed_count": sum(line.count for line in failed),
    }


def _failed(scope: offices.Scope) -> list[FailedLine]:
    """Failed evaluations that concern badges of these organisations."""
    lines = []
    for failed in attainments.failed_evaluations():
        concerned = [
            badge.name
            for badge in badges.badges_mentioning([(failed.kind, failed.key)])
            if scope.covers(badge.issuer.slug)
        ]
        if concerned or scope.everywhere:
            thing = _("{kind} {key}").format(kind=failed.kind, key=failed.key)
            lines.append(FailedLine(thing, tuple(concerned), failed.count, failed.last_error))
    return lines


def _deliveries(scope: offices.Scope) -> dict[str, object]:
    if not scope:
        return {}
    counts = delivery.count_troubles(issuer_slugs=scope.filter_slugs)
    found = delivery.list_troubles(issuer_slugs=scope.filter_slugs, limit=SHOWN)
    names = names_of(trouble.learner_id for trouble in found)
    return {
        "sees_deliveries": True,
        "dead": counts["dead"],
        "failing": counts["failing"],
        "troubles": [(trouble, names[trouble.learner_id]) for trouble in found],
    }


overview_urls = [path("registrar/", overview, name="registrar-overview")]
