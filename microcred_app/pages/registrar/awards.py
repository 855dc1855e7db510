"""Learners and awards: who holds what, why, as a file, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from microcred_app.applets.audit import api as audit
from microcred_app.applets.awards import api as awards
from microcred_app.applets.backfill import api as backfill
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.offices import api as offices
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .people import names_of, people_of
from .query import (
    DayRange,
    Paging,
    read_days,
    read_numbered,
    read_paging,
    read_words,
)
from .sheets import stream_sheet

__all__ = ["award_urls", "read_award_filter", "read_suspension_words"]

#: So many badges and back-fills are offered to choose from.
MAX_CHOICES = 500


@dataclass(frozen=True)
class Row:
    """One award in the list, with its holder's name."""

    award: awards.AwardInfo
    holder: str


@require_safe
@never_cache
@registrar_page
def award_list(request: HttpRequest) -> HttpResponse:
    """Awards of the person's organisations, newest first; narrowed by whatever is known of them."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_AWARDS)
    wanted, days = read_award_filter(request, scope)
    paging, found = _page_of(request, wanted) if not days.problem else (read_paging(request, 0), ())
    names = names_of(award.learner_id for award in found)
    jobs = scope.filter_slugs
    context = {
        "rows": [Row(award, names[award.learner_id]) for award in found],
        "paging": paging,
        "wanted": wanted,
        "learner": read_words(request),
        "days": days,
        "narrowed": any(
            (read_words(request), wanted.badge_key, wanted.state, wanted.batch_id, wanted.since, wanted.until)
        ),
        "query": request.GET.urlencode(),
        "badges": badges.find_badges(
            badges.BadgeFilter(scope.filter_slugs), today=timezone.now().date(), limit=MAX_CHOICES
        ),
        "may_recall": bool(found)
        and wanted.state != "revoked"
        and bool(permissions.scope_of(person_id(request), permissions.Action.REVOKE_AWARDS)),
        "jobs": backfill.list_batches(issuer_slugs=jobs, limit=MAX_CHOICES),
        "may_import": bool(permissions.scope_of(person_id(request), permissions.Action.RUN_JOBS)),
    }
    return show(request, "awards", "awards", context, status=400 if days.problem else 200)


def _page_of(request: HttpRequest, wanted: awards.AwardFilter) -> tuple[Paging, tuple[awards.AwardInfo, ...]]:
    return read_numbered(
        request,
        count=partial(awards.count_awards, wanted),
        find=partial(awards.find_awards, wanted),
        place_of=awards.place_of,
    )


@require_safe
@never_cache
@registrar_page
def award_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same list, all of it, as a file for spreadsheets."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_AWARDS)
    wanted, days = read_award_filter(request, scope)
    if days.problem:
        return award_list(request)
    header = (
        _("Award"), _("Badge"), _("Badge key"), _("Version"), _("Organisation"), _("Learner"), _("E-mail"),
        _("Awarded (UTC)"), _("State"), _("Revoked (UTC)"), _("Reason"), _("Back-fill"),
    )  # fmt: skip
    return stream_sheet(f"awards-{timezone.now():%Y-%m-%d}", header, _sheet_rows(wanted))


def _sheet_rows(wanted: awards.AwardFilter) -> Iterator[tuple[object, ...]]:
    for piece in awards.iterate_awards(wanted):
        people = people_of(award.learner_id for award in piece)
        for award in piece:
            person, badge = people[award.learner_id], award.badge
            state = _("revoked") if award.reversed_at else _("suspended") if award.suspended_at else _("held")
            yield (
                award.id, badge.name, badge.key, badge.number, badge.issuer.name, person.name, person.email,
                award.awarded_at, state, award.reversed_at, award.reversal_reason, award.batch_id,
            )  # fmt: skip


def read_award_filter(request: HttpRequest, scope: permissions.Scope) -> tuple[awards.AwardFilter, DayRange]:
    """What the address of the list asks for, among what *scope* covers; and its days as they were typed."""
    days = read_days(request)
    learner = read_words(request)
    wanted = awards.AwardFilter(
        scope.filter_slugs,
        learner_ids=offices.people_called(learner) if learner else None,
        badge_key=read_words(request, "badge"),
        state=read_words(request, "state"),
        since=days.since,
        until=days.until,
        batch_id=read_words(request, "job"),
    )
    return wanted, days


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@registrar_page
def award_detail(request: HttpRequest, award_id: str) -> HttpResponse:
    """One award with everything behind it; and its revocation, which needs a reason."""
    person = person_id(request)
    scope = permissions.require_somewhere(person, permissions.Action.VIEW_AWARDS)
    award = awards.get_award(award_id, issuer_slugs=scope.filter_slugs)
    problem, did = "", request.POST.get("do", "revoke")
    if request.method == "POST":
        try:
            messages.success(request, _DECISIONS.get(did, _revoke)(request, award.id, person))
            return redirect("microcred_app:registrar-award", award.id)
        except (
            awards.ReasonMissing,
            awards.AlreadyReversed,
            awards.SuspensionRefused,
            awards.NotSuspendable,
            awards.AlreadySuspended,
            awards.NotSuspended,
        ) as error:
            problem = str(error)
            award = awards.get_award(award.id)
    context = {**_provenance(award, scope), "problem": problem, "did": did}
    context |= {name: request.POST.get(name, "") for name in ("reason", "told", "planned_end")}
    context |= _suspension(award)
    context["sees_job"] = _sees_job(award, person)
    context["may_revoke"] = permissions.may(person, permissions.Action.REVOKE_AWARDS, award.badge.issuer.slug)
    return show(request, "awards", "award", context, status=400 if problem else 200)


def _revoke(request: HttpRequest, award_id: str, person: int) -> str:
    reason = request.POST.get("reason", "")
    award = awards.reverse_award(award_id, actor_id=person, reason=reason, now=timezone.now())
    if awards.renewal_of(award):
        return _(
            "Revoked. The badge was renewed since and stays as it is: revoke the renewal too to take it back."
        )
    return _("Revoked. Whoever checks the badge from now on sees it.")


def _suspend(request: HttpRequest, award_id: str, person: int) -> str:
    awards.suspend_award(award_id, actor_id=person, words=read_suspension_words(request), now=timezone.now())
    return _("Suspended. Whoever checks the badge on this site sees it from now on.")


def _lift(request: HttpRequest, award_id: str, person: int) -> str:
    reason = request.POST.get("reason", "")
    awards.lift_award(award_id, actor_id=person, reason=reason, now=timezone.now())
    return _("The suspension is lifted. A new credential is signed and on its way.")


_DECISIONS: Mapping[str, Callable[[HttpRequest, str, int], str]] = {
    "revoke": _revoke,
    "suspend": _suspend,
    "lift": _lift,
}


def read_suspension_words(request: HttpRequest) -> awards.SuspensionWords:
    """What was typed; raises :class:`~awards.SuspensionRefused` for a day that is none."""
    typed = request.POST.get("planned_end", "").strip()
    try:
        planned_end = date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise awards.SuspensionRefused(_("Write the day as 2027-01-31.")) from error
    return awards.SuspensionWords(request.POST.get("reason", ""), request.POST.get("told", ""), planned_end)


def _suspension(award: awards.AwardInfo) -> dict[str, object]:
    short = award.badge.terms.document_days is not None
    return {
        "suspension": awards.open_suspensions([award.id]).get(award.id) if award.suspended_at else None,
        "copies_until": issuance.copies_end([award.id]).get(award.id) if short else None,
        "lasting_sentence": awards.lasting_sentence(),
    }


def _provenance(award: awards.AwardInfo, scope: permissions.Scope) -> dict[str, object]:
    """Rule, leaves, records and their sources, the credential, the job, and who decided what about it."""
    history = audit.list_entries(object_type="award", object_id=award.id)
    because = awards.explain_award(award)
    names = names_of((award.learner_id, *(entry.actor_id for entry in history)))
    return {
        "award": award,
        "holder": names[award.learner_id],
        "because": because,
        "visible_parts": _visible_parts(because, scope),
        "credential": issuance.credential_of_award(award.id),
        "upgraded_from": award.because.get("upgraded_from"),
        "other_versions": awards.other_versions(award),
        "renewal": awards.renewal_of(award),
        "built_on": [
            other for other in awards.awards_built_on(award) if scope.covers(other.badge.issuer.slug)
        ],
        "history": [(entry, names.get(entry.actor_id or 0, "")) for entry in history],
    }


def _sees_job(award: awards.AwardInfo, person: int) -> bool:
    """Whether the back-fill behind the award may be opened: a stack can follow from another organisation's."""
    if not award.batch_id:
        return False
    jobs = permissions.scope_of(person, permissions.Action.VIEW_JOBS)
    try:
        backfill.get_batch(award.batch_id, issuer_slugs=jobs.filter_slugs)
    except backfill.BatchNotFound:
        return False
    return True


def _visible_parts(because: awards.Because, scope: permissions.Scope) -> frozenset[str]:
    """The awards behind this one that the person may open; others are named by the rule and not linked."""
    ids = [leaf.award_id for leaf in because.leaves if leaf.award_id]
    return frozenset(pk for pk in ids if awards.is_visible(pk, issuer_slugs=scope.filter_slugs))


award_urls = [
    path("registrar/awards/", award_list, name="registrar-awards"),
    path("registrar/awards.csv", award_sheet, name="registrar-awards-csv"),
    path("registrar/awards/<str:award_id>", award_detail, name="registrar-award"),
]
