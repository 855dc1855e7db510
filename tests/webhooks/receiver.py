"""A system that receives webhooks: a server of its own that answers as it is told and keeps what it got."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Receiver", "running_receiver"]


@dataclass
class Receiver:
    """What arrived, as (headers, body); *answer* says what each request is answered with."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[int], tuple[int, dict[str, str], bytes]] = lambda _number: (204, {}, b"")
    endless: bool = False

    @property
    def said(self) -> list[dict[str, Any]]:
        """The bodies."""
        return [json.loads(body) for _headers, body in self.got]

    @property
    def types(self) -> list[str]:
        """What kinds of message came, in their order."""
        return [body["type"] for body in self.said]


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """A receiver on this computer, until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, answer = receiver.answer(len(receiver.got))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(answer)
                while receiver.endless:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass  # the sender had enough

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.endless = False
        server.shutdown()
        server.server_close()
        thread.join()
