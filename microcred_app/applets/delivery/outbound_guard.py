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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.utils.translation import gettext as _
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from microcred_app.conf import settings

from .errors import AnswerUnusable
from .outbound_address import Target, check_addresses, parse_target
from .outbound_connection import PinnedConnection, Watchdog, read_bounded, unpack, unreachable
from .outbound_kept import KeptConnections

__all__ = ["GuardedResponse", "OutboundGuard", "Resolver", "guard_from_settings", "read_address"]

Resolver = Callable[[str, int], list[str]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class _WentStale(Exception):
    """A kept connection turned out to be closed by the other side."""


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
    #: Where connections wait for the next request; a request that a host may have seen is then sent once more when a
    #: waiting connection turns out to be closed, so only for requests that may arrive twice.
    kept: KeptConnections | None = None

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
        if self.kept is not None and (found := self.kept.take(target)) is not None:
            connection, opened = found
            try:
                return self._talk(connection, opened, method, target, url, headers, body, deadline)
            except _WentStale:
                connection.close()  # the host closed it while it was idle, before it saw this request
        addresses = check_addresses(
            target, self._resolve(target, deadline), admit_loopback=self.admit_loopback
        )
        connection = PinnedConnection(target, addresses, self.tls)
        return self._talk(connection, None, method, target, url, headers, body, deadline)

    def _talk(
        self,
        connection: PinnedConnection,
        opened: float | None,
        method: str,
        target: Target,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: float,
    ) -> GuardedResponse:
        """One request and its answer; *opened* says since when a connection that was kept is open."""
        keep = False
        began = time.monotonic()
        with Watchdog(deadline) as watchdog:
            try:
                connection.come_under(watchdog)
                if self.kept is None:
                    headers = {**headers, "Connection": "close"}
                connection.request(method, target.path, body=body, headers=headers)
                answer = connection.getresponse()
                packed = read_bounded(answer, self.max_bytes)
                keep = self.kept is not None and not answer.will_close and not answer.length
                answer.close()  # read to its end; http.client does not notice when the length was announced
            except (ConnectionError, http.client.RemoteDisconnected) as error:
                if opened is not None and not watchdog.fired:
                    raise _WentStale from error
                raise unreachable(target, slow=watchdog.fired) from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise unreachable(target, slow=watchdog.fired or isinstance(error, TimeoutError)) from error
            finally:
                if not keep:
                    connection.close()
            if watchdog.fired or answer.length:
                connection.close()
                raise unreachable(target, slow=watchdog.fired)
        if keep and self.kept is not None:
            self.kept.put(target, connection, opened or began)
        received = {name.lower(): value for name, value in answer.getheaders()}
        unpacked = unpack(packed, received.get("content-encoding", ""), self.max_bytes)
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
            raise unreachable(target, slow=True) from None


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
