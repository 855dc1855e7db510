"""Wake workers soon, and not once for every row: a busy second brings some messages, whatever it brings of work.

A message says only that there is something to do; whoever gets it does everything that is due. One for each commit
would keep workers busy with looking for what the one before them has done, at the expense of the requests that they
share the database with.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["WakeUp"]

#: Seconds between messages of one process.
EVERY = 1.0
#: A message that goes later covers what is committed until so many seconds before it goes: clocks differ a little.
_MARGIN = 0.1


class WakeUp:
    """Calls *send* with the seconds after which the message shall arrive, so that one arrives after every call.

    The first call of a while sends at once. Calls in the second after it are served together by one more message
    at its end. Threads may share it; nothing is kept outside the process.
    """

    def __init__(self, send: Callable[[float], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._clock = clock
        self._lock = threading.Lock()
        self._sent_at = float("-inf")
        self._covered_until = float("-inf")

    def __call__(self) -> None:
        """Something is committed that a worker shall find. What *send* raises is raised; the next call sends."""
        with self._lock:
            now = self._clock()
            if now < self._covered_until:
                return
            later = now - self._sent_at < EVERY
            if later:
                self._covered_until = now + EVERY
            else:
                self._sent_at = now
        try:  # not under the lock: a broker that is away may take its time
            self._send(EVERY + _MARGIN if later else 0.0)
        except BaseException:
            with self._lock:
                self._sent_at = self._covered_until = float("-inf")
            raise
