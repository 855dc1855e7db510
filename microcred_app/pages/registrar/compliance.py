"""Who held a badge that was valid on a day, with the records that prove it: what an inspection asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.awards import api as awards
from microcred_app.applets.badges import api as badges
from microcred_app.applets.issuance import api as issuance
from microcred_app.permissions import api as permissions

from ..shell import person_id, registrar_page
from .frame import show
from .people import people_of
from .query import PAGE_SIZE, read_paging, read_words
from .sheets import stream_sheet

__all__ = ["compliance_urls"]

MAX_CHOICES = 500
#: More awards than these are not counted for a page; the file has them all.
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class _Asked:
    """The badge and the day, as typed and as understood; nothing is asked while ``problem`` says something."""

    badge: str
    day: str
    moment: datetime | None = None
    problem: str = ""


@require_safe
@never_cache
@registrar_page
def compliance(request: HttpRequest) -> HttpResponse:
    """The question, and the answer a page at a time."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_AWARDS)
    asked = _read(request)
    wanted = _filter(asked, scope)
    count = awards.count_awards(wanted, most=MOST_COUNTED) if wanted else 0
    paging = read_paging(request, count, most=MOST_COUNTED)
    found = awards.find_awards(wanted, limit=PAGE_SIZE, offset=paging.offset) if wanted else ()
    people = people_of(award.learner_id for award in found)
    today = timezone.now().date()
    context = {
        "asked": asked,
        "answered": wanted is not None,
        "rows": [(award, people[award.learner_id], _records(award)) for award in found],
        "paging": paging,
        "query": request.GET.urlencode(),
        "today": today.isoformat(),
        "badges": badges.find_badges(badges.BadgeFilter(scope.filter_slugs), today=today, limit=MAX_CHOICES),
    }
    return show(request, "awards", "compliance", context, status=400 if asked.problem else 200)


@require_safe
@never_cache
@registrar_page
def compliance_sheet(request: HttpRequest) -> HttpResponseBase:
    """All of it for spreadsheets, with the ids of award, credential and every record behind it."""
    scope = permissions.require_somewhere(person_id(request), permissions.Action.VIEW_AWARDS)
    asked = _read(request)
    wanted = _filter(asked, scope)
    if wanted is None:
        return compliance(request)
    header = (
        _("Learner"), _("E-mail"), _("Badge"), _("Version"), _("Awarded (UTC)"), _("Valid until (UTC)"),
        _("Revoked later (UTC)"), _("Award"), _("Credential"), _("Records"),
    )  # fmt: skip
    return stream_sheet(f"valid-on-{asked.day}", header, _sheet_rows(wanted))


def _sheet_rows(wanted: awards.AwardFilter) -> Iterator[tuple[object, ...]]:
    for piece in awards.iterate_awards(wanted):
        people = people_of(award.learner_id for award in piece)
        signed = issuance.credentials_of_awards([award.id for award in piece])
        for award in piece:
            person, credential = people[award.learner_id], signed.get(award.id)
            yield (
                person.name, person.email, award.badge.name, award.badge.number, award.awarded_at,
                award.expires_at, award.reversed_at, award.id, credential.uri if credential else "",
                " ".join(_records(award)),
            )  # fmt: skip


def _records(award: awards.AwardInfo) -> tuple[str, ...]:
    """Ids of attainments, reported facts and awards on which it rests."""
    found: list[str] = []
    for leaf in award.because.get("met", []):
        found += [*leaf.get("attainments", ()), *leaf.get("facts", ())]
        found += [leaf["award"]] if "award" in leaf else []
    return tuple(dict.fromkeys(map(str, found)))


def _read(request: HttpRequest) -> _Asked:
    badge, day = read_words(request, "badge"), request.GET.get("day", "").strip()[:40]
    if not badge and not day:
        return _Asked("", "")
    if not badge:
        return _Asked(badge, day, problem=_("Choose a badge."))
    try:
        chosen = date.fromisoformat(day)
        moment = datetime.combine(chosen, time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        problem = _("“{text}” is no day. Write it as in 2026-03-31.").format(text=day)
        return _Asked(badge, day, problem=problem)
    return _Asked(badge, chosen.isoformat(), moment)


def _filter(asked: _Asked, scope: permissions.Scope) -> awards.AwardFilter | None:
    if asked.moment is None:
        return None
    return awards.AwardFilter(scope.filter_slugs, badge_key=asked.badge, valid_at=asked.moment)


compliance_urls = [
    path("registrar/compliance/", compliance, name="registrar-compliance"),
    path("registrar/compliance.csv", compliance_sheet, name="registrar-compliance-sheet"),
]
