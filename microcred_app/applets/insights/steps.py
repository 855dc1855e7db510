"""How far learners come inside a unit: for each step how long they stayed, how many did it, and how many stopped there.

Counted over those who started last. For a unit with thousands of learners that takes a tenth of a second and more, so
it is counted together with the other figures and kept with them; a page only reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from ..attainments.models import PartResult, StepVisit, UnitProgress

__all__ = ["NEWEST", "StepCounts", "StepTally", "kept_steps", "steps_to_keep", "tally_steps"]

#: Seconds above an hour are told in steps of a minute: that many different values would say nothing more.
HOUR = 3_600
#: Learners who started last, of whom steps are told: that many tell a share to two percent.
NEWEST = 4_000


@dataclass(frozen=True)
class StepCounts:
    """One step: how often each number of seconds was spent there, how many did it, and how many went no further."""

    seconds: Mapping[float, int] = field(default_factory=dict)
    done: int = 0
    left: int = 0

    @property
    def opened(self) -> int:
        """How many opened it."""
        return sum(self.seconds.values())


@dataclass(frozen=True)
class StepTally:
    """Uncensored counts of the ``watched`` learners, by step. ``newest`` says that there are more, who are left out."""

    watched: int
    newest: bool
    steps: Mapping[str, StepCounts]


def tally_steps(progress: QuerySet[UnitProgress], started: int, k: int) -> StepTally:
    """Count the steps of those of *progress*, which are *started*, who started last.

    Nobody is left out where they would be fewer than *k*: the difference of two numbers would tell of them.
    """
    watched, newest = started, started >= NEWEST + k
    if newest:
        since = progress.order_by("-started_at").values_list("started_at", flat=True)[NEWEST - 1]
        progress = progress.filter(started_at__gte=since)
        watched = progress.count()
    seconds, done, left = _seconds(progress), _done(progress), _left(progress)
    keys = {*seconds, *done, *left}
    return StepTally(
        watched,
        newest,
        {key: StepCounts(seconds.get(key, {}), done.get(key, 0), left.get(key, 0)) for key in keys},
    )


def steps_to_keep(tally: StepTally) -> dict[str, Any]:
    """The tally as it is kept with the figures of its unit."""
    return {
        "watched": tally.watched,
        "newest": tally.newest,
        "steps": {
            key: [{f"{value:g}": times for value, times in one.seconds.items()}, one.done, one.left]
            for key, one in sorted(tally.steps.items())
        },
    }


def kept_steps(kept: Mapping[str, Any]) -> StepTally:
    """What :func:`steps_to_keep` kept."""
    return StepTally(
        kept["watched"],
        kept["newest"],
        {
            key: StepCounts({float(value): times for value, times in seconds.items()}, done, left)
            for key, (seconds, done, left) in kept["steps"].items()
        },
    )


def _seconds(progress: QuerySet[UnitProgress]) -> dict[str, dict[float, int]]:
    rows = StepVisit.objects.filter(progress__in=progress).order_by()
    found: dict[str, dict[float, int]] = defaultdict(lambda: defaultdict(int))
    for part, seconds, learners in rows.values_list("part_usage_key", "seconds").annotate(n=Count("pk")):
        found[part][seconds if seconds < HOUR else seconds // 60 * 60] += learners
    return found


def _done(progress: QuerySet[UnitProgress]) -> dict[str, int]:
    results = PartResult.objects.filter(progress__in=progress).order_by().values_list("part_usage_key")
    return dict(results.annotate(n=Count("pk")))


def _left(progress: QuerySet[UnitProgress]) -> dict[str, int]:
    """How many opened a step, did not do it, and did not complete the unit either."""
    did = PartResult.objects.filter(progress=OuterRef("progress"), part_usage_key=OuterRef("part_usage_key"))
    stopped = StepVisit.objects.filter(~Exists(did), progress__in=progress.filter(completed_at__isnull=True))
    return dict(stopped.order_by().values_list("part_usage_key").annotate(n=Count("pk")))
