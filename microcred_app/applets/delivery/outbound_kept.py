"""Connections that stay open between requests to the same host: a handshake costs more than a push.

A kept connection goes to an address that was judged when it was opened. It is used for a minute at most, so that a
name that moves is resolved and judged again soon, and it is dropped when it was idle for long, because hosts close
idle connections without a word.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from .outbound_address import Target
from .outbound_connection import PinnedConnection

__all__ = ["KeptConnections"]


@dataclass
class KeptConnections:
    """The open connections of one worker, shared by its threads; close it when the worker rests."""

    max_age: float = 60.0
    max_idle: float = 15.0
    _free: dict[tuple[str, str, int], list[tuple[PinnedConnection, float, float]]] = field(
        default_factory=dict
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, target: Target) -> tuple[PinnedConnection, float] | None:
        """An idle connection to the same origin and when it was opened; it is the caller's until put back."""
        now = time.monotonic()
        while True:
            with self._lock:
                free = self._free.get(target.origin)
                if not free:
                    return None
                connection, opened, used = free.pop()
            if now - opened < self.max_age and now - used < self.max_idle:
                return connection, opened
            connection.close()

    def put(self, target: Target, connection: PinnedConnection, opened: float) -> None:
        """Keep a connection whose answer was read to its end."""
        with self._lock:
            self._free.setdefault(target.origin, []).append((connection, opened, time.monotonic()))

    def close(self) -> None:
        """Close whatever is idle."""
        with self._lock:
            idle = [entry[0] for entries in self._free.values() for entry in entries]
            self._free.clear()
        for connection in idle:
            connection.close()
