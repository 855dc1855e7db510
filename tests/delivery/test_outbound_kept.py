"""Connections that stay open: used again, not for ever, and never in place of the judgement."""

from __future__ import annotations

import socket

import pytest

from microcred_app.applets.delivery.errors import AddressRefused, HostUnreachable
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from microcred_app.applets.delivery.outbound_kept import KeptConnections
from tests.delivery.raw_host import serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answering(times: int, answer: bytes = OK):
    """Several answers over one connection."""

    def speak(connection: socket.socket) -> None:
        connection.sendall(answer)
        for _more in range(times - 1):
            # The body of a request may arrive by itself.
            while b"POST" not in (piece := connection.recv(65_536)):
                if not piece:
                    return
            connection.sendall(answer)

    return speak


def kept_guard(**limits: float) -> OutboundGuard:
    return OutboundGuard(admit_loopback=True, seconds=30.0, kept=KeptConnections(**limits))


def test_one_connection_serves_many_requests():
    with serving(answering(3)) as host:
        guard = kept_guard()
        assert [guard.request("POST", host.url, body=b"x").body for _n in range(3)] == [b"ok"] * 3
        assert host.connections == 1


def test_without_a_keeper_every_request_has_its_own():
    with serving(OK, OK) as host:
        guard = OutboundGuard(admit_loopback=True, seconds=30.0)
        assert [guard.request("POST", host.url, body=b"x").status for _n in range(2)] == [200, 200]
        assert host.connections == 2


def test_a_connection_that_the_host_closed_meanwhile_is_replaced():
    with serving(OK, OK) as host:
        guard = kept_guard()
        assert [guard.request("POST", host.url, body=b"x").status for _n in range(2)] == [200, 200]
        assert host.connections == 2


def test_a_new_connection_that_is_closed_is_a_failure_and_not_tried_again():
    with serving(lambda connection: None, OK) as host:
        with pytest.raises(HostUnreachable):
            kept_guard().request("POST", host.url, body=b"x")
        assert host.connections == 1


def test_after_its_time_a_connection_is_not_used_again_so_that_the_name_is_judged_anew():
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving(answering(2), answering(2)) as host:
        guard = OutboundGuard(
            admit_loopback=True, seconds=30.0, kept=KeptConnections(max_age=0.0), resolver=resolver
        )
        for _n in range(2):
            guard.request("POST", f"http://localhost:{host.port}/", body=b"x")
        assert asked == ["localhost", "localhost"]


def test_a_name_that_moved_inside_is_refused_on_the_next_connection():
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with serving(answering(1)) as host:
        guard = OutboundGuard(
            admit_loopback=True, seconds=30.0, kept=KeptConnections(max_age=0.0),
            resolver=lambda _host, _port: next(answers),
        )  # fmt: skip
        guard.request("POST", f"http://localhost:{host.port}/", body=b"x")
        with pytest.raises(AddressRefused):
            guard.request("POST", f"http://localhost:{host.port}/", body=b"x")


def test_an_answer_that_is_not_read_to_its_end_closes_the_connection():
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nshort"
    with serving(answering(1, endless), answering(1)) as host:
        guard = kept_guard()
        with pytest.raises(HostUnreachable):
            guard.request("POST", host.url, body=b"x")
        assert guard.request("POST", host.url, body=b"x").body == b"ok"
        assert host.connections == 2


def test_a_host_that_drips_over_a_kept_connection_is_cut_off():
    def drip(connection: socket.socket) -> None:
        connection.sendall(OK)
        connection.recv(65_536)
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            import time

            for _n in range(100):
                connection.sendall(b"x")
                time.sleep(0.1)
        except OSError:
            return

    with serving(drip) as host:
        kept = KeptConnections()
        guard = OutboundGuard(admit_loopback=True, seconds=30.0, kept=kept)
        hurried = OutboundGuard(admit_loopback=True, seconds=0.8, kept=kept)
        assert guard.request("POST", host.url, body=b"x").body == b"ok"
        with pytest.raises(HostUnreachable):
            hurried.request("POST", host.url, body=b"x")
