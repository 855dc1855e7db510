"""Works on due rows: one after the other, or many at once through a pump.

Time: callers pass ``now``; what a request took is measured and added, so that recorded times and leases stay
right during a long batch without any function reading the wall clock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from microcred_app.conf import settings

from .lane import Done, Lane
from .outbound_guard import OutboundGuard, guard_from_settings
from .outbox import Claim, claim_due, renew_claim
from .pump import Pump, WorkDone
from .push import Outcome
from .wallet_lane import WalletLane

__all__ = ["WorkDone", "deliver", "deliver_due", "deliver_many", "pump_lane"]


def deliver_due(
    now: datetime, *, worker: str = "inline", limit: int = 50, guard: OutboundGuard | None = None
) -> WorkDone:
    """Work on due rows, one claim at a time, until none is due or *limit* is reached.

    One at a time, so that a row never waits under a lease behind another row's slow host.
    """
    guard = guard or guard_from_settings()
    began = time.monotonic()
    done = WorkDone()
    while done.total < limit:
        moment = now + timedelta(seconds=time.monotonic() - began)
        claims = claim_due(moment, 1, worker)
        if not claims:
            break
        done = done.with_outcomes([deliver(claims[0], now=moment, guard=guard)])
    return done


def deliver_many(
    *,
    clock: Callable[[], datetime],
    worker: str,
    seconds: float,
    stop: threading.Event | None = None,
    guard: OutboundGuard | None = None,
) -> WorkDone:
    """Push to wallets, many at once, until nothing is due, *seconds* are over or *stop* is set."""
    return pump_lane(WalletLane(), clock=clock, worker=worker, seconds=seconds, stop=stop, guard=guard)


def pump_lane(
    lane: Lane,
    *,
    clock: Callable[[], datetime],
    worker: str,
    seconds: float,
    stop: threading.Event | None = None,
    guard: OutboundGuard | None = None,
) -> WorkDone:
    """Work on the due rows of any lane in the same way."""
    pump = Pump(
        lane,
        worker=worker,
        guard=guard or guard_from_settings(),
        clock=clock,
        connections=settings().delivery_connections,
    )
    return pump.run(seconds=seconds, stop=stop)


def deliver(claim: Claim, *, now: datetime, guard: OutboundGuard | None = None) -> Outcome:
    """Make the push that *claim* stands for and record what came of it."""
    guard = guard or guard_from_settings()
    if not renew_claim(claim, now=now):
        return Outcome("retry", "claim_lost")
    lane = WalletLane()
    began = time.monotonic()
    jobs = lane.read([claim], now=now)
    while True:
        started = now + timedelta(seconds=time.monotonic() - began)
        outcome, gained = lane.send(jobs[0], now=started, guard=guard)
        finished = now + timedelta(seconds=time.monotonic() - began)
        written = lane.record([Done(jobs[0], outcome, started, finished, gained)], worker=claim.worker)
        if written.ended:
            return written.ended[0].outcome
        jobs = written.again
