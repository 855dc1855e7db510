"""When to try a push again.

The wait doubles with every try and is spread by chance, so that a host that comes back after an outage is not
met by everybody at once. What the host asks for in ``Retry-After`` (RFC 9110 §10.2.3, seconds or a date) is
honoured within bounds: a hostile or broken value can neither make a worker hammer nor park a push for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import SystemRandom

from microcred_app.conf import settings

__all__ = ["parse_retry_after", "wait_before_retry"]

_LONGEST_WAIT = 4 * 3600.0
_RETRY_AFTER_BOUNDS = (1.0, 24 * 3600.0)

_chance = SystemRandom()


def parse_retry_after(value: str, *, now: datetime) -> float | None:
    """Seconds the host asks to wait, kept between one second and one day; None when it says nothing usable."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    shortest, longest = _RETRY_AFTER_BOUNDS
    return min(max(seconds, shortest), longest)


def wait_before_retry(
    attempts: int, *, retry_after: float | None, spread: Callable[[], float] = _chance.random
) -> timedelta:
    """How long to wait after the *attempts*-th try failed: 15 s, 30 s, 1 min … 4 h, each ± 20 %.

    The host's wish replaces the doubled wait; chance only ever adds to it, because asking earlier than a host
    allows is how clients get blocked.
    """
    if retry_after is not None:
        return timedelta(seconds=retry_after * (1 + 0.1 * spread()))
    doubled = min(settings().delivery_first_wait_seconds * 2.0 ** min(attempts - 1, 20), _LONGEST_WAIT)
    return timedelta(seconds=doubled * (0.8 + 0.4 * spread()))
