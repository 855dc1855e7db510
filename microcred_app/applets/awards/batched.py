"""Awards of one back-fill, counted and taken back together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from .models import Award, Reversal
from .signals import awards_reversed

__all__ = ["count_in_batches", "reverse_many", "standing_in_batch"]


def count_in_batches(batch_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Awards that were granted in each of these back-fills, reversed ones included."""
    rows = Award.objects.filter(batch_id__in=list(batch_ids)).order_by().values("batch_id")
    return {row["batch_id"]: row["number"] for row in rows.annotate(number=Count("pk"))}


def standing_in_batch(batch_id: UUID, *, limit: int) -> list[str]:
    """Awards of a back-fill that were not reversed, up to *limit*."""
    rows = Award.objects.filter(batch_id=batch_id, reversal__isnull=True).order_by("pk")
    return [str(pk) for pk in rows.values_list("pk", flat=True)[:limit]]


def reverse_many(
    award_ids: Sequence[str], *, actor_id: int | None, reason: str, now: datetime, cause: str = ""
) -> None:
    """Write the reversals; the caller revokes, keeps the trace, and has locked what the awards belong to.

    *cause* is ``lapsed`` or ``replaced`` when no rule was wrong.
    """
    Reversal.objects.bulk_create(
        Reversal(
            award_id=pk, actor_id=actor_id, reason=reason, reversed_at=now, whole_batch=True, cause=cause
        )
        for pk in award_ids
    )
    if award_ids:
        awards_reversed.send(sender=Reversal, award_ids=tuple(award_ids), now=now)
