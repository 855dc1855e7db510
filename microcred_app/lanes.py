"""All kinds of outbox rows, worked on by one worker: webhooks, the platform, mails, vendors, wallets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from .applets.announcements.api import AnnouncementLane
from .applets.delivery.api import WorkDone, deliver_many, pump_lane
from .applets.mailing.api import MailLane
from .applets.vendors.api import VendorLane
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

    Webhooks, announcements, mails and vendors have a fifth of the time each at most; what they leave over is the
    wallets'. A lane that is full cannot keep the others from their turn. What is told to the platform is no delivery
    and not counted.
    """
    until = time.monotonic() + seconds
    told = pump_lane(WebhookLane(), clock=clock, worker=worker, seconds=seconds / 5, stop=stop)
    pump_lane(AnnouncementLane(), clock=clock, worker=worker, seconds=seconds / 5, stop=stop)
    mailed = pump_lane(MailLane(), clock=clock, worker=worker, seconds=seconds / 5, stop=stop)
    ordered = pump_lane(VendorLane(), clock=clock, worker=worker, seconds=seconds / 5, stop=stop)
    sent = deliver_many(clock=clock, worker=worker, seconds=max(0.0, until - time.monotonic()), stop=stop)
    done = (told, mailed, ordered, sent)
    return WorkDone(
        sum(one.delivered for one in done),
        sum(one.postponed for one in done),
        sum(one.failed for one in done),
    )
