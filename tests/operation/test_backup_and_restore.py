"""The procedures of docs/how-to/backup.rst, done: back up, restore into a fresh site, and go on without the keys."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.demo import environment

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """A site in a folder of its own; its database is told by the environment."""

    folder: Path
    extra: dict[str, str]

    def do(self, part: str) -> dict[str, Any]:
        told = environment(self.folder) | {"DJANGO_SETTINGS_MODULE": "tests.operation.restore_settings"}
        told.pop("MICROCRED_DEMO_URL")
        told.pop("MICROCRED_DEMO_WALLET")
        done = subprocess.run(
            [sys.executable, "-m", "tests.operation.restore_scene", part],
            cwd=REPOSITORY, env=told | self.extra, capture_output=True, text=True, timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return dict(json.loads(done.stdout.splitlines()[-1]))


def restore_files(source: Site, target: Site, *, keys: bool) -> None:
    """Evidence, and the secrets if they were kept."""
    shutil.copytree(source.folder / "evidence", target.folder / "evidence")
    if keys:
        for name in ("secret-key", "encryption-key"):
            shutil.copy(source.folder / name, target.folder / name)


def rehearse(make: Callable[[str], Site], copy_database: Callable[[Site, Site], None]) -> None:
    first = make("first")
    earned = first.do("earn")
    assert earned["verdicts"] == ["valid"]
    assert list(earned["files"].values()) == [True]

    restored = make("restored")
    copy_database(first, restored)
    restore_files(first, restored, keys=True)
    assert restored.do("report") == earned
    later = restored.do("go-on")
    assert later["awards"] == ["chain-carer", "chain-carer"]
    assert later["verdicts"] == ["valid", "valid"]
    assert later["owed"] == 0

    keyless = make("keyless")
    copy_database(first, keyless)
    restore_files(first, keyless, keys=False)
    assert keyless.do("report") == earned  # what was signed goes on verifying
    waiting = keyless.do("go-on")
    assert waiting["awards"] == earned["awards"]  # nobody can sign
    assert waiting["owed"] == 1  # and nothing is lost
    assert waiting["errors"] == ["SignerUnavailable"]
    out = keyless.do("rotate")
    assert out["awards"] == later["awards"]
    assert out["verdicts"] == ["valid", "valid"]
    assert out["owed"] == 0
    assert out["documents"].items() >= earned["documents"].items()  # not a byte of the old one changed


def test_on_sqlite(tmp_path: Path) -> None:
    def make(name: str) -> Site:
        (tmp_path / name).mkdir()
        return Site(tmp_path / name, {})

    def copy_database(source: Site, target: Site) -> None:
        with (
            closing(sqlite3.connect(source.folder / "demo.sqlite3")) as old,
            closing(sqlite3.connect(target.folder / "demo.sqlite3")) as new,
        ):
            new.executescript("\n".join(old.iterdump()))

    rehearse(make, copy_database)


@pytest.fixture
def mariadb(tmp_path: Path) -> Any:
    """A MariaDB server of the test's own, known by its socket."""
    if (
        find_spec("MySQLdb") is None
        or shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin") is None
    ):
        pytest.skip("needs mariadbd and mysqlclient: make test-mariadb installs both")
    words = tmp_path / "socket.txt"
    waiter = f'echo "$MICROCRED_MARIADB_SOCKET" > {words}.new && mv {words}.new {words} && exec sleep 600'
    server = subprocess.Popen(
        [str(REPOSITORY / "scripts" / "with-mariadb"), "sh", "-c", waiter], start_new_session=True
    )
    try:
        for _try in range(600):
            if words.exists():
                break
            assert server.poll() is None
            try:
                server.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
        yield words.read_text().strip()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


@pytest.mark.services
def test_on_mariadb(mariadb: str, tmp_path: Path) -> None:
    """By the words of the how-to: ``mysqldump --single-transaction``, loaded into an empty database."""
    client = ["mariadb", "--no-defaults", "-uroot", "-S", mariadb]

    def make(name: str) -> Site:
        (tmp_path / name).mkdir()
        subprocess.run([*client, "-e", f"CREATE DATABASE {name} CHARACTER SET utf8mb4"], check=True)
        told = {"MICROCRED_MARIADB_SOCKET": mariadb, "MICROCRED_SCENE_DATABASE": name}
        return Site(tmp_path / name, told)

    def copy_database(source: Site, target: Site) -> None:
        dump = ["mariadb-dump", "--no-defaults", "-uroot", "-S", mariadb, "--single-transaction", "--quick"]
        kept = subprocess.run([*dump, source.folder.name], check=True, capture_output=True).stdout
        subprocess.run([*client, target.folder.name], check=True, input=kept)

    rehearse(make, copy_database)
