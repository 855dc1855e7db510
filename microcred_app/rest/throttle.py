"""One address gets a fixed number of requests per minute; the next ones are told when to come back.

Counted in the site's cache, so that all processes count together, under a digest of the address: nobody's address is
stored. IPv6 addresses count by /64, which is what one customer has. Which address is the caller's when proxies stand
in between is the platform's own decision (``edx_django_utils.ip``).
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from edx_django_utils.ip import get_safest_client_ip

from .problems import Refusal

__all__ = ["require_turn"]

_WINDOW = 60


def require_turn(
    request: HttpRequest, subject: str, *, per_minute: int, now: datetime, turns: int = 1
) -> None:
    """Count *turns* of this caller for *subject*, or raise a :class:`Refusal` (429) that says when to come back."""
    moment = int(now.timestamp())
    window, passed = divmod(moment, _WINDOW)
    caller = hashlib.sha256(_network_of(get_safest_client_ip(request)).encode()).hexdigest()[:32]
    key = f"microcred:throttle:{subject}:{caller}:{window}"
    cache.add(key, 0, timeout=2 * _WINDOW)
    try:
        count = cache.incr(key, turns)
    except ValueError:  # the cache dropped the counter at this very moment
        count = turns
    if count > per_minute:
        raise Refusal(
            429,
            "throttled",
            f"At most {per_minute} documents per minute are looked at. Come back in {_WINDOW - passed} seconds.",
            headers={"Retry-After": str(_WINDOW - passed)},
        )


def _network_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64 if parsed.version == 6 else 32), strict=False))
