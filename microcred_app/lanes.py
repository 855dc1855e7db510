"""All kinds of outbox rows, worked on by one worker: to wallets and to webhooks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from .applets.delivery.api import WorkDone, deliver_many, pump_lane
from .applets.webhooks.api import WebhookLane

__all__ = ["run_lanes"]


def run_lanes(
    *,
    clock: Callable[[], datetime],
    worker: str,
    seconds: float,
    stop: threading.Event | None = None,
) -> WorkDone:
    """Work on what is due until nothing is, *seconds* are over or *stop* is set.

    Webhooks go first and have half of the time at most; what they leave over is the wallets'. A lane that is full
    cannot keep the other from its turn.
    """
    until = time.monotonic() + seconds
    told = pump_lane(WebhookLane(), clock=clock, worker=worker, seconds=seconds / 2, stop=stop)
    sent = deliver_many(clock=clock, worker=worker, seconds=max(0.0, until - time.monotonic()), stop=stop)
    return WorkDone(
        told.delivered + sent.delivered, told.postponed + sent.postponed, told.failed + sent.failed
    )
