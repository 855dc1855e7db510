"""Badges: what can be earned, in which version, who answers for it, and the end of its life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app import rules
from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.permissions import api as permissions

from ..drafts_fields import say_value
from ..shell import person_id, registrar_page
from .frame import show
from .jobs import job_title
from .people import names_of
from .query import PAGE_SIZE, read_paging, read_words
from .words import field_word

__all__ = ["badge_urls"]

MAX_SUCCESSORS = 200
HISTORY = 20
#: Long texts and pictures are compared by looking at them, not by reading them twice in a table.
_NO_VALUES = frozenset({"image"})


@dataclass(frozen=True)
class Change:
    """One field that a version changed, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionLine:
    """A version, and what it changed against the one before."""

    badge: badges.PublishedBadge
    changes: tuple[Change, ...]
    is_first: bool


@require_safe
@never_cache
@registrar_page
def badge_list(request: HttpRequest) -> HttpResponse:
    """The badges of the person's organisations with state, version, holders and who answers for them."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.VIEW_DEFINITIONS)
    wanted = badges.BadgeFilter(
        scope.filter_slugs,
        text=read_words(request),
        state=read_words(request, "state"),
        issuer_slug=read_words(request, "organisation"),
    )
    today = timezone.now().date()
    paging = read_paging(request, badges.count_badges(wanted, today=today))
    found = badges.find_badges(wanted, today=today, limit=PAGE_SIZE, offset=paging.offset)
    holders = awards.count_holders(row.key for row in found)
    context = {
        "rows": [(row, holders.get(row.key, 0)) for row in found],
        "paging": paging,
        "wanted": wanted,
        "states": badges.BADGE_STATES,
        "organisations": [issuer for issuer in badges.list_issuers() if scope.covers(issuer.slug)],
        "today": today,
        "may_edit": bool(permissions.scope_of(person, permissions.Action.EDIT_DRAFTS)),
        "sees_awards": bool(permissions.scope_of(person, permissions.Action.VIEW_AWARDS)),
    }
    return show(request, "badges", "badges", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def badge_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One badge: its rule, its versions with what changed, and the end of its life, which needs a reason."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.VIEW_DEFINITIONS)
    row = badges.get_badge_row(key, issuer_slugs=scope.filter_slugs)
    problem = ""
    if request.method == "POST":
        try:
            done = _take_step(request, key, person)
        except badges.LifeRefused as error:
            problem = str(error)
        else:
            messages.success(request, done)
            return redirect("microcred_app:registrar-badge", key)
    context = {**_about(row, person), "typed": request.POST, "problem": problem}
    return show(request, "badges", "badge", context, status=400 if problem else 200)


def _take_step(request: HttpRequest, key: str, person: int) -> str:
    """Deprecate, retire or reinstate as asked, and say what was done."""
    names = ("step", "reason", "successor", "notice")
    given = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in names}
    reason, now = given["reason"], timezone.now()
    ending = {"successor": given["successor"], "notice": given["notice"]}
    if given["step"] == "deprecate":
        if not reason:
            raise badges.LifeRefused(_("Give a reason. It is kept in the audit log."))
        sunset_at = _read_sunset(request.POST.get("sunset", ""))
        badges.deprecate_badge(key, sunset_at=sunset_at, reason=reason, actor_id=person, now=now, **ending)
        return _("Deprecated. It can be earned until its last day.")
    if given["step"] == "retire":
        badges.retire_badge(key, reason=reason, actor_id=person, now=now, **ending)
        return _("Retired. Nobody earns it any more; what was issued stays valid.")
    if given["step"] == "reinstate":
        badges.reinstate_badge(key, reason=reason, actor_id=person, now=now)
        return _("Reinstated. It can be earned again.")
    raise badges.LifeRefused(_("Choose what to do: deprecate, retire or reinstate."))


def _read_sunset(text: str) -> datetime:
    """The end of the last day on which the badge is earned."""
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(23, 59, 59), UTC)
    except ValueError:
        raise badges.LifeRefused(
            _("Say on which day it ends, as in {example}.").format(example="2027-09-30")
        ) from None


def _about(row: badges.BadgeRow, person: int) -> dict[str, object]:
    versions = badges.list_versions(row.key)
    names = badges.names_for([version.requirement for version in versions])
    slug = row.issuer_slug
    shown = next((version for version in versions if version.number == row.number), versions[0])
    history = audit.list_entries(object_type="badge", object_id=row.key, limit=HISTORY)
    sees_audit = permissions.may(person, permissions.Action.VIEW_AUDIT, slug)
    actors = names_of(entry.actor_id for entry in history) if sees_audit else {}
    sees_awards = permissions.may(person, permissions.Action.VIEW_AWARDS, slug)
    sees_jobs = permissions.may(person, permissions.Action.VIEW_JOBS, slug)
    successors = badges.BadgeFilter(
        permissions.scope_of(person, permissions.Action.VIEW_DEFINITIONS).filter_slugs
    )
    return {
        "row": row,
        "badge": shown,
        "sentence": badges.criteria_text(shown.requirement, names, shown.criteria_intro),
        "older_holders": _older_holders(row) if sees_awards else 0,
        "holders": awards.count_holders([row.key]).get(row.key, 0),
        "versions": _compared(versions, names),
        "history": [(entry, actors.get(entry.actor_id or 0, "")) for entry in history] if sees_audit else [],
        "jobs": [(job, job_title(job)) for job in backfill.list_batches(badge_key=row.key, limit=5)]
        if sees_jobs
        else [],
        "successors": [
            (other.key, other.name)
            for other in badges.find_badges(successors, today=timezone.now().date(), limit=MAX_SUCCESSORS)
            if other.key != row.key and other.state != "retired"
        ],
        "today": timezone.now().date(),
        "sees_awards": sees_awards,
        "may_edit": permissions.may(person, permissions.Action.EDIT_DRAFTS, slug),
        "may_retire": permissions.may(person, permissions.Action.RETIRE_DEFINITIONS, slug),
        "sees_jobs": sees_jobs,
    }


def _older_holders(row: badges.BadgeRow) -> int:
    """How many hold a version before the one in force, and not that one."""
    if not row.number:
        return 0
    return len(awards.holders_of_older(row.key, before=row.number, now=timezone.now()))


def _compared(versions: Sequence[badges.PublishedBadge], names: rules.Names) -> list[VersionLine]:
    """The newest first, each against the one before it."""
    lines = []
    for place, version in enumerate(versions):
        before = versions[place + 1] if place + 1 < len(versions) else None
        changes = () if before is None else _changes(before, version, names)
        lines.append(VersionLine(version, changes, before is None))
    return lines


def _changes(
    before: badges.PublishedBadge, after: badges.PublishedBadge, names: rules.Names
) -> tuple[Change, ...]:
    found = badges.changes_between(badges.content_of(before), badges.content_of(after))
    said = []
    for change in found:
        if change.field == "requirement":
            pair = (badges.criteria_text(version.requirement, names) for version in (before, after))
            said.append(Change(field_word(change.field), *pair))
        elif change.field in _NO_VALUES:
            said.append(Change(field_word(change.field), "", _("another one")))
        else:
            words = (say_value(change.field, value) for value in (change.before, change.after))
            said.append(Change(field_word(change.field), *words))
    return tuple(said)


badge_urls = [
    path("registrar/badges/", badge_list, name="registrar-badges"),
    path("registrar/badges/<slug:key>", badge_detail, name="registrar-badge"),
]
