"""One connection to a judged address, watched by a deadline and read within bounds.

Shared by single requests (:mod:`.outbound_guard`) and by requests over connections that stay open
(:mod:`.outbound_pool`). A connection keeps the name for Host, SNI and the certificate check, and goes to an address
that was judged and to no other.
"""

from __future__ import annotations

import heapq
import http.client
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from itertools import count

from django.utils.translation import gettext as _

from .errors import AnswerUnusable, HostUnreachable
from .outbound_address import Target

__all__ = ["PinnedConnection", "Watchdog", "read_bounded", "unpack", "unreachable"]

_CHUNK = 65_536


class Watchdog:
    """Closes the socket it watches when the deadline passes, whatever the reading thread is waiting for.

    Per-read timeouts alone let a host drip one byte at a time for ever.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.fired = False
        self.done = False
        self._socket: socket.socket | None = None

    def __enter__(self) -> Watchdog:
        _sentry.guard(self)
        return self

    def __exit__(self, *details: object) -> None:
        self.done = True
        self._socket = None

    def watch(self, watched: socket.socket) -> None:
        """The socket to close; one that is handed over too late is closed at once."""
        self._socket = watched
        if self.fired:
            self.fire()

    def fire(self) -> None:
        """The time is up."""
        self.fired = True
        watched = self._socket
        if watched is not None:
            try:
                # The base method: SSLSocket.shutdown would drop the TLS layer under the reader's feet.
                socket.socket.shutdown(watched, socket.SHUT_RDWR)
            except OSError:
                self.fired = True  # already closed by the other side; the reader is awake


class _Sentry:
    """One thread for the deadlines of all exchanges of this process: a thread for each would cost more than many a
    push."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew; threads do not survive a fork."""
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Watchdog]] = []
        self._order = count()
        self._thread: threading.Thread | None = None

    def guard(self, watchdog: Watchdog) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (watchdog.deadline, next(self._order), watchdog))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="microcred-deadlines")
                self._thread.start()
            elif self._waiting[0][2] is watchdog:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._waiting and self._waiting[0][2].done:
                    heapq.heappop(self._waiting)
                if not self._waiting:
                    self._changed.wait()
                    continue
                left = self._waiting[0][0] - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                watchdog = heapq.heappop(self._waiting)[2]
            if not watchdog.done:
                watchdog.fire()


_sentry = _Sentry()
os.register_at_fork(after_in_child=_sentry.reset)


class PinnedConnection(http.client.HTTPConnection):
    """Connects to an address that was judged, and to no other, while keeping the name for Host and TLS."""

    def __init__(self, target: Target, addresses: tuple[str, ...], tls: Callable[[], ssl.SSLContext]) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.scheme == "https" else 80
        self._target = target
        self._addresses = addresses
        self._tls = tls
        self._watchdog = Watchdog(time.monotonic())

    def come_under(self, watchdog: Watchdog) -> None:
        """From now on *watchdog* closes this connection; call it before every request."""
        self._watchdog = watchdog
        if self.sock is not None:
            self.sock.settimeout(max(0.001, watchdog.deadline - time.monotonic()))
            watchdog.watch(self.sock)

    def connect(self) -> None:
        """Open the connection to the first judged address that answers; TLS is checked against the name."""
        raw = self._open_first()
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._target.scheme == "https":
            # The handshake is made after the watchdog sees the socket: a host may drip here too.
            secured = self._tls().wrap_socket(
                raw, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self._watchdog.watch(secured)
            self.sock = secured
            secured.do_handshake()
        else:
            self._watchdog.watch(raw)
            self.sock = raw

    def _open_first(self) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in self._addresses:
            left = self._watchdog.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                return socket.create_connection((address, self._target.port), timeout=left)
            except OSError as error:
                failure = error
        raise failure


def read_bounded(answer: http.client.HTTPResponse, limit: int) -> bytes:
    """The whole body as it came over the wire, read piece by piece and refused beyond *limit* bytes."""
    if answer.length is not None and answer.length > limit:
        raise AnswerUnusable(_("The wallet's answer is too large."))
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(_CHUNK):
        size += len(piece)
        if size > limit:
            raise AnswerUnusable(_("The wallet's answer is too large."))
        pieces.append(piece)
    return b"".join(pieces)


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo gzip for hosts that compress although nobody asked; never more than *limit* bytes come out."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise AnswerUnusable(_("The wallet's answer is packed in a way that was not asked for."))
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise AnswerUnusable(_("The wallet's answer is damaged.")) from error
    if len(unpacked) > limit:
        raise AnswerUnusable(_("The wallet's answer is too large."))
    return unpacked


def unreachable(target: Target, *, slow: bool) -> HostUnreachable:
    """The refusal that says what the person can do."""
    if slow:
        return HostUnreachable(_("%(host)s did not answer in time. Try again later.") % {"host": target.host})
    return HostUnreachable(
        _("No safe connection to %(host)s could be made. Check the address, or try again later.")
        % {"host": target.host}
    )
