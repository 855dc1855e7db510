"""When a worker, of whatever kind, was at work last; and whether it shares this process's cache.

An outbox that is empty looks the same with and without a worker. So workers leave a sign in the database, twice a
minute at most, and the same sign in the cache: whoever sees the one and not the other has a cache of their own.
A cache that is away stops no worker and no health address.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from .models import WorkerSign

__all__ = ["WorkerSeen", "leave_sign", "worker_seen"]

log = logging.getLogger(__name__)

EVERY = 30.0
_CACHE_KEY = "microcred.worker_sign"
_CACHE_SECONDS = 86_400
#: So long after a sign the cache must have it as well.
_FRESH = timedelta(hours=12)

_left_at = float("-inf")


@dataclass(frozen=True)
class WorkerSeen:
    """``ago`` is None where no worker was ever seen; ``shares_cache`` is None where that cannot be told."""

    ago: float | None
    shares_cache: bool | None


def leave_sign(now: datetime) -> None:
    """Say that a worker is at work; costs nothing when this process said so less than half a minute ago."""
    global _left_at
    if time.monotonic() - _left_at < EVERY:
        return
    _left_at = time.monotonic()
    WorkerSign.objects.update_or_create(pk=1, defaults={"seen_at": now})
    try:
        cache.set(_CACHE_KEY, now.isoformat(), _CACHE_SECONDS)
    except Exception:  # each cache has errors of its own
        log.exception("The cache did not take the worker's sign.")


def worker_seen(now: datetime) -> WorkerSeen:
    """When a worker was seen last."""
    seen_at = WorkerSign.objects.filter(pk=1).values_list("seen_at", flat=True).first()
    if seen_at is None:
        return WorkerSeen(None, None)
    ago = max(0.0, (now - seen_at).total_seconds())
    return WorkerSeen(ago, _is_in_cache() if now - seen_at < _FRESH else None)


def _is_in_cache() -> bool:
    try:
        return cache.get(_CACHE_KEY) is not None
    except Exception:  # each cache has errors of its own
        log.exception("The cache could not be asked for the worker's sign.")
        return False
