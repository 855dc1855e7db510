"""The credits of a learner's badges in a span of days: for an employer or a chamber that asks for continuing education.

The page prints as it stands, which is how it becomes a PDF; the file is for spreadsheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.awards import api as awards
from microcred_app.compat import platform

from .registrar.query import DayRange, read_days
from .registrar.sheets import stream_sheet
from .shell import person_id, signed_in_page

__all__ = ["credit_urls"]


@require_safe
@never_cache
@signed_in_page
def credit_page(request: HttpRequest) -> HttpResponse:
    """Badges with credits, awarded in the days that are asked for, and what they come to in each unit."""
    person = person_id(request)
    days = read_days(request)
    found = [] if days.problem else _earned(person, days)
    sums: dict[str, Decimal] = {}
    for award in found:
        sums[award.badge.terms.credit_unit] = sums.get(award.badge.terms.credit_unit, Decimal(0)) + _credits(
            award
        )
    context = {
        "rows": [(award, _number(_credits(award))) for award in found],
        "sums": [(unit, _number(sums[unit])) for unit in sorted(sums)],
        "days": days,
        "query": request.GET.urlencode(),
        "name": platform().learner_name(person),
        "today": timezone.localdate(),
        "section": "badges",
    }
    return render(request, "microcred_app/learner/credits.html", context, status=400 if days.problem else 200)


@require_safe
@never_cache
@signed_in_page
def credit_sheet(request: HttpRequest) -> HttpResponseBase:
    """The same for spreadsheets."""
    days = read_days(request)
    if days.problem:
        return credit_page(request)
    header = (_("Day (UTC)"), _("Badge"), _("Organisation"), _("Credits"), _("Unit"), _("Award"))
    return stream_sheet("credits", header, _sheet_rows(person_id(request), days))


def _sheet_rows(person: int, days: DayRange) -> Iterator[tuple[object, ...]]:
    for award in _earned(person, days):
        badge = award.badge
        credits = f"{_credits(award).normalize():f}"
        yield (
            award.awarded_at.date(), badge.name, badge.issuer.name, credits, badge.terms.credit_unit, award.id,
        )  # fmt: skip


def _earned(person: int, days: DayRange) -> list[awards.AwardInfo]:
    """Awards that count and bring credits, oldest first. A badge that ended brought its credits all the same.

    A newer version that was received for an older one brings nothing beside it, and is of the day of the older one.
    """
    standing = [
        one for one in awards.awards_of(person) if one.reversed_at is None and one.suspended_at is None
    ]
    ids = {award.id for award in standing}
    found = [
        _as_shown(award)
        for award in standing
        if award.badge.terms.credits is not None and _received_for(award).get("award") not in ids
    ]
    found.sort(key=lambda award: award.awarded_at)
    return [
        award
        for award in found
        if (days.since is None or award.awarded_at >= days.since)
        and (days.until is None or award.awarded_at < days.until)
    ]


def _received_for(award: awards.AwardInfo) -> dict[str, str]:
    found: dict[str, str] = award.because.get("upgraded_from", {})
    return found


def _as_shown(award: awards.AwardInfo) -> awards.AwardInfo:
    shown_at = _received_for(award).get("shown_at")
    return replace(award, awarded_at=datetime.fromisoformat(shown_at)) if shown_at else award


def _number(amount: Decimal) -> str:
    """Without zeros that say nothing, in the reader's way of writing numbers."""
    return str(number_format(amount.normalize() if amount % 1 else int(amount), use_l10n=True))


def _credits(award: awards.AwardInfo) -> Decimal:
    return award.badge.terms.credits or Decimal(0)


credit_urls = [
    path("my/credits", credit_page, name="my-credits"),
    path("my/credits.csv", credit_sheet, name="my-credits-sheet"),
]
