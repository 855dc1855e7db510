"""``python -m benchmarks.upload``: 200 MB as evidence in pieces, beside the same bytes in one plain PUT.

Both go over HTTP to the same server process (Django's threaded server, the demo's middleware) and into the same
storage. The plain PUT is the fastest thing that server can do with a file: no session, no check, no digest, one
request. The upload goes piece by piece through session, CSRF token, database and, at the end, digest and container
check; it is measured from its creation to the answer that says the file is kept. The client is the same for both.

Rounds alternate and the medians are compared, because the machine is shared. The server's memory is its largest
resident size (``VmHWM``, reset before each upload) against its size before the first one.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["main"]

SIZE = 200_000_000
LEAST_SHARE = 0.80
MOST_GROWTH = 64_000_000
ROUNDS = 5


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.upload", description=__doc__)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--piece", type=int, default=2_000_000, help="bytes of a piece")
    options = parser.parse_args(arguments)
    if options.serve:
        _serve()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.webm"
        _write_film(film)
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.upload", "--serve"], stdout=subprocess.PIPE, text=True
        )
        try:
            return _measure(server, film, options.rounds, options.piece)
        finally:
            server.terminate()
            server.wait(20)


def _measure(server: subprocess.Popen[str], film: Path, rounds: int, piece: int) -> int:
    assert server.stdout is not None
    port, session, grant = server.stdout.readline().split()
    client = _Client(int(port), session, grant)
    client.plain(film)  # warm: modules, page cache
    client.upload(film, piece)
    before, highest = _resident(server.pid, "VmRSS"), 0
    plain, pieces = [], []
    for _round in range(rounds):
        plain.append(client.plain(film))
        _reset_peak(server.pid)
        pieces.append(client.upload(film, piece))
        highest = max(highest, _resident(server.pid, "VmHWM"))
    one, many = statistics.median(plain), statistics.median(pieces)
    share, growth = one / many, highest - before
    kept = share >= LEAST_SHARE and growth <= MOST_GROWTH
    print(f"200 MB as evidence, {rounds} rounds each, pieces of {piece / 1e6:g} MB:")
    print(f"  plain PUT        {one:6.2f} s  {SIZE / one / 1e6:7.1f} MB/s")
    print(f"  in pieces        {many:6.2f} s  {SIZE / many / 1e6:7.1f} MB/s")
    print(f"  share            {share:6.0%}     (limit {LEAST_SHARE:.0%})")
    print(f"  memory growth    {growth / 1e6:6.1f} MB  (limit {MOST_GROWTH / 1e6:g} MB)")
    print("  kept" if kept else "  MISSED")
    return 0 if kept else 1


class _Slice:
    """The next *size* bytes of an open file, as a body that is read while it is sent."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left = file, size

    def read(self, most: int = -1) -> bytes:
        data = self._file.read(self._left if most < 0 else min(most, self._left))
        self._left -= len(data)
        return data


class _Client:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, port: int, session: str, grant: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        token = "a" * 32
        self.head = {
            "Cookie": f"microcred_demo_session={session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Tus-Resumable": "1.0.0",
        }
        self.grant = base64.b64encode(grant.encode()).decode()

    def plain(self, film: Path) -> float:
        begun = time.perf_counter()
        with film.open("rb") as body:
            self._ask("PUT", "/plain/", {"Content-Length": str(SIZE)}, body)
        return time.perf_counter() - begun

    def upload(self, film: Path, piece: int) -> float:
        begun = time.perf_counter()
        name = base64.b64encode(b"film.webm").decode()
        headers = {"Upload-Length": str(SIZE), "Upload-Metadata": f"grant {self.grant},filename {name}"}
        url = self._ask("POST", "/microcred/uploads/", headers, b"")["Location"]
        with film.open("rb") as body:
            for offset in range(0, SIZE, piece):
                size = min(piece, SIZE - offset)
                sent = {
                    "Upload-Offset": str(offset),
                    "Content-Type": "application/offset+octet-stream",
                    "Content-Length": str(size),
                }
                # Read while it is sent, as in the plain PUT and as a browser reads a slice of a file.
                self._ask("PATCH", url, sent, _Slice(body, size))
        passed = time.perf_counter() - begun
        self._ask("POST", "/forget/", {}, b"")
        return passed

    def _ask(self, method: str, path: str, headers: dict[str, str], body: Any) -> Any:
        self.connection.request(method, path, body, {**self.head, **headers})
        answer = self.connection.getresponse()
        said = answer.read()
        assert answer.status < 300, (method, path, answer.status, said[:300])
        return answer.headers


def _write_film(path: Path) -> None:
    """A film that is one: the container's head, then noise, so that nothing can be squeezed."""
    from tests.fixtures.media import webm

    head, noise = webm(1, 2), os.urandom(1_000_000)
    with path.open("wb") as file:
        file.write(head)
        while (left := SIZE - file.tell()) > 0:
            file.write(noise[:left])


def _resident(pid: int, name: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def _reset_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def _serve() -> None:
    """The server: the demo site, one more address for the plain PUT, one that forgets what was uploaded."""
    from benchmarks.site import measured_site

    with measured_site():
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
        from django.core.wsgi import get_wsgi_application
        from django.test import Client

        from microcred_app import api
        from tests.fixtures.catalogue import unit

        settings.ROOT_URLCONF = "benchmarks.upload_addresses"
        learner = get_user_model().objects.get(username="amina")
        client = Client()
        client.force_login(learner)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        spec = unit("a", kind="evidence")
        from demo_site.platform import DemoPlatform

        DemoPlatform.is_enrolled = lambda *_: True  # type: ignore[method-assign]
        task = api.EvidenceTask(20, SIZE, ("video",), True, True, "staff", {})
        grant = api.upload_grant(learner.pk, spec, spec.parts[0].usage_key, task).grant

        class Quiet(WSGIRequestHandler):
            # An answer leaves in several writes: without this the second waits 40 ms for the client's acknowledgement.
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: printing would be measured."""

        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override=None)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        print(server.server_port, session, grant, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
