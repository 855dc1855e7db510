"""A web process: takes one learner's submission after another from the queue before it, as a request would do.

``python -m benchmarks.scale.web``. The request's transaction (``ATOMIC_REQUESTS``) holds the submission; after its
commit evaluation, award, signature and outbox follow in a transaction of their own, before the answer goes out.
"""

from __future__ import annotations

import json
import os
import time
import traceback

from .site import open_again

__all__ = ["DONE", "QUEUE", "main"]

QUEUE, DONE = "scale:submissions", "scale:done"


def main() -> None:
    """Until it is told to stop."""
    open_again()
    import redis
    from django.db import transaction
    from django.utils import timezone

    from microcred_app.api import record_part

    from .population import unit_of
    from .workers import app

    app.set_default()  # as the platform's web processes have theirs

    front = redis.Redis(unix_socket_path=os.environ["MICROCRED_SCALE_REDIS"], db=2)
    while True:
        taken = front.blpop([QUEUE], timeout=1)
        if taken is None:
            continue
        wanted = json.loads(taken[1])
        unit = unit_of(wanted["outcome"])
        committed: list[float] = []
        begun = time.monotonic()
        try:
            with transaction.atomic():
                # First in the line of what follows the commit: evaluation comes after it.
                transaction.on_commit(lambda kept=committed: kept.append(time.monotonic()))
                record_part(wanted["learner"], unit, unit.parts[0].usage_key, score=1.0, now=timezone.now())
        except Exception:  # noqa: BLE001 - whatever it is: a web server answers with an error and goes on
            traceback.print_exc()
            front.rpush(DONE, "null")
            continue
        ended = time.monotonic()
        front.rpush(DONE, json.dumps([wanted["at"], begun, committed[0], ended]))


if __name__ == "__main__":
    main()
