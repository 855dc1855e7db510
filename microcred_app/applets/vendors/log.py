"""What vendors were given: the log of orders with their tries, and sending them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..delivery.backlog import Backlog, Tries, measure_backlog, measure_overdue, measure_tries, places_away
from ..delivery.troubles import Try
from .accounts import find_account, trace
from .errors import AccountRefused
from .models import VendorAttempt, VendorIssue
from .orders import announce, waits_for_issue

__all__ = [
    "OrderInfo",
    "count_given_up",
    "count_orders",
    "list_orders",
    "resend_orders",
    "vendor_backlog",
    "vendor_overdue",
    "vendor_tries",
]

MAX_TRIES_SHOWN = 20
#: Ends that sending again would only repeat.
_FINAL = ("called_off", "suspended", "no_consent", "account_removed")


@dataclass(frozen=True)
class OrderInfo:
    """One order with its newest tries. ``deed`` is issue or revoke, ``state`` waiting, done or failed."""

    id: str
    deed: str
    state: str
    code: str
    detail: str
    created_at: datetime
    award_id: str
    learner_id: int
    badge_name: str
    tries: tuple[Try, ...]


def list_orders(
    account_id: str, *, actor_id: int | None, state: str = "", limit: int = 50, offset: int = 0
) -> tuple[OrderInfo, ...]:
    """Orders to an account, newest first; *state* narrows them."""
    rows = _rows(account_id, actor_id, state).select_related("award__version")
    found = list(rows.order_by("-created_at", "-place", "pk")[offset : offset + limit])
    tries = _tries_of(row.pk for row in found)
    return tuple(_describe(row, tries.get(row.pk, ())) for row in found)


def count_orders(account_id: str, *, actor_id: int | None, state: str = "") -> int:
    """How many there are."""
    return _rows(account_id, actor_id, state).count()


def count_given_up(scope: permissions.Scope) -> int:
    """How many orders of these organisations failed for good and could be sent again."""
    rows = _resendable(VendorIssue.objects.filter(account__removed_at__isnull=True))
    if scope.filter_slugs is not None:
        rows = rows.filter(account__issuer__slug__in=scope.filter_slugs)
    return rows.count()


@transaction.atomic
def resend_orders(account_id: str, *, actor_id: int | None, now: datetime, seen: int) -> int:
    """Send everything again that was given up, if it is the number that was *seen*."""
    account = find_account(account_id, actor_id)
    ids = list(_resendable(VendorIssue.objects.filter(account=account)).values_list("pk", flat=True))
    if not ids:
        raise AccountRefused(_("Nothing was given up."))
    if seen != len(ids):
        raise AccountRefused(
            _("Meanwhile the number changed: {count} would be sent again now. Look again.").format(
                count=len(ids)
            )
        )
    started = _resendable(VendorIssue.objects.filter(account=account)).update(
        state=VendorIssue.State.PENDING, next_attempt_at=now, attempts=0, last_code="", last_detail=""
    )
    trace("vendor.resent", account, actor_id, now, {"orders": started})
    announce(started)
    return started


def vendor_backlog(*, now: datetime) -> Backlog:
    """How orders stand. What waits for a key or for an earlier order is not overdue."""
    return measure_backlog(VendorIssue, "vendor", now=now, away=_away(now), held=_held())


def vendor_overdue(*, now: datetime) -> float:
    """For how long nobody took an order that is due."""
    return measure_overdue(VendorIssue, now=now, away=_away(now), held=_held())


def vendor_tries() -> Tries:
    """The newest tries."""
    return measure_tries(VendorAttempt, "vendor")


def _away(now: datetime) -> Q:
    return Q(account_id__in=[UUID(place) for place in places_away("vendor", now=now)])


def _held() -> Q:
    return Q(account__key_refused_at__isnull=False) | waits_for_issue()


def _resendable(rows: QuerySet[VendorIssue]) -> QuerySet[VendorIssue]:
    return rows.filter(state=VendorIssue.State.DEAD).exclude(last_code__in=_FINAL)


def _rows(account_id: str, actor_id: int | None, state: str) -> QuerySet[VendorIssue]:
    rows = VendorIssue.objects.filter(account=find_account(account_id, actor_id))
    if state == "failed":
        return _resendable(rows)
    states = {
        "waiting": (VendorIssue.State.PENDING, VendorIssue.State.CLAIMED),
        "done": (VendorIssue.State.DELIVERED,),
    }
    return rows.filter(state__in=states[state]) if state in states else rows


def _tries_of(ids: Iterable[UUID]) -> dict[UUID, tuple[Try, ...]]:
    found: dict[UUID, list[Try]] = {}
    for row in VendorAttempt.objects.filter(delivery_id__in=list(ids)).order_by("-started_at", "-pk"):
        tries = found.setdefault(row.delivery_id, [])
        if len(tries) < MAX_TRIES_SHOWN:
            tries.append(Try(row.started_at, row.outcome, row.code, row.http_status, row.note))
    return {pk: tuple(tries) for pk, tries in found.items()}


def _describe(row: VendorIssue, tries: tuple[Try, ...]) -> OrderInfo:
    state = {VendorIssue.State.DELIVERED: "done", VendorIssue.State.DEAD: "failed"}
    return OrderInfo(
        id=str(row.pk),
        deed="revoke" if row.place else "issue",
        state=state.get(VendorIssue.State(row.state), "waiting"),
        code=row.last_code,
        detail=row.last_detail,
        created_at=row.created_at,
        award_id=str(row.award_id),
        learner_id=row.award.learner_id,
        badge_name=row.award.version.name,
        tries=tries,
    )
