"""The ledger in slices, for lists that may be as long as the institution is old."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..badges import api as badges
from ..keyset import Slice, slice_after
from .data import AwardInfo
from .models import Award
from .suspension import is_suspended, with_suspension

__all__ = ["page_awards"]


def page_awards(
    *,
    issuer_slugs: Iterable[str] | None,
    badge_key: str = "",
    learner_id: int | None = None,
    state: str = "",
    after: Sequence[str] | None = None,
    limit: int = 50,
) -> Slice[AwardInfo]:
    """Awards, newest first, of these organisations (``None``: of all); *state* is ``standing``,
    ``suspended`` (which stands as well) or ``reversed``."""
    rows = with_suspension(Award.objects.select_related("reversal"))
    if issuer_slugs is not None:
        rows = rows.filter(version__badge__issuer__slug__in=list(issuer_slugs))
    if badge_key:
        rows = rows.filter(version__badge__key=badge_key)
    if learner_id is not None:
        rows = rows.filter(learner_id=learner_id)
    if state:
        rows = rows.filter(reversal__isnull=state != "reversed")
    if state == "suspended":
        rows = rows.filter(is_suspended())
    found, place = slice_after(rows, ("awarded_at", "pk"), after, limit=limit, descending=True)
    versions = badges.versions_by_id({row.version_id for row in found})
    return Slice(tuple(_info(row, versions[row.version_id]) for row in found), place)


def _info(row: Award, badge: badges.PublishedBadge) -> AwardInfo:
    reversal = getattr(row, "reversal", None)
    return AwardInfo(
        id=str(row.pk),
        learner_id=row.learner_id,
        badge=badge,
        awarded_at=row.awarded_at,
        because=row.because,
        reversed_at=reversal.reversed_at if reversal else None,
        reversal_reason=reversal.reason if reversal else "",
        suspended_at=getattr(row, "suspended_at", None),
    )
