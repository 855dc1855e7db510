"""The virus scanner: a fake speaks clamd's protocol; the real daemon is asked where it is installed."""

from __future__ import annotations

import getpass
import io
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from microcred_app import api
from microcred_app.applets.evidence import api as evidence
from microcred_app.applets.evidence.models import EvidenceFile
from tests.fixtures.catalogue import NOW, make_user, unit

SPEC = unit("a", kind="evidence")
TASK = evidence.EvidenceTask(3, 1_000_000, ("text",), True, True, "staff", {})


def add(learner: int, name: str, content: bytes) -> Any:
    body = io.BytesIO(content)
    return api.add_evidence_file(
        learner, SPEC, SPEC.parts[0].usage_key, TASK, filename=name, content=body, now=NOW
    )


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd(threading.Thread):
    """Answers INSTREAM as clamd does: by the bytes it was sent."""

    def __init__(self, path: str, *, limit: int = 10**9, silent: bool = False) -> None:
        super().__init__(daemon=True)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen()
        self.limit, self.silent = limit, silent
        self.start()

    def run(self) -> None:
        while True:
            connection, _address = self.server.accept()
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while (size := struct.unpack("!I", stream.read(4))[0]) and len(data) <= self.limit:
                    data += stream.read(size)
                if self.silent:
                    continue
                found = b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
                connection.sendall(
                    b"INSTREAM size limit exceeded. ERROR\0" if len(data) > self.limit else found
                )


def scanned(settings: Any, address: str) -> None:
    settings.MICROCRED = {**settings.MICROCRED, "EVIDENCE_SCANNER": address, "EVIDENCE_SCANNER_SECONDS": 5.0}


def test_what_the_scanner_finds_stays_outside(settings: Any, tmp_path: Path) -> None:
    FakeClamd(f"{tmp_path}/clamd")
    scanned(settings, f"unix:{tmp_path}/clamd")
    learner = make_user()
    with pytest.raises(evidence.FileRefused, match="virus scanner refuses"):
        add(learner, "a.txt", EICAR)
    assert len(add(learner, "b.txt", b"harmless").files) == 1


def test_a_scanner_that_is_overwhelmed_silent_or_absent_lets_nothing_in(
    settings: Any, tmp_path: Path
) -> None:
    FakeClamd(f"{tmp_path}/small", limit=10)
    scanned(settings, f"unix:{tmp_path}/small")
    with pytest.raises(evidence.FileRefused, match="too large"):
        add(make_user("a"), "a.txt", b"x" * 500)
    FakeClamd(f"{tmp_path}/silent", silent=True)
    for address in (f"unix:{tmp_path}/silent", f"unix:{tmp_path}/nobody", "tcp:127.0.0.1:9"):
        scanned(settings, address)
        with pytest.raises(evidence.ScannerAway):
            add(make_user(address[-6:]), "a.txt", b"hello")
    assert not EvidenceFile.objects.exists()


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """The real daemon, with one signature of its own: no network is needed for the test string."""
    program = shutil.which("clamd")
    if program is None:
        pytest.skip("clamd is not installed (apt-get install clamav-daemon)")
    database = tmp_path / "database"
    database.mkdir()
    (database / "own.ndb").write_text(f"Eicar-Own:0:*:{EICAR.hex()}\n")
    for path in (tmp_path, database, database / "own.ndb"):
        path.chmod(0o755)
    config = tmp_path / "clamd.conf"
    config.write_text(
        f"LocalSocket {tmp_path}/clamd\nDatabaseDirectory {database}\nForeground yes\nUser {getpass.getuser()}\n"
    )
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen([program, "-c", str(config)], stdout=log, stderr=log)
    for _second in range(60):
        if (tmp_path / "clamd").exists() or process.poll() is not None:
            break
        time.sleep(0.5)
    assert process.poll() is None, (tmp_path / "log").read_text()
    yield f"unix:{tmp_path}/clamd"
    process.terminate()
    process.wait(20)


def test_a_real_clamd_finds_the_test_string(settings: Any, clamd: str) -> None:
    scanned(settings, clamd)
    learner = make_user()
    with pytest.raises(evidence.FileRefused, match="virus scanner refuses"):
        add(learner, "a.txt", EICAR)
    assert len(add(learner, "b.txt", b"harmless" * 9_000).files) == 1
