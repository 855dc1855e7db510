"""Until when and how often a task may be handed in, for one learner. Pure: the clock is an argument.

* The due date is for the first hand-in. The block brings it as the platform knows it for this learner, personal
  extensions and the grace period included. After it, work is marked late or refused, as the author chose.
* Whoever was sent back has ``resubmit_days`` from that moment, and ``attempts`` in all. The due date no longer
  counts then: a reviewer who took a week must not cost the learner the second try.
* An accommodation adds days to both and attempts to the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .data import EvidenceTask

__all__ = ["Allowance", "Standing", "standing"]


@dataclass(frozen=True)
class Allowance:
    """What a learner was granted beyond the task's own rules."""

    extra_days: int = 0
    extra_attempts: int = 0


@dataclass(frozen=True)
class Standing:
    """Where a learner stands before the task's limits.

    ``refused`` is ``""``, ``late`` or ``attempts``; ``attempts_left`` counts the one that is open, and is None
    without a limit; ``closes_at`` is the moment after which a hand-in is late or refused.
    """

    due_at: datetime | None
    closes_at: datetime | None
    late: bool
    refused: str
    attempts_left: int | None
    accommodated: bool


def standing(
    task: EvidenceTask, *, attempt: int, returned_at: datetime | None, allowance: Allowance, now: datetime
) -> Standing:
    """The limits for hand-in number *attempt*, which follows one that was sent back at *returned_at*."""
    extra = timedelta(days=allowance.extra_days)
    if attempt > 1:
        due_at = closes_at = None
        if returned_at is not None and task.resubmit_days > 0:
            due_at = closes_at = returned_at + timedelta(days=task.resubmit_days) + extra
        over, marked = closes_at is not None and now > closes_at, False
    else:
        due_at = task.due_at + extra if task.due_at else None
        closes_at = task.closes_at + extra if task.closes_at else due_at
        over, marked = closes_at is not None and now > closes_at, task.late_work != "refuse"
    left = None
    if task.attempts > 0:
        left = max(0, task.attempts + allowance.extra_attempts - attempt + 1)
    refused = "attempts" if left == 0 else "late" if over and not marked else ""
    return Standing(
        due_at=due_at,
        closes_at=closes_at,
        late=over and marked,
        refused=refused,
        attempts_left=left,
        accommodated=allowance != Allowance(),
    )
