"""The outbound guard under attack: addresses, names that change their mind, redirects, size and time."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings

from microcred_app.applets.delivery.discovery import normalise_host_url
from microcred_app.applets.delivery.errors import AddressRefused, AnswerUnusable, HostUnreachable
from microcred_app.applets.delivery.outbound_guard import OutboundGuard, read_address
from tests.delivery.raw_host import answering, drip, plain, redirect, serving

PUBLIC = "93.184.215.14"


def strict(*addresses: str, **limits: object) -> OutboundGuard:
    return OutboundGuard(resolver=answering(*addresses), seconds=30.0, **limits)


# Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://wallet.example/",
        "ftp://wallet.example/",
        "file:///etc/passwd",
        "gopher://wallet.example/",
        "javascript:alert(1)",
        "//wallet.example/",
        "https://",
        "https:///path",
        "https://user@wallet.example/",
        "https://wallet.example:password@evil.example/",
        "https://wallet.example\\@evil.example/",
        "https://wallet.example/\r\nX: y",
        "https://wallet .example/",
        "https://wallet.example\t/",
        "https://wallet.example:22/",
        "https://wallet.example:6379/",
        "https://wallet.example:99999/",
        "https://wallet.example:x/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.0x1/",
        "https://[::1%25eth0]/",
        "https://[::1/",
        "https://\u2460\u2461\u2466.0.0.1/",
        "https://" + "a" * 3000,
        "https://wallet..example/",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_before_any_name_is_resolved(url: str):
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was resolved")

    with pytest.raises(AddressRefused):
        OutboundGuard(resolver=never).request("GET", url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200",
        "169.254.169.254", "168.63.129.16", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::1", "100::1",
    ],
)  # fmt: skip
def test_names_that_lead_inside_are_refused(address: str):
    with pytest.raises(AddressRefused):
        strict(address).request("GET", "https://wallet.example/")


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]"]
)
def test_inside_addresses_are_refused_by_number_too(address: str):
    with pytest.raises(AddressRefused):
        OutboundGuard(seconds=30.0).request("GET", f"https://{address}/")


def test_one_bad_address_among_good_ones_refuses_the_name():
    with pytest.raises(AddressRefused):
        strict(PUBLIC, "10.0.0.1").request("GET", "https://wallet.example/")


def test_a_name_nobody_knows_is_refused_with_a_sentence():
    with pytest.raises(AddressRefused, match="spelled"):
        strict().request("GET", "https://wallet.example/")


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.168.0.1", PUBLIC])
def test_admitting_loopback_admits_nothing_else_over_http(address: str):
    guard = OutboundGuard(admit_loopback=True, resolver=answering(address), seconds=30.0)
    with pytest.raises(AddressRefused):
        guard.request("GET", "http://wallet.example/")
    with pytest.raises(AddressRefused):
        guard.request("GET", "https://wallet.example:9200/")


def test_loopback_beside_another_address_is_refused():
    guard = OutboundGuard(admit_loopback=True, resolver=answering("127.0.0.1", "10.0.0.1"), seconds=30.0)
    with pytest.raises(AddressRefused):
        guard.request("GET", "http://wallet.example/")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("wallet.example", "https://wallet.example"),
        ("  https://Wallet.Example/  ", "https://wallet.example"),
        ("https://wallet.example/ims/ob/v3p0/discovery", "https://wallet.example"),
        ("https://wallet.example/tenant/ims/ob/v3p0", "https://wallet.example/tenant"),
        ("https://wallet.example:443", "https://wallet.example"),
        ("https://wallet.example:8443/", "https://wallet.example:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://[2606:2800:220:1::1]", "https://[2606:2800:220:1::1]"),
        ("https://wallet.example/?next=x#y", "https://wallet.example"),
    ],
)
def test_spellings_of_one_host_are_one_host(typed: str, stored: str):
    assert normalise_host_url(typed, admit_loopback=False) == stored


# A host under our control -----------------------------------------------------------------------------------------

LOCAL = OutboundGuard(admit_loopback=True, seconds=30.0, max_bytes=10_000)
HURRIED = OutboundGuard(admit_loopback=True, seconds=1.0, max_bytes=10_000)


def test_an_ordinary_answer_comes_through():
    with serving(plain(b'{"a": 1}', "Content-Type: application/json")) as host:
        answer = LOCAL.request("GET", host.url, headers={"Authorization": "Bearer t"})
    assert (answer.status, answer.json(), answer.headers["content-type"]) == (
        200,
        {"a": 1},
        "application/json",
    )
    assert b"Bearer t" in host.requests[0]
    assert f"Host: 127.0.0.1:{host.port}".encode() in host.requests[0]


def test_a_name_server_that_changes_its_mind_gains_nothing():
    """DNS rebinding: the checked address is the one connected to, although the next answer would differ."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    guard = OutboundGuard(admit_loopback=True, seconds=30.0, resolver=lambda host, port: next(answers))
    with serving(plain(b"ok")) as host:
        assert guard.request("GET", f"http://wallet.example:{host.port}/").body == b"ok"
        assert f"Host: wallet.example:{host.port}".encode() in host.requests[0]
        with pytest.raises(AddressRefused):
            guard.request("GET", f"http://wallet.example:{host.port}/")


@pytest.mark.parametrize(
    "where",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "http://10.0.0.1/",
        "//[fd00:ec2::254]/",
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
    ],
)
def test_a_redirect_into_the_inside_is_refused(where: str):
    with serving(redirect(where)) as host, pytest.raises(AddressRefused):
        LOCAL.request("GET", host.url)


def test_credentials_do_not_travel_to_another_origin():
    with serving(plain(b"other")) as other, serving(redirect(other.url)) as host:
        answer = LOCAL.request(
            "GET",
            host.url,
            headers={"Authorization": "Bearer secret", "Cookie": "c=1", "Accept": "application/json"},
        )
    assert answer.body == b"other"
    assert b"secret" in host.requests[0]
    assert b"secret" not in other.requests[0]
    assert b"c=1" not in other.requests[0]
    assert b"application/json" in other.requests[0]


def test_redirects_without_end_are_ended():
    with serving(*[redirect("/again")] * 10) as host:
        with pytest.raises(AnswerUnusable, match="too often"):
            LOCAL.request("GET", host.url)
        assert host.connections == 4


def test_a_redirected_push_is_not_followed():
    with serving(plain(b"", "Location: http://127.0.0.1:1/", status="307 Temporary Redirect")) as host:
        assert LOCAL.request("POST", host.url, body=b"{}").status == 307
        assert host.connections == 1


def test_a_body_that_says_it_is_too_large_is_not_read():
    with (
        serving(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n") as host,
        pytest.raises(AnswerUnusable, match="too large"),
    ):
        LOCAL.request("GET", host.url)


def test_a_body_without_end_is_cut_at_the_limit():
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with serving(flood) as host, pytest.raises(AnswerUnusable, match="too large"):
        LOCAL.request("GET", host.url)


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        drip(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"", b""),
    ],
    ids=["body", "chunks", "chunk size", "header", "100 without end", "silence"],
)
def test_the_whole_exchange_is_bounded_in_time_however_slowly_a_host_drips(
    answer: Callable[[socket.socket], None],
):
    began = time.monotonic()
    with serving(answer) as host, pytest.raises(HostUnreachable, match="in time"):
        HURRIED.request("GET", host.url)
    assert time.monotonic() - began < 2.5


def test_a_slow_name_server_is_bounded_too():
    enough = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        enough.wait(60)
        return ["127.0.0.1"]

    began = time.monotonic()
    with pytest.raises(HostUnreachable, match="in time"):
        OutboundGuard(seconds=0.3, resolver=slow).request("GET", "https://wallet.example/")
    assert time.monotonic() - began < 2
    enough.set()


def test_packed_answers_are_unpacked():
    with serving(plain(gzip.compress(b"hello"), "Content-Encoding: gzip")) as host:
        assert LOCAL.request("GET", host.url).body == b"hello"


def test_a_small_answer_that_unpacks_to_a_huge_one_is_refused():
    bomb = gzip.compress(b"\0" * 5_000_000)
    assert len(bomb) < 10_000
    with (
        serving(plain(bomb, "Content-Encoding: gzip")) as host,
        pytest.raises(AnswerUnusable, match="too large"),
    ):
        LOCAL.request("GET", host.url)


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "x" * 100])
def test_other_packings_are_refused(encoding: str):
    with serving(plain(b"x", f"Content-Encoding: {encoding}")) as host, pytest.raises(AnswerUnusable):
        LOCAL.request("GET", host.url)


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one():
    with (
        serving(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"a": 1}') as host,
        pytest.raises(HostUnreachable),
    ):
        LOCAL.request("GET", host.url)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 banana\r\n\r\n", b"\x00" * 100])
def test_what_speaks_no_http_is_unreachable(answer: bytes):
    with serving(answer) as host, pytest.raises(HostUnreachable):
        LOCAL.request("GET", host.url)


def test_a_document_that_others_name_is_read_within_its_own_limits(settings: Any):
    with override_settings(MICROCRED={**settings.MICROCRED, "ALLOW_LOOPBACK_TARGETS": True}):
        with serving(plain(b"x" * 50)) as host:
            assert read_address(f"http://127.0.0.1:{host.port}/list", seconds=30, max_bytes=50) == b"x" * 50
        with serving(plain(b"x" * 51)) as host, pytest.raises(AnswerUnusable):
            read_address(f"http://127.0.0.1:{host.port}/list", seconds=30, max_bytes=50)
        with (
            serving(plain(b"gone", status="404 Not Found")) as host,
            pytest.raises(AnswerUnusable, match="404"),
        ):
            read_address(f"http://127.0.0.1:{host.port}/list", seconds=30, max_bytes=50)
    with (
        override_settings(MICROCRED={**settings.MICROCRED, "ALLOW_LOOPBACK_TARGETS": False}),
        pytest.raises(AddressRefused),
    ):
        read_address("https://127.0.0.1/list", seconds=30, max_bytes=50)
