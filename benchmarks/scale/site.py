"""The site's processes: MariaDB (from ``scripts/with-mariadb``), Redis, Celery workers, web processes; their memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

__all__ = ["Memory", "open_again", "open_site", "processor_seconds", "running", "worker_processes"]

REPOSITORY = Path(__file__).resolve().parents[2]
_READY_WITHIN = 30.0


@contextmanager
def open_site(keep: Path | None = None) -> Iterator[Path]:
    """A migrated database on MariaDB, and Redis on a socket; the folder in which processes write.

    In the folder *keep* the secrets stay with which the data of an earlier run was sealed.
    """
    if "MICROCRED_MARIADB_SOCKET" not in os.environ:
        raise SystemExit("Start this by scripts/with-mariadb, or by make bench-scale.")
    folder = Path(tempfile.mkdtemp(prefix="microcred-scale-"))
    os.environ["MICROCRED_DEMO_VAR"] = str(keep / "var" if keep else folder)
    os.environ["MICROCRED_SCALE_REDIS"] = str(folder / "redis")
    redis = [
        "redis-server", "--port", "0", "--unixsocket", str(folder / "redis"), "--save", "", "--dir", str(folder),
    ]  # fmt: skip
    try:
        with _process(redis, folder / "redis.out"):
            _wait_for(folder / "redis")
            _make_database()
            open_again()
            from django.core.management import call_command
            from django.db import connection

            call_command("migrate", verbosity=0)
            with connection.cursor() as cursor:  # the platform has such an index, which is unique there
                cursor.execute("CREATE INDEX IF NOT EXISTS email ON auth_user (email)")
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def open_again() -> None:
    """The same site, in this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.scale.settings"
    import django

    django.setup()


@contextmanager
def running(folder: Path, name: str, command: list[str], **environment: str) -> Iterator[int]:
    """A process of the site as long as the context; its id. What it says is in a file of the folder."""
    with _process(command, folder / f"{name}.out", **environment) as process:
        yield process.pid
        if process.poll() is not None:
            said = (folder / f"{name}.out").read_text()[-2_000:]
            raise SystemExit(f"{name} ended before it was told to:\n{said}")


def worker_processes(number: int) -> list[str]:
    """The command of Celery worker *number*: one process, so that its memory is one figure."""
    return [
        sys.executable, "-m", "celery", "--quiet", "-A", "benchmarks.scale.workers", "worker", "--pool=solo",
        "--without-gossip", "--without-mingle", "-n", f"worker{number}@scale", "-l", "WARNING",
    ]  # fmt: skip


class Memory:
    """Looks at the memory of processes twice a second, in a thread of its own; the most that each had (MB)."""

    def __init__(self, pids: dict[str, int]) -> None:
        self.most = dict.fromkeys(pids, 0.0)
        self._pids = pids
        self._stop = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.5):
            for name, pid in self._pids.items():
                self.most[name] = max(self.most[name], _megabytes(pid))


def processor_seconds(pid: int) -> float:
    """Seconds for which the process had a processor, all of its threads together; other programs do not change them."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


@contextmanager
def _process(command: list[str], output: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with output.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env={**os.environ, **environment}, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(place: Path) -> None:
    begun = time.monotonic()
    while not place.exists():
        if time.monotonic() - begun > _READY_WITHIN:
            raise SystemExit("Redis did not start.")
        time.sleep(0.05)


def _make_database() -> None:
    import MySQLdb

    server = MySQLdb.connect(unix_socket=os.environ["MICROCRED_MARIADB_SOCKET"], user="root")
    server.cursor().execute("CREATE DATABASE IF NOT EXISTS microcred CHARACTER SET utf8mb4")
    server.close()
