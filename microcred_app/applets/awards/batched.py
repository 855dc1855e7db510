"""Many awards, counted and taken back together: those of one back-fill, or those that a person chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from .models import Award, Reversal
from .signals import awards_reversed

__all__ = [
    "WRONG_LIST",
    "count_in_batches",
    "learners_of",
    "reverse_chosen",
    "reverse_many",
    "standing_in_batch",
    "standing_versions",
]

#: Why awards are taken back with a list of sign-offs: who is on a better list is given the same version again.
WRONG_LIST = "wrong_list"


def count_in_batches(batch_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Awards that were granted in each of these back-fills, reversed ones included."""
    rows = Award.objects.filter(batch_id__in=list(batch_ids)).order_by().values("batch_id")
    return {row["batch_id"]: row["number"] for row in rows.annotate(number=Count("pk"))}


def standing_in_batch(batch_id: UUID, *, limit: int) -> list[str]:
    """Awards of a back-fill that were not reversed, up to *limit*."""
    rows = Award.objects.filter(batch_id=batch_id, reversal__isnull=True).order_by("pk")
    return [str(pk) for pk in rows.values_list("pk", flat=True)[:limit]]


def learners_of(award_ids: Iterable[str]) -> list[int]:
    """Whose awards these are, each once."""
    rows = Award.objects.filter(pk__in=list(award_ids)).order_by("learner_id")
    return list(rows.values_list("learner_id", flat=True).distinct())


def reverse_many(
    award_ids: Sequence[str], *, actor_id: int | None, reason: str, now: datetime, cause: str = ""
) -> None:
    """Write the reversals; the caller revokes, keeps the trace, and has locked what the awards belong to.

    *cause* is ``lapsed`` or ``replaced`` when no rule was wrong, :data:`WRONG_LIST` when a list of sign-offs was.
    """
    shared = {"actor_id": actor_id, "reason": reason, "reversed_at": now}
    _reverse(award_ids, {**shared, "whole_batch": True, "cause": cause}, now)


def reverse_chosen(award_ids: Sequence[str], *, actor_id: int | None, reason: str, now: datetime) -> None:
    """The same for awards that a person chose: as after a single reversal, none is granted again by itself."""
    _reverse(award_ids, {"actor_id": actor_id, "reason": reason, "reversed_at": now}, now)


def standing_versions(award_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Those of these awards that stand, and every version of the same badge that stands beside them through an upgrade.

    By award: the learner and the badge's key.
    """
    wanted = Award.objects.filter(pk__in=list(award_ids), reversal__isnull=True)
    chosen = {str(pk): (learner, key) for pk, learner, key in wanted.values_list(*_IDENTITY)}
    beside = Award.objects.filter(
        learner_id__in={learner for learner, _key in chosen.values()},
        version__badge__key__in={key for _learner, key in chosen.values()},
        reversal__isnull=True,
    )
    found: dict[tuple[int, str], dict[str, str]] = {}
    for pk, learner, key, because in beside.values_list(*_IDENTITY, "because"):
        found.setdefault((learner, key), {})[str(pk)] = because.get("upgraded_from", {}).get("award", "")
    for whose in set(chosen.values()):
        linked = _linked(found.get(whose, {}), {pk for pk, owner in chosen.items() if owner == whose})
        chosen |= dict.fromkeys(linked, whose)
    return chosen


_IDENTITY = ("pk", "learner_id", "version__badge__key")


def _linked(earlier: Mapping[str, str], begun: set[str]) -> set[str]:
    """Everything that was given for one of *begun*, or that one of them was given for; *earlier* says for which."""
    linked = set(begun)
    while True:
        more = {pk for pk, before in earlier.items() if before and (pk in linked or before in linked)}
        more |= {earlier[pk] for pk in linked & earlier.keys() if earlier[pk] in earlier}
        if more <= linked:
            return linked
        linked |= more


def _reverse(award_ids: Sequence[str], fields: Mapping[str, Any], now: datetime) -> None:
    Reversal.objects.bulk_create(Reversal(award_id=pk, **fields) for pk in award_ids)
    if award_ids:
        awards_reversed.send(sender=Reversal, award_ids=tuple(award_ids), now=now)
