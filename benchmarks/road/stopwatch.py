"""How long work takes on a machine that other programs use as well.

Linux counts for every thread how long it ran and how long it stood ready and waited for a processor
(``/proc/PID/schedstat``). Time that was waited is taken off the clock: it belongs to whoever had the processor.
Everything else stays on it, such as waiting for the disk, for locks, and for the database. What remains can never be
less than the processor time that was used, divided by the processors that could share it: on an idle machine the
database's work and ours would still compete with each other.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Spent", "Stopwatch", "fair_seconds"]

_SERVER = "MICROCRED_MARIADB_PID"
_NANO = 1e9


@dataclass(frozen=True)
class Spent:
    """Seconds: by the clock, running, and ready but waiting for a processor; the database server's apart."""

    clock: float
    ran: float
    waited: float
    server_ran: float = 0.0
    server_waited: float = 0.0


class Stopwatch:
    """Runs from the moment it is made; a process's own time, and the MariaDB server's where there is one."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._own, self._server = _times(os.getpid()), _times(_server_pid())

    def read(self) -> Spent:
        """What was spent since."""
        own, server = _times(os.getpid()), _times(_server_pid())
        return Spent(
            time.perf_counter() - self._begun,
            own[0] - self._own[0],
            own[1] - self._own[1],
            server[0] - self._server[0],
            server[1] - self._server[1],
        )


def fair_seconds(whole: Spent, workers: list[Spent], *, processors: int) -> float:
    """Seconds that the work would take if nobody else used the processors.

    *whole* is what the process that waits for the *workers* spent, with the server's time; alone it is the worker.
    """
    everybody = workers or [whole]
    # Each worker has its own connection, so the server works for all of them at once and each waits for its share.
    for_server = whole.server_waited / len(everybody)
    slowest = max(one.clock - one.waited for one in everybody) - for_server
    used = sum(one.ran for one in everybody) + whole.server_ran
    sharing = processors if workers else 1  # one worker and its server take turns
    return max(slowest, used / sharing, max(one.ran for one in everybody))


def _server_pid() -> int | None:
    pid = os.environ.get(_SERVER)
    return int(pid) if pid else None


def _times(pid: int | None) -> tuple[float, float]:
    """Seconds that all threads of a process have run and waited; nothing for no process."""
    if pid is None:
        return 0.0, 0.0
    ran = waited = 0
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            one, other, _turns = file.read_text().split()
        except OSError:  # a thread that ended meanwhile
            continue
        ran, waited = ran + int(one), waited + int(other)
    return ran / _NANO, waited / _NANO
