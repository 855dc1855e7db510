"""Deliveries that do not get through, as those see them who answer for the badges."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from .models import Delivery

__all__ = ["Trouble", "count_troubles", "list_troubles"]


@dataclass(frozen=True)
class Trouble:
    """A push that failed for good (``dead``), or failed and is tried again (``failing``)."""

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


def count_troubles(*, issuer_slugs: Collection[str] | None = None) -> dict[str, int]:
    """How many are ``dead`` and how many ``failing``, of these organisations if some are named."""
    rows = _rows(issuer_slugs)
    dead = rows.filter(state=Delivery.State.DEAD).count()
    return {"dead": dead, "failing": rows.exclude(state=Delivery.State.DEAD).count()}


def list_troubles(
    *, issuer_slugs: Collection[str] | None = None, limit: int = 50, offset: int = 0
) -> tuple[Trouble, ...]:
    """The newest first."""
    rows = _rows(issuer_slugs).select_related("credential__award__version", "connection__host")
    rows = rows.defer("credential__document").order_by("-created_at", "pk")
    return tuple(map(_trouble, rows[offset : offset + limit]))


def _rows(issuer_slugs: Collection[str] | None) -> QuerySet[Delivery]:
    # A code without a further try is not trouble: the row was delivered, or waits for its first try.
    waiting = Q(state__in=(Delivery.State.PENDING, Delivery.State.CLAIMED), attempts__gt=0) & ~Q(last_code="")
    rows = Delivery.objects.filter(Q(state=Delivery.State.DEAD) | waiting)
    # A revoked badge that was not sent is what was wanted.
    rows = rows.filter(credential__award__reversal__isnull=True)
    if issuer_slugs is not None:
        rows = rows.filter(credential__award__version__badge__issuer__slug__in=list(issuer_slugs))
    return rows


def _trouble(row: Delivery) -> Trouble:
    award = row.credential.award
    return Trouble(
        award_id=str(award.pk),
        learner_id=award.learner_id,
        badge_name=award.version.name,
        host_name=row.connection.host.name,
        state="dead" if row.state == Delivery.State.DEAD else "failing",
        code=row.last_code,
        detail=row.last_detail,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
    )
