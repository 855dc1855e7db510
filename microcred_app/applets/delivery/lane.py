"""What a pump needs of one kind of outbox row: wallets, webhooks and vendors are lanes of the same road.

A lane touches tables only where the pump calls it from its own thread (claim, record, release); ``send`` runs in
any thread, with everything it needs in the job.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from .outbound_guard import OutboundGuard
from .push import Outcome

__all__ = ["Done", "Job", "Lane", "Recorded", "rows_named"]


@dataclass(frozen=True)
class Job:
    """One claimed row with everything that is needed to send it. ``target`` is the place, as in ``wallet:12``."""

    row_id: UUID
    token: str
    target: str
    attempts: int
    claimed_at: datetime
    cargo: Any = field(repr=False)


@dataclass(frozen=True)
class Done:
    """What came of a job, with what the far side gave besides (new tokens, an identifier there)."""

    job: Job
    outcome: Outcome
    started_at: datetime
    finished_at: datetime
    gained: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Recorded:
    """What was written as it was written, and the jobs that are to be sent once more at once instead."""

    ended: Sequence[Done]
    again: Sequence[Job] = ()


class Lane(Protocol):
    """One kind of outbox row."""

    name: str

    def claim(self, now: datetime, limit: int, worker: str, *, avoid: Collection[str]) -> Sequence[Job]:
        """Up to *limit* due rows, now this worker's, none of them for a place in *avoid*."""

    def send(self, job: Job, *, now: datetime, guard: OutboundGuard) -> tuple[Outcome, Any]:
        """Send once; every way it can end is an outcome. Touches no table."""

    def record(self, done: Sequence[Done], *, worker: str) -> Recorded:
        """Write attempts and move the rows on where the claims still hold."""

    def release(self, jobs: Sequence[Job], *, until: datetime) -> None:
        """Give claimed rows back untried: their place is paused until then."""


def rows_named(lane: str, places: Collection[str]) -> set[UUID]:
    """The ids in those of *places* that belong to this lane, for lanes that name a place by the id of its row."""
    return {UUID(place.partition(":")[2]) for place in places if place.startswith(f"{lane}:")}
