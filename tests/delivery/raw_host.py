"""A web server made of a bare socket, for answers that no web server would give."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def serving(
    *answers: bytes | Callable[[socket.socket], None], tls: ssl.SSLContext | None = None
) -> Iterator[Host]:
    """A raw server that gives one answer per connection, in order."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    host = Host(listener.getsockname()[1])
    waiting = list(answers)

    def serve() -> None:
        while waiting:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            with connection:
                host.connections += 1
                try:
                    speaking = tls.wrap_socket(connection, server_side=True) if tls else connection
                    host.requests.append(speaking.recv(65_536))
                    answer = waiting.pop(0)
                    if callable(answer):
                        answer(speaking)
                    else:
                        speaking.sendall(answer)
                        if tls:
                            speaking.unwrap()
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        listener.close()


class Host:
    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[bytes] = []
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def plain(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "".join(f"{line}\r\n" for line in (*headers, f"Content-Length: {len(body)}"))
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def redirect(where: str) -> bytes:
    return plain(b"", f"Location: {where}", status="302 Found")


def drip(prefix: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Send *prefix*, then *piece* every 50 ms for a minute, unless nobody reads it: no single read ever takes long."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(prefix)
        for _turn in range(1_200):
            time.sleep(0.05)
            connection.sendall(piece)

    return answer


def answering(*addresses: str) -> Callable[[str, int], list[str]]:
    """A name server with one answer for every name."""
    return lambda host, port: list(addresses)
