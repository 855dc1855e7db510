"""From an older version of a badge to a newer one: who holds what, who is given the newer one, whose older one ends.

What a version says about holders of older versions is carried out in pieces by
:mod:`microcred_app.applets.backfill.succession`; here is what it needs of the ledger. An expired award is none: nobody
receives a new version for it, and nothing is taken back that is over.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import Q, QuerySet

from ..badges import api as badges
from .evaluation import DueAward
from .models import Award
from .standing import Held, Standing, Standings

__all__ = ["due_upgrades", "holders_between", "holders_of_older", "lapsed_awards", "replaced_awards"]


def holders_of_older(badge_key: str, *, before: int | None, now: datetime) -> list[int]:
    """Learners who hold the badge in a version before this number, and in none from it on; ascending.

    Without a number: in any version.
    """
    rows = _standing(badge_key, before, now)
    ids = set(rows.order_by().values_list("learner_id", flat=True).distinct().iterator(chunk_size=10_000))
    return sorted(ids if before is None else ids - _holders_since(badge_key, before, ids))


def holders_between(
    badge_key: str, *, before: int, lower: int, upper: int, limit: int, now: datetime
) -> list[int]:
    """The first *limit* learners above *lower* and up to *upper* with a standing award before this version."""
    rows = _standing(badge_key, before, now).filter(learner_id__gt=lower, learner_id__lte=upper)
    return list(rows.order_by("learner_id").values_list("learner_id", flat=True).distinct()[:limit])


def due_upgrades(standings: Standings, badge: badges.PublishedBadge, *, now: datetime) -> list[DueAward]:
    """The newer version for each of these learners who holds an older one, with what the older one rests on.

    How long it is valid is counted from when it was shown, not from when the version changed.
    """
    older = {
        pk: standing.held[badge.key]
        for pk, standing in standings.of.items()
        if _is_upgraded(standing, badge, now)
    }
    rows = Award.objects.filter(pk__in=[held.award_id for held in older.values()])
    because = {str(pk): found for pk, found in rows.values_list("pk", "because")}
    found = []
    for learner_id, held in older.items():
        due = _upgrade(standings.of[learner_id], held, because[held.award_id], badge)
        if due.expires_at is None or due.expires_at > now:
            found.append(due)
    return found


def lapsed_awards(
    learner_ids: Collection[int], badge: badges.PublishedBadge, *, now: datetime
) -> tuple[str, ...]:
    """Standing awards of older versions of those of these learners who did not come to hold the newer one."""
    kept = _holders_since(badge.key, badge.number, learner_ids)
    return _older_awards(set(learner_ids) - kept, badge, now)


def replaced_awards(
    learner_ids: Collection[int], badge: badges.PublishedBadge, *, now: datetime
) -> tuple[str, ...]:
    """Standing awards of older versions of those of these learners who hold the newer one."""
    return _older_awards(_holders_since(badge.key, badge.number, learner_ids), badge, now)


def _is_upgraded(standing: Standing, badge: badges.PublishedBadge, now: datetime) -> bool:
    held = standing.held.get(badge.key)
    if standing.retired:
        return False
    if held is None or held.number >= badge.number or not standing.may_be_granted(badge.key, badge.number):
        return False
    return held.until is None or held.until > now


def _upgrade(
    standing: Standing, held: Held, because: dict[str, Any], badge: badges.PublishedBadge
) -> DueAward:
    earlier = because.get("upgraded_from", {})
    shown_at = datetime.fromisoformat(earlier["shown_at"]) if earlier else held.at
    met = [_as_held_now(leaf, standing) for leaf in because["met"]]
    behind = [pk for leaf in met for pk in leaf.get("attainments", [])]
    return DueAward(
        id=uuid4(),
        learner_id=standing.learner_id,
        badge=badge,
        because={
            "requirement": because["requirement"],
            "version": badge.number,
            "met": met,
            "upgraded_from": {
                "award": held.award_id,
                "version": held.number,
                "shown_at": shown_at.isoformat(),
            },
        },
        expires_at=badge.terms.expires_at(shown_at),
        proofs=tuple(standing.proofs[pk] for pk in behind if pk in standing.proofs),
    )


def _as_held_now(leaf: dict[str, Any], standing: Standing) -> dict[str, Any]:
    """A part that was itself given in a newer version since is named in that version."""
    held = standing.held.get(leaf["badge"]) if "badge" in leaf else None
    return {**leaf, "award": held.award_id} if held else leaf


def _standing(badge_key: str, before: int | None, now: datetime) -> QuerySet[Award]:
    rows = Award.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        version__badge__key=badge_key,
        reversal__isnull=True,
    )
    return rows if before is None else rows.filter(version__number__lt=before)


def _holders_since(badge_key: str, number: int, learner_ids: Collection[int]) -> set[int]:
    rows = Award.objects.filter(
        version__badge__key=badge_key, version__number__gte=number, reversal__isnull=True
    )
    if len(learner_ids) <= 1_000:
        rows = rows.filter(learner_id__in=learner_ids)
    return set(rows.order_by().values_list("learner_id", flat=True))


def _older_awards(
    learner_ids: Collection[int], badge: badges.PublishedBadge, now: datetime
) -> tuple[str, ...]:
    rows = _standing(badge.key, badge.number, now).filter(learner_id__in=learner_ids)
    return tuple(str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True))
