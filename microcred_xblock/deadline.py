"""When a unit closes for this learner, and what that means, from the dates the platform binds to the block.

The platform puts the learner's own date on the block, extensions included. After ``due`` and its grace period the
course gives no points for the unit; the badge knows no deadline, so the work can be done all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = ["Deadline", "deadline_of"]


@dataclass(frozen=True)
class Deadline:
    """``due`` is what the course says, ``closes_at`` when points end: later by the grace period, if there is one."""

    due: datetime
    closes_at: datetime

    def state(self, now: datetime) -> str:
        """``open``, ``grace`` (due, but still counted) or ``closed``."""
        if now <= self.due:
            return "open"
        return "grace" if now <= self.closes_at else "closed"


def deadline_of(block: Any) -> Deadline | None:
    """The learner's deadline; None where the course sets none, or sets what is no date."""
    due = _moment(getattr(block, "due", None))
    if due is None:
        return None
    grace = getattr(block, "graceperiod", None)
    allowed = grace if isinstance(grace, timedelta) and grace > timedelta(0) else timedelta(0)
    try:
        return Deadline(due, due + allowed)
    except OverflowError:
        return Deadline(due, due)


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value
