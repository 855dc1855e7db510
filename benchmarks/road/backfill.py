"""A back-fill from its start to its last commit, with two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass

from .population import NOW, add_attainments, add_badges, add_learners
from .stopwatch import Spent, Stopwatch, fair_seconds

__all__ = ["BackfillSpeed", "measure_backfill"]

_WORKER = """
from benchmarks.road.stopwatch import Stopwatch
watch = Stopwatch()
from benchmarks.road.backfill import work_alone
work_alone(watch)
"""


@dataclass(frozen=True)
class BackfillSpeed:
    """New awards per second, by the clock and without waiting for other programs, and processor time of each (ms)."""

    by_clock: float
    fair: float
    own_milliseconds: float
    server_milliseconds: float


def measure_backfill(awards: int, *, processes: int = 2) -> BackfillSpeed:
    """New awards: evaluated, awarded, signed, self-checked, stored with their outbox rows; cold starts included."""
    from microcred_app.applets.awards.models import Award
    from microcred_app.applets.backfill import api as backfill
    from microcred_app.applets.issuance.models import Credential

    learners = add_learners(awards)
    add_attainments(learners, ["o31", "o32"])
    add_badges([("measured", {"all": [{"outcome": "o31", "minimum_score": 0.5}, {"outcome": "o32"}]})])
    watch = Stopwatch()
    batch = backfill.start_batch("measured", actor_id=None, now=NOW)
    starting = watch.read()
    command = [sys.executable, "-c", _WORKER, batch.id]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    told = [worker.communicate()[0] for worker in workers]
    whole = watch.read()
    assert [worker.returncode for worker in workers] == [0] * processes, told
    spent = [Spent(**json.loads(line)) for line in told]
    done = backfill.get_batch(batch.id)
    assert (done.state, done.granted, done.failed) == ("done", awards, 0), done
    assert Award.objects.filter(version__badge__key="measured").count() == awards
    assert Credential.objects.filter(award__version__badge__key="measured").count() == awards
    seconds = fair_seconds(whole, spent, processors=os.cpu_count() or 1) + starting.clock - starting.waited
    return BackfillSpeed(
        by_clock=awards / whole.clock,
        fair=awards / seconds,
        own_milliseconds=(sum(one.ran for one in spent) + starting.ran) / awards * 1_000,
        server_milliseconds=whole.server_ran / awards * 1_000,
    )


def work_alone(watch: Stopwatch) -> None:
    """What one worker process does; it tells what it spent, from its first import to its end."""
    from .site import opened_again

    opened_again()
    from django.utils import timezone

    from microcred_app.applets.backfill import api

    while api.work(sys.argv[1], clock=timezone.now, seconds=30.0):
        pass
    spent = asdict(watch.read())
    print(json.dumps({**spent, "server_ran": 0.0, "server_waited": 0.0}))
