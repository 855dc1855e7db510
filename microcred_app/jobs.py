"""All kinds of job that are done in pieces, for whatever works on them: back-fills, recalls, lists of sign-offs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .applets.backfill import api as backfill
from .applets.signoff_lists import api as lists

__all__ = ["open_jobs", "work"]


def open_jobs() -> tuple[str, ...]:
    """Ids of jobs that a worker can go on with: first lists, for whose check somebody may wait."""
    return (*lists.open_lists(), *backfill.open_batches())


def work(job_id: str, *, clock: Callable[[], datetime], seconds: float) -> bool:
    """Go on with a job for about *seconds*; says whether there is more to do."""
    if lists.is_list(job_id):
        return lists.work_on_list(job_id, clock=clock, seconds=seconds)
    return backfill.work(job_id, clock=clock, seconds=seconds)
