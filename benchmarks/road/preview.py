"""A preview that concerns everybody: how long the request takes, and how fast a worker computes it."""

from __future__ import annotations

from dataclasses import dataclass

from .population import NOW
from .stopwatch import Stopwatch

__all__ = ["PreviewSpeed", "measure_preview"]


@dataclass(frozen=True)
class PreviewSpeed:
    """Seconds of the request that asks and of one that shows the answer, and learners per second in between."""

    learners: int
    request_seconds: float
    per_second: float
    reading_seconds: float


def measure_preview(least: int) -> PreviewSpeed:
    """On the learners of the back-fill, with a rule that all of them meet and a badge that none of them holds."""
    from microcred_app import rules
    from microcred_app.applets.backfill import api as backfill

    rule = rules.parse_requirement({"any": [{"outcome": "o31"}, {"outcome": "o32"}]})
    watch = Stopwatch()
    info = backfill.request_preview("not-yet", rule, actor_id=None, now=NOW)
    asked = watch.read()
    while backfill.work_on_preview(info.id, clock=lambda: NOW, seconds=600.0):
        pass
    computed = watch.read()
    done = backfill.get_preview(info.id)
    read = watch.read()
    assert done.preview is not None
    assert len(done.preview.gains) >= min(least, done.preview.looked_at)
    working = computed.clock - asked.clock - (computed.waited - asked.waited)
    return PreviewSpeed(
        learners=done.preview.looked_at,
        request_seconds=asked.clock - asked.waited,
        per_second=done.preview.looked_at / working,
        reading_seconds=read.clock - computed.clock - (read.waited - computed.waited),
    )
