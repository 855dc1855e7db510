"""5,000 pushes to five moody hosts by three Celery workers, while workers, broker and hosts are killed.

At the end every credential is at every host it was sent to, the tables say so, and nothing is left over. The test
prints what happened on the way.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fixtures.servers import free_ports

REPOSITORY = Path(__file__).resolve().parents[2]
LEARNERS, HOSTS = 1_000, 5
PATIENCE = 360.0


@dataclass
class Site:
    """The learning site, its broker, its workers, and the hosts it pushes to."""

    folder: Path
    port: int = field(default_factory=lambda: free_ports(HOSTS))
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)

    @property
    def log(self) -> Path:
        return self.folder / "pushes.log"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MICROCRED_DEMO_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "PYTHONPATH": str(REPOSITORY),
        }

    @property
    def with_broker(self) -> dict[str, str]:
        return {
            **self.environment,
            "MICROCRED_CHAOS_BROKER": f"redis+socket://{self.folder}/redis?virtual_host=0",
        }

    def start(self, name: str) -> None:
        commands = {
            "redis": [
                "redis-server",
                "--port",
                "0",
                "--unixsocket",
                str(self.folder / "redis"),
                "--save",
                "",
            ],
            "hosts": [sys.executable, "-m", "tests.chaos.hosts", str(self.port), str(self.log)],
            "cron": [sys.executable, "-m", "tests.chaos.cron"],
        }
        worker = [
            sys.executable, "-m", "celery", "-A", "tests.chaos.workers", "worker", "--pool=solo",
            "--without-gossip", "--without-mingle", "-n", f"{name}@chaos", "-l", "WARNING",
        ]  # fmt: skip
        output = (self.folder / f"{name}.out").open("ab")
        self.running[name] = subprocess.Popen(
            commands.get(name, worker), cwd=REPOSITORY, env=self.with_broker, stdout=output, stderr=output
        )

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.killed[name.rstrip("0123456789")] += 1

    def scene(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tests.chaos.scene", *arguments],
            cwd=REPOSITORY, env=self.environment, stdout=subprocess.PIPE, timeout=PATIENCE, check=True,
        )  # fmt: skip
        return done.stdout.decode().strip()

    def stored(self) -> int:
        """How many pairs of host and credential the hosts' book has."""
        return len(self.kept()) if self.log.exists() else 0

    def kept(self) -> set[tuple[int, str]]:
        lines = (line.split() for line in self.log.read_text().splitlines())
        return {(int(host), credential) for host, what, credential in lines if what in ("stored", "lost")}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    try:
        yield site
    finally:
        for name in list(site.running):
            site.kill(name)


@pytest.mark.services
@pytest.mark.timeout(900)
def test_every_credential_is_at_its_host_once_whatever_dies(site: Site):
    rows = int(site.scene("prepare", str(site.port), str(LEARNERS)))
    assert rows == LEARNERS * HOSTS == 5_000
    chance = random.Random(7)
    began = time.monotonic()
    for name in ("redis", "hosts", "worker1", "worker2", "worker3", "cron"):
        site.start(name)

    disasters = iter(
        [*(f"worker{chance.randint(1, 3)}" for _ in range(3)), "hosts", "redis"]
        + [f"worker{chance.randint(1, 3)}" for _ in range(3)]
    )
    deadline = began + PATIENCE
    while time.monotonic() < deadline:
        # A disaster for every ninth of the work, so that each hits work under way on any machine.
        behind = site.stored() < rows * sum(site.killed.values()) / 9
        victim = None if behind else next(disasters, None)
        if victim is not None:
            time.sleep(chance.uniform(0, 0.5))
            site.kill(victim)
            time.sleep(chance.uniform(0, 1.0))
            site.start(victim)
        elif site.stored() >= rows and site.scene("waiting") == "0":
            break
        else:
            time.sleep(0.5)
    seconds = time.monotonic() - began

    report = json.loads(site.scene("report"))
    answers = Counter(line.split()[1] for line in site.log.read_text().splitlines())
    print(
        f"\n{rows} pushes in {seconds:.0f} s; hosts saw {dict(answers)}; the site noted {report['attempts']}; "
        f"killed: {dict(site.killed)}"
    )
    wanted = {(int(url.rsplit(":", 1)[1]) - site.port, uri) for uri, url, _state, _tries in report["rows"]}
    assert len(wanted) == rows
    assert {state for _uri, _url, state, _tries in report["rows"]} == {"delivered"}
    assert site.kept() == wanted, "each credential at its host, and nothing anywhere else"
    assert report["arrived_more_than_once"] == 0, "a row ends once"
    assert report["attempts"]["delivered"] == rows
    assert sum(report["attempts"].values()) == sum(tries for *_row, tries in report["rows"])
    assert min(answers[kind] for kind in ("500", "429", "silent", "lost", "stored")) > 0
    assert site.killed["worker"] == 6
    assert site.killed["redis"] == site.killed["hosts"] == 1
