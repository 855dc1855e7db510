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
from microcred_app.applets.mailing.api import count_given_up_mails
from microcred_app.applets.reviews import api as reviews
from microcred_app.applets.skills import api as skills
from microcred_app.applets.vendors import api as vendors
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .people import names_of
from .words import alarm_word

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
        **_definitions(permissions.scope_of(person, permissions.Action.VIEW_DEFINITIONS)),
        **_jobs(permissions.scope_of(person, permissions.Action.VIEW_JOBS)),
        **_deliveries(permissions.scope_of(person, permissions.Action.VIEW_AWARDS)),
        **_vendors(permissions.scope_of(person, permissions.Action.MANAGE_VENDORS)),
        "first_steps": _first_steps(person),
        "may_approve": bool(permissions.scope_of(person, permissions.Action.APPROVE_DRAFTS)),
    }
    return show(request, "overview", "overview", context)


@dataclass(frozen=True)
class FirstSteps:
    """What a site without any badge still lacks, and what this person may do about it."""

    organisations: bool
    skills: bool
    may_import: bool
    may_give_roles: bool


def _first_steps(person: int) -> FirstSteps | None:
    """None as soon as one badge was published, and for whoever does not look after badges."""
    action = permissions.Action
    scope = permissions.scope_of(person, action.EDIT_DRAFTS)
    if not scope or badges.count_badges(badges.BadgeFilter(scope.filter_slugs), today=timezone.now().date()):
        return None
    return FirstSteps(
        organisations=any(scope.covers(issuer.slug) for issuer in badges.list_issuers()),
        skills=bool(skills.list_frameworks()),
        may_import=bool(permissions.scope_of(person, action.MANAGE_SKILLS)),
        may_give_roles=bool(permissions.scope_of(person, action.MANAGE_ROLES)),
    )


def _definitions(scope: permissions.Scope) -> dict[str, object]:
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


def _jobs(scope: permissions.Scope) -> dict[str, object]:
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


def _failed(scope: permissions.Scope) -> list[FailedLine]:
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


def _deliveries(scope: permissions.Scope) -> dict[str, object]:
    if not scope:
        return {}
    counts = delivery.count_troubles(issuer_slugs=scope.filter_slugs)
    found = delivery.list_troubles(issuer_slugs=scope.filter_slugs, limit=SHOWN)
    names = names_of(trouble.learner_id for trouble in found)
    return {
        "sees_deliveries": True,
        "dead": counts["dead"],
        "failing": counts["failing"],
        "mails_given_up": count_given_up_mails(scope),
        "troubles": [(trouble, names[trouble.learner_id]) for trouble in found],
    }


def _vendors(scope: permissions.Scope) -> dict[str, object]:
    """Only where an organisation has accounts: a card about nothing would be one more thing to read."""
    now = timezone.now()
    if not scope or not vendors.list_accounts(scope, now=now):
        return {}
    alarms = vendors.account_alarms(scope, now=now)
    return {
        "sees_vendors": True,
        "vendor_alarms": [(one, alarm_word(one.alarm)) for one in alarms],
        "vendor_given_up": vendors.count_given_up(scope),
    }


overview_urls = [path("registrar/", overview, name="registrar-overview")]
