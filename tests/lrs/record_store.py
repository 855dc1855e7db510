"""A learning record store of somebody else: Ralph, with its file-system backend, as a process on loopback."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.fixtures.servers import free_ports, wait_until_it_answers

__all__ = ["PYTHON", "RecordStore", "make_environment", "running_store"]

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / ".venv-lrs"
PYTHON = FOLDER / "bin" / "python"
_WHO = ("microcred", "a test's own")


def make_environment() -> None:
    """The environment with exactly the locked packages; made before the first test that needs it."""
    subprocess.run(["make", "--silent", ".venv-lrs/.ready"], cwd=REPOSITORY, check=True, timeout=300)


@dataclass(frozen=True)
class RecordStore:
    """Where it listens, and how to speak to it."""

    url: str

    def ask(self, method: str, **arguments: Any) -> requests.Response:
        """One request to its statements."""
        secret = base64.b64encode(":".join(_WHO).encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "X-Experience-API-Version": "1.0.3"}
        return requests.request(
            method, f"{self.url}/xAPI/statements", headers=headers, timeout=30, **arguments
        )


@contextmanager
def running_store(folder: Path) -> Iterator[RecordStore]:
    """Start it with an account that may do everything; stop it at the end."""
    ralph = str(FOLDER / "bin" / "ralph")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "RALPH_APP_DIR": str(folder),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "statements"),
        "RALPH_LRS_RESTRICT_BY_AUTHORITY": "false",
    }
    account = ["-A", "microcred", "https://lms.example"]
    name, password = _WHO
    subprocess.run(
        [ralph, "auth", "-u", name, "-p", password, "-s", "all", *account, "-w"],
        env=environment,
        check=True,
        capture_output=True,
        timeout=60,
    )
    port = free_ports()
    (folder / "statements").mkdir(exist_ok=True)
    with (folder / "ralph.log").open("wb") as log:
        process = subprocess.Popen(
            [ralph, "runserver", "-b", "fs", "-h", "127.0.0.1", "-p", str(port)],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    store = RecordStore(f"http://127.0.0.1:{port}")
    try:
        wait_until_it_answers(f"{store.url}/__heartbeat__", process, (folder / "ralph.log").read_text)
        yield store
    finally:
        process.terminate()
        process.wait(timeout=60)
