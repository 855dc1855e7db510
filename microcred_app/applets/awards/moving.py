"""Awards of one account become another's; a badge version that both hold stays where it was.

The award's idempotency key holds the number of its account and is made anew, so that the same badge is never granted
a second time to the account that has it now.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from ..attainments import api as attainments
from ..personal_rows import plain_rows
from .evaluation import undone_mark
from .models import Award

__all__ = ["move_awards", "plan_awards"]


def plan_awards(source_id: int, target_id: int) -> tuple[list[Award], list[Award]]:
    """Awards that would move, and awards that would stay because the other account holds the same version."""
    held = set(Award.objects.filter(learner_id=target_id).values_list("version_id", flat=True))
    moving: list[Award] = []
    staying: list[Award] = []
    rows = Award.objects.filter(learner_id=source_id).select_related("version__badge").order_by("awarded_at")
    for row in rows:
        (staying if row.version_id in held else moving).append(row)
    return moving, staying


def move_awards(source_id: int, target_id: int, *, now: datetime) -> list[str]:
    """Move what :func:`plan_awards` says, in the caller's transaction; the ids of what moved.

    Stacks that both accounts' badges make whole are evaluated after the commit.
    """
    moving, _staying = plan_awards(source_id, target_id)
    for row in moving:
        plain_rows(Award).filter(pk=row.pk).update(
            learner_id=target_id, idempotency_key=_rekeyed(row, source_id, target_id)
        )
        attainments.mark_due(target_id, "badge", row.version.badge.key, now=now)
    return [str(row.pk) for row in moving]


def _rekeyed(row: Award, source_id: int, target_id: int) -> str:
    same = Award.objects.filter(version_id=row.version_id, learner_id__in=(source_id, target_id))
    ids = [str(pk) for pk in same.values_list("pk", flat=True)]
    for suffix in ("", *ids, *map(undone_mark, range(1, len(ids) + 1))):
        if row.idempotency_key == _key(row, source_id, suffix):
            return _key(row, target_id, suffix)
    return row.idempotency_key


def _key(row: Award, learner_id: int, renews: str) -> str:
    parts = [str(learner_id), row.version.badge.key, str(row.version.number)]
    return hashlib.sha256("\n".join([*parts, renews] if renews else parts).encode()).hexdigest()
