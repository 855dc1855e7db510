"""Two workers claim everything that is due; no row goes to both."""

from __future__ import annotations

import subprocess
import sys
import time

__all__ = ["measure_claiming"]

_WORKER = """
import sys
from benchmarks.road.site import opened_again
opened_again()
from datetime import UTC, datetime
from microcred_app.applets.delivery.api import claim_due
now = datetime.fromisoformat(sys.argv[2])
count = 0
while claims := claim_due(now, 200, sys.argv[1]):
    count += len(claims)
print(count)
"""


def measure_claiming(rows: int) -> float:
    """Rows claimed per second by two processes."""
    from datetime import UTC, datetime

    from microcred_app.applets.delivery.models import Delivery

    now = datetime.now(UTC).isoformat()
    begun = time.perf_counter()
    workers = [
        subprocess.Popen([sys.executable, "-c", _WORKER, name, now], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    counts = [int(worker.communicate()[0]) for worker in workers]
    seconds = time.perf_counter() - begun
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sum(counts) == rows, counts
    assert Delivery.objects.filter(state="claimed", attempts=1).count() == rows
    by_worker = [Delivery.objects.filter(claimed_by=name).count() for name in ("one", "two")]
    assert by_worker == counts, (by_worker, counts)
    assert min(counts) > 0, counts
    return rows / seconds
