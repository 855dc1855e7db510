"""A badge of which only so many are given is never given more often, however many workers grant at once.

The cap is looked at before signing, to leave out what would exceed it, and again under the badge's lock in the
transaction that writes, because another worker may have taken the last one in between. Badges without a cap,
which most are, cost nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..badges import api as badges
from .models import Award

if TYPE_CHECKING:
    from .evaluation import DueAward

__all__ = ["CapReached", "require_room", "room_under_cap", "within_caps"]


class CapReached(Exception):
    """Somebody else was granted the last one: look again."""


def within_caps(found: Sequence[DueAward]) -> tuple[DueAward, ...]:
    """*found* without what would exceed a cap, and without stacks that were to be built on it; first come first."""
    room = {badge.key: room_under_cap(badge) for badge in _capped(found)}
    if not room:
        return tuple(found)
    kept: list[DueAward] = []
    dropped: set[str] = set()
    for award in found:
        left = room.get(award.badge.key)
        parts = {leaf.get("award") for leaf in award.because["met"]}
        if (left is not None and left <= 0) or parts & dropped:
            dropped.add(str(award.id))
            continue
        if left is not None:
            room[award.badge.key] = left - 1
        kept.append(award)
    return tuple(kept)


def require_room(found: Sequence[DueAward]) -> None:
    """Raise :class:`CapReached` unless all of *found* fit; call it in the transaction that writes them."""
    for badge in sorted(_capped(found), key=lambda badge: badge.key):
        badges.lock_badge(badge.key)
        room = room_under_cap(badge)
        if room is not None and sum(award.badge.key == badge.key for award in found) > room:
            raise CapReached(badge.key)


def room_under_cap(badge: badges.PublishedBadge) -> int | None:
    """How many more of this version may be given, reversed awards not counted; None when there is no cap."""
    if badge.cap is None:
        return None
    given = Award.objects.filter(version_id=badge.version_id, reversal__isnull=True)
    return max(0, badge.cap - given.count())


def _capped(found: Iterable[DueAward]) -> set[badges.PublishedBadge]:
    return {award.badge for award in found if award.badge.cap is not None}
