"""A worker that is killed with SIGKILL in the middle of a push: the badge arrives, and it arrives once.

Everything is real: the demo site's database file, the worker command as its own process, the wallet host as
another one.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.wallet import REPOSITORY, WalletHost, wait_until


@dataclass
class Site:
    """The learning site's folder, and processes that work on it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MICROCRED_DEMO_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tests.delivery.patient_settings",
            "PYTHONPATH": str(REPOSITORY),
        }

    def scene(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.delivery.scene", *arguments],
            cwd=REPOSITORY, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def worker(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "django", "microcred_worker", "--interval", "0.1"],
            cwd=REPOSITORY, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def state(self) -> str:
        with closing(sqlite3.connect(self.folder / "demo.sqlite3", timeout=20)) as database:
            [(state,)] = database.execute("select state from microcred_app_delivery").fetchall()
        return str(state)

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.scene("report").communicate(timeout=300)[0])
        return found


@pytest.fixture
def site(tmp_path: Path, wallet_host: WalletHost) -> Iterator[Site]:
    """A learning site with one due outbox row."""
    site = Site(tmp_path)
    preparing = site.scene("prepare", wallet_host.url)
    assert preparing.stdin is not None
    assert preparing.stdout is not None
    consent_page = preparing.stdout.readline().strip()
    preparing.communicate(wallet_host.decide(consent_page, "amina") + "\n", timeout=300)
    assert preparing.returncode == 0
    yield site


@pytest.mark.parametrize(
    ("fault", "arrived_before", "pushes", "code"),
    [("hang", 0, 1, "created"), ("lost_answer", 1, 2, "replaced")],
    ids=["killed before the host stored it", "killed after the host stored it"],
)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    site: Site, wallet_host: WalletHost, fault: str, arrived_before: int, pushes: int, code: str
):
    wallet_host.misbehave(fault, seconds=60, times=1)
    worker = site.worker()
    try:
        wait_until(lambda: site.state() == "claimed")
        wait_until(lambda: len(wallet_host.kept("amina")) == arrived_before)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=300)
    assert site.state() == "claimed"

    wallet_host.behave()
    assert site.scene("finish").wait(timeout=300) == 0

    assert site.report() == {
        "state": "delivered", "attempts": 2, "history": [["lost", "worker_stopped"], ["delivered", code]],
    }  # fmt: skip
    assert len(wallet_host.kept("amina")) == 1
    assert wallet_host.pushes("amina") == [pushes]


def test_a_worker_delivers_by_itself_and_stops_when_asked(site: Site, wallet_host: WalletHost):
    worker = site.worker()
    try:
        wait_until(lambda: site.state() == "delivered")
        worker.send_signal(signal.SIGTERM)
        said, _nothing = worker.communicate(timeout=300)
    finally:
        worker.kill()
        worker.wait(timeout=300)
    assert worker.returncode == 0
    assert "1 delivered" in said
    assert "has stopped" in said
    assert len(wallet_host.kept("amina")) == 1
