"""A back-fill from its start to its last commit, with two processes."""

from __future__ import annotations

import subprocess
import sys
import time

from .population import NOW, add_attainments, add_badges, add_learners

__all__ = ["measure_backfill"]

_WORKER = """
from benchmarks.road.site import opened_again
opened_again()
from datetime import UTC, datetime
import sys
from microcred_app.applets.backfill import api
while api.work(sys.argv[1], clock=lambda: datetime.now(UTC), seconds=30.0):
    pass
"""


def measure_backfill(awards: int, *, processes: int = 2) -> float:
    """New awards per second: evaluated, awarded, signed, self-checked, stored with their outbox rows."""
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.backfill import api as backfill
    from microcred_app.applets.issuance.models import Credential

    learners = add_learners(awards)
    add_attainments(learners, ["o31", "o32"])
    add_badges([("measured", {"all": [{"outcome": "o31", "minimum_score": 0.5}, {"outcome": "o32"}]})])
    begun = time.perf_counter()
    batch = backfill.start_batch("measured", actor_id=None, now=NOW)
    workers = [subprocess.Popen([sys.executable, "-c", _WORKER, batch.id]) for _ in range(processes)]
    codes = [worker.wait() for worker in workers]
    seconds = time.perf_counter() - begun
    done = backfill.get_batch(batch.id)
    assert codes == [0] * processes, codes
    assert (done.state, done.granted, done.failed) == ("done", awards, 0), done
    assert Award.objects.filter(version__badge__key="measured").count() == awards
    assert Credential.objects.filter(award__version__badge__key="measured").count() == awards
    return awards / seconds
