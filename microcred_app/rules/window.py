"""When something counts: a recency window and a range of dates, both half open.

A day stands for the whole day in UTC: ``from`` is its first moment, ``until`` ends with its last. A moment
(date and time with an offset) is exact, and ``until`` a moment ends just before it. Half-open ranges make
"the verdict changes at this moment" exact: at that very moment the new verdict holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .period import Period

__all__ = ["ANY_TIME", "Bound", "Window", "closing", "opening"]

Bound = date | datetime  # a datetime is aware; parsing sees to it


def opening(bound: Bound) -> datetime:
    """The first moment of a day, or the moment itself."""
    return bound if isinstance(bound, datetime) else datetime.combine(bound, time.min, UTC)


def closing(bound: Bound) -> datetime:
    """The first moment after a day, or the moment itself."""
    return bound if isinstance(bound, datetime) else opening(bound) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Which facts count: not older than ``within``, not before ``starts``, not after ``ends``."""

    within: Period | None = None
    starts: Bound | None = None
    ends: Bound | None = None

    def holds(self, at: datetime, now: datetime) -> bool:
        """Whether something of the time *at* counts *now*."""
        if self.within is not None and self.within.after(at) <= now:
            return False
        return self.spans(at)

    def spans(self, at: datetime) -> bool:
        """Whether *at* lies in the range of dates."""
        if self.starts is not None and at < opening(self.starts):
            return False
        return self.ends is None or at < closing(self.ends)

    def lapse(self, at: datetime) -> datetime | None:
        """The first moment at which something of the time *at* has become too old; nothing when it never does."""
        return None if self.within is None else self.within.after(at)


ANY_TIME = Window()
