"""Every request to an address that somebody typed goes through here, and is bounded in reach, size and time.

The name is resolved once, all answers are judged (:mod:`.outbound_address`), and the connection is made to a
judged address while Host, SNI and the certificate check keep the name: what was checked is what is contacted,
so a name server that changes its mind between check and connection (DNS rebinding) gains nothing. Redirects are
followed for GET only, each one judged afresh, and credentials are not carried to another origin. A watchdog
closes the connection when the whole exchange, from resolving to the last byte, exceeds its time: per-read
timeouts alone let a host drip one byte at a time for ever. Compressed answers are unpacked against the same
size limit. Proxies from the environment are not used, because a proxy resolves names by itself.
"""

from __future__ import annotations

import http.client
import json
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.utils.translation import gettext as _
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from microcred_app.conf import settings

from .errors import AnswerUnusable, HostUnreachable
from .outbound_address import Target, check_addresses, parse_target

__all__ = ["GuardedResponse", "OutboundGuard", "Resolver", "guard_from_settings", "read_address"]

Resolver = Callable[[str, int], list[str]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536


@dataclass(frozen=True)
class GuardedResponse:
    """What came back: status, headers with lower-case names, the unpacked body, and where it came from."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """The body as JSON; raises :class:`AnswerUnusable` when it is something else, an HTML page say."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise AnswerUnusable(
                _("The address answered with something that is not from a wallet. Is it the right address?")
            ) from error


def resolve_by_system(host: str, port: int) -> list[str]:
    """All addresses the operating system knows for *host*, in the order it prefers them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def default_tls() -> ssl.SSLContext:
    """A context that checks certificate and host name against the public roots."""
    return ssl.create_default_context(cafile=str(DEFAULT_CA_BUNDLE_PATH))


@dataclass(frozen=True)
class OutboundGuard:
    """The limits of one kind of request, and the one way to make it."""

    admit_loopback: bool = False
    seconds: float = 15.0
    max_bytes: int = 1_000_000
    max_redirects: int = 3
    resolver: Resolver = resolve_by_system
    tls: Callable[[], ssl.SSLContext] = default_tls

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> GuardedResponse:
        """Make one request within the limits.

        Raises ``AddressRefused`` for what must not be contacted, ``HostUnreachable`` for what did not answer in
        time, ``AnswerUnusable`` for what answered out of bounds. A redirect answer to anything but GET is
        handed back as it is: re-sending a body to a place somebody else names is not the guard's decision.
        """
        deadline = time.monotonic() + self.seconds
        sent = dict(headers or {})
        target = parse_target(url, admit_loopback=self.admit_loopback)
        for _hop in range(self.max_redirects + 1):
            response = self._exchange(method, target, url, sent, body, deadline)
            location = response.headers.get("location", "")
            if method != "GET" or response.status not in _REDIRECTS or not location:
                return response
            url = urljoin(url, location)
            moved = parse_target(url, admit_loopback=self.admit_loopback)
            if moved.origin != target.origin:
                sent = {name: value for name, value in sent.items() if name.lower() == "accept"}
            target = moved
        raise AnswerUnusable(
            _("The address passes visitors on too often. Ask the wallet for its right address.")
        )

    def _exchange(
        self,
        method: str,
        target: Target,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: float,
    ) -> GuardedResponse:
        addresses = check_addresses(
            target, self._resolve(target, deadline), admit_loopback=self.admit_loopback
        )
        with _Watchdog(deadline) as watchdog:
            connection = _PinnedConnection(target, addresses, deadline, self.tls, watchdog)
            try:
                connection.request(method, target.path, body=body, headers={**headers, "Connection": "close"})
                answer = connection.getresponse()
                packed = _read_bounded(answer, self.max_bytes)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise _unreachable(target, slow=watchdog.fired or isinstance(error, TimeoutError)) from error
            finally:
                connection.close()
            if watchdog.fired or answer.length:
                raise _unreachable(target, slow=watchdog.fired)
        received = {name.lower(): value for name, value in answer.getheaders()}
        unpacked = _unpack(packed, received.get("content-encoding", ""), self.max_bytes)
        return GuardedResponse(answer.status, received, unpacked, url)

    def _resolve(self, target: Target, deadline: float) -> list[str]:
        """Resolve in a thread of its own, because the system's resolver knows no time limit."""
        answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self.resolver(target.host, target.port))
            except (OSError, UnicodeError):
                answers.put([])

        threading.Thread(target=look_up, daemon=True, name="microcred-resolve").start()
        try:
            return answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise _unreachable(target, slow=True) from None


class _Watchdog:
    """Closes the socket it watches when the deadline passes, whatever the reading thread is waiting for."""

    def __init__(self, deadline: float) -> None:
        self.fired = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._fire)
        self._timer.daemon = True

    def __enter__(self) -> _Watchdog:
        self._timer.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._timer.cancel()

    def watch(self, watched: socket.socket) -> None:
        self._socket = watched

    def _fire(self) -> None:
        self.fired = True
        if self._socket is not None:
            try:
                # The base method: SSLSocket.shutdown would drop the TLS layer under the reader's feet.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                self.fired = True  # already closed by the other side; the reader is awake


class _PinnedConnection(http.client.HTTPConnection):
    """Connects to an address that was judged, and to no other, while keeping the name for Host and TLS."""

    def __init__(
        self,
        target: Target,
        addresses: tuple[str, ...],
        deadline: float,
        tls: Callable[[], ssl.SSLContext],
        watchdog: _Watchdog,
    ) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.scheme == "https" else 80
        self._target = target
        self._addresses = addresses
        self._deadline = deadline
        self._tls = tls
        self._watchdog = watchdog

    def connect(self) -> None:
        """Open the connection to the first judged address that answers; TLS is checked against the name."""
        raw = self._open_first()
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
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                return socket.create_connection((address, self._target.port), timeout=left)
            except OSError as error:
                failure = error
        raise failure


def _read_bounded(answer: http.client.HTTPResponse, limit: int) -> bytes:
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


def _unpack(body: bytes, encoding: str, limit: int) -> bytes:
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


def _unreachable(target: Target, *, slow: bool) -> HostUnreachable:
    if slow:
        return HostUnreachable(_("%(host)s did not answer in time. Try again later.") % {"host": target.host})
    return HostUnreachable(
        _("No safe connection to %(host)s could be made. Check the address, or try again later.")
        % {"host": target.host}
    )


def guard_from_settings() -> OutboundGuard:
    """The guard as the operator configured it."""
    configured = settings()
    return OutboundGuard(
        admit_loopback=configured.allow_loopback_targets, seconds=configured.delivery_timeout_seconds
    )


def read_address(url: str, *, seconds: float, max_bytes: int) -> bytes:
    """What is published at *url*, at most *max_bytes* of it, within *seconds*; for documents that others name.

    Raises ``AddressRefused``, ``HostUnreachable`` or ``AnswerUnusable`` (also for any status but 200).
    """
    configured = settings()
    guard = OutboundGuard(
        admit_loopback=configured.allow_loopback_targets,
        seconds=min(seconds, configured.delivery_timeout_seconds),
        max_bytes=max_bytes,
    )
    answer = guard.request("GET", url, headers={"Accept": "application/json, */*;q=0.5"})
    if answer.status != 200:
        raise AnswerUnusable(_("The address answered with status {status}.").format(status=answer.status))
    return answer.body
