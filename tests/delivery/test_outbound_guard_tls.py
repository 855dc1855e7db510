"""The outbound guard and TLS: the name is what the certificate has to be for, whatever address was connected to."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from microcred_app.applets.delivery.errors import HostUnreachable
from microcred_app.applets.delivery.outbound_guard import OutboundGuard
from tests.delivery.raw_host import answering, drip, plain, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for wallet.example, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wallet.example")])
    now = datetime.now(tz=UTC)
    names = [x509.DNSName("wallet.example"), x509.IPAddress(ip_address("127.0.0.9"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "wallet.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


def tls_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> OutboundGuard:
    return OutboundGuard(
        admit_loopback=True,
        seconds=30.0,
        resolver=answering("127.0.0.1"),
        tls=lambda: ssl.create_default_context(cafile=str(certificate)),
    )


def test_the_certificate_is_checked_against_the_name_and_not_the_address(certificate: Path):
    with serving(plain(b"safe"), tls=tls_server(certificate)) as host:
        answer = trusting(certificate).request("GET", f"https://wallet.example:{host.port}/")
    assert answer.body == b"safe"


def test_a_certificate_for_another_name_is_refused(certificate: Path):
    with serving(plain(b"x"), tls=tls_server(certificate)) as host, pytest.raises(HostUnreachable):
        trusting(certificate).request("GET", f"https://other.example:{host.port}/")
    assert host.requests == []


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path):
    guard = OutboundGuard(admit_loopback=True, seconds=30.0, resolver=answering("127.0.0.1"))
    with serving(plain(b"x"), tls=tls_server(certificate)) as host, pytest.raises(HostUnreachable):
        guard.request("GET", f"https://wallet.example:{host.port}/")
    assert host.requests == []


def test_a_dripping_handshake_is_bounded_in_time():
    guard = OutboundGuard(admit_loopback=True, seconds=0.5, resolver=answering("127.0.0.1"))
    began = time.monotonic()
    with serving(drip(b"", b"\x16")) as host, pytest.raises(HostUnreachable):
        guard.request("GET", f"https://wallet.example:{host.port}/")
    assert time.monotonic() - began < 2
