"""Deliveries that do not get through, as those see them who answer for the badges.

A delivery of a revoked or suspended badge is not trouble: that it was not sent is what was wanted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from .models import Delivery, DeliveryAttempt

__all__ = [
    "Trouble",
    "TroubleFilter",
    "Try",
    "count_found",
    "count_troubles",
    "list_troubles",
    "narrowed_to",
    "trouble_choices",
    "trouble_rows",
]

MAX_TRIES_SHOWN = 20
STATES = ("dead", "failing")


@dataclass(frozen=True)
class TroubleFilter:
    """What to look for; what is empty narrows nothing. ``issuer_slugs`` are the organisations that may be seen."""

    issuer_slugs: Collection[str] | None
    state: str = ""
    host_url: str = ""
    code: str = ""
    badge_key: str = ""
    learner_ids: Collection[int] | None = None


@dataclass(frozen=True)
class Try:
    """One attempt of a delivery, as its history tells it."""

    started_at: datetime
    outcome: str
    code: str
    http_status: int | None
    note: str


@dataclass(frozen=True)
class Trouble:
    """A push that failed for good (``dead``), or failed and is tried again (``failing``).

    ``can_be_resent`` is false for one that is tried again anyway, and for a wallet that its owner disconnected.
    """

    id: str
    award_id: str
    learner_id: int
    badge_name: str
    host_name: str
    state: str
    code: str
    detail: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    host_url: str = ""
    can_be_resent: bool = False
    tries: tuple[Try, ...] = field(default=())


def count_troubles(*, issuer_slugs: Collection[str] | None = None) -> dict[str, int]:
    """How many are ``dead`` and how many ``failing``, of these organisations if some are named."""
    rows = trouble_rows(TroubleFilter(issuer_slugs))
    dead = rows.filter(state=Delivery.State.DEAD).count()
    return {"dead": dead, "failing": rows.exclude(state=Delivery.State.DEAD).count()}


def count_found(wanted: TroubleFilter) -> int:
    """How many :func:`list_troubles` would find without a limit."""
    return trouble_rows(wanted).count()


def narrowed_to(wanted: TroubleFilter, issuer_slugs: Collection[str] | None) -> TroubleFilter:
    """The same question about no more than these organisations."""
    if issuer_slugs is None or wanted.issuer_slugs is None:
        both = wanted.issuer_slugs if issuer_slugs is None else issuer_slugs
    else:
        both = frozenset(issuer_slugs) & frozenset(wanted.issuer_slugs)
    return replace(wanted, issuer_slugs=both)


def list_troubles(
    wanted: TroubleFilter | None = None,
    *,
    issuer_slugs: Collection[str] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[Trouble, ...]:
    """The newest first, each with its last tries."""
    rows = trouble_rows(wanted or TroubleFilter(issuer_slugs))
    rows = rows.select_related("credential__award__version", "connection__host")
    rows = rows.defer("credential__document").order_by("-created_at", "pk")
    found = list(rows[offset : offset + limit])
    tries = _tries_of([row.pk for row in found])
    return tuple(_trouble(row, tries.get(row.pk, ())) for row in found)


def trouble_choices(issuer_slugs: Collection[str] | None) -> dict[str, list[tuple[str, int]]]:
    """Wallets (``hosts``) and reasons (``codes``) by which the list can be narrowed, with how many of each."""
    rows = trouble_rows(TroubleFilter(issuer_slugs)).order_by()
    return {
        name: [(value, number) for value, number in rows.values_list(field).annotate(n=Count("pk")) if value]
        for name, field in (("hosts", "connection__host__base_url"), ("codes", "last_code"))
    }


def trouble_rows(wanted: TroubleFilter) -> QuerySet[Delivery]:
    """The rows behind the list."""
    # A code without a further try is not trouble: the row was delivered, or waits for its first try.
    waiting = Q(state__in=(Delivery.State.PENDING, Delivery.State.CLAIMED), attempts__gt=0) & ~Q(last_code="")
    kinds = {"dead": Q(state=Delivery.State.DEAD), "failing": waiting}
    rows = Delivery.objects.filter(kinds.get(wanted.state) or kinds["dead"] | kinds["failing"])
    rows = rows.filter(
        credential__award__reversal__isnull=True,
        credential__revoked_at__isnull=True,
        credential__suspended_at__isnull=True,
    )
    if wanted.issuer_slugs is not None:
        rows = rows.filter(credential__award__version__badge__issuer__slug__in=list(wanted.issuer_slugs))
    if wanted.host_url:
        rows = rows.filter(connection__host__base_url=wanted.host_url)
    if wanted.code:
        rows = rows.filter(last_code=wanted.code)
    if wanted.badge_key:
        rows = rows.filter(credential__award__version__badge__key=wanted.badge_key)
    if wanted.learner_ids is not None:
        rows = rows.filter(connection__learner_id__in=list(wanted.learner_ids))
    return rows


def _tries_of(delivery_ids: Iterable[UUID]) -> dict[UUID, tuple[Try, ...]]:
    """The newest tries first."""
    found: dict[UUID, list[Try]] = {}
    rows = DeliveryAttempt.objects.filter(delivery_id__in=list(delivery_ids)).order_by("-started_at", "-pk")
    for row in rows:
        tries = found.setdefault(row.delivery_id, [])
        if len(tries) < MAX_TRIES_SHOWN:
            tries.append(Try(row.started_at, row.outcome, row.code, row.http_status, row.note))
    return {pk: tuple(tries) for pk, tries in found.items()}


def _trouble(row: Delivery, tries: tuple[Try, ...]) -> Trouble:
    award = row.credential.award
    dead = row.state == Delivery.State.DEAD
    return Trouble(
        id=str(row.pk),
        award_id=str(award.pk),
        learner_id=award.learner_id,
        badge_name=award.version.name,
        host_name=row.connection.host.name,
        state="dead" if dead else "failing",
        code=row.last_code,
        detail=row.last_detail,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        host_url=row.connection.host.base_url,
        can_be_resent=dead and row.connection.disconnected_at is None,
        tries=tries,
    )
