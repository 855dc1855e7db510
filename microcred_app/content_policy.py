"""Whether a source in a Content-Security-Policy lets a browser go to an address."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["lets_through"]

_PORTS = {"http": "80", "https": "443"}


def lets_through(source: str, address: str) -> bool:
    """Whether *source* of a directive matches *address*, an absolute http or https URL; paths are not looked at.

    Keywords such as ``'self'`` match nothing here. Content Security Policy Level 3, section 6.7.2.8.
    """
    wanted = urlsplit(address)
    source = source.lower()
    if source == "*" or source == f"{wanted.scheme}:":
        return True
    scheme, separator, rest = source.rpartition("://")
    if separator and scheme != wanted.scheme and (scheme, wanted.scheme) != ("http", "https"):
        return False
    host, _colon, port = rest.split("/")[0].partition(":")
    return _is_host(host, wanted.hostname or "") and _is_port(port, wanted.scheme, wanted.port)


def _is_host(pattern: str, host: str) -> bool:
    return host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def _is_port(pattern: str, scheme: str, port: int | None) -> bool:
    usual = _PORTS.get(scheme, "")
    given = str(port or usual)
    return pattern in ("*", given) or (not pattern and given == usual)
