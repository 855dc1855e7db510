"""Decides which addresses the server may contact when somebody else chose the address.

A learner types the address of a wallet, and the server then makes requests to it. Without a policy that is a
way to reach what only the server can reach: the metadata service of the cloud, databases, admin panels.
The policy looks at the *resolved* addresses, not at the text, because text can be spelled in many ways.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from .errors import AddressRefused

__all__ = ["Target", "check_addresses", "parse_target"]

Address = IPv4Address | IPv6Address

_PUBLIC_PORTS = frozenset({443, 8443})
_MAX_LENGTH = 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_NUMERIC_LABEL = re.compile(r"^(?:[0-9]+|0x[0-9a-f]*)$", re.IGNORECASE)

# Networks that count as global by their registry entry but lead back into somebody's inside.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TUNNELS = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))
_PLATFORM_SERVICES = (ipaddress.ip_address("168.63.129.16"),)


@dataclass(frozen=True)
class Target:
    """One place to send a request to: what goes into Host and SNI, the port, and the path with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two requests must share for one's credentials to be sent with the other."""
        return (self.scheme, self.host, self.port)


def parse_target(url: str, *, admit_loopback: bool) -> Target:
    """Split *url* into the parts of a request, refusing everything that could be read in two ways.

    Refused: control characters, spaces and backslashes (browsers and libraries disagree on them), a user name
    before ``@``, host names that are numbers in disguise (``2130706433``, ``0x7f.1``), scoped IPv6 addresses,
    plain http unless loopback is admitted, and ports other than 443 and 8443 for public hosts.
    """
    if len(url) > _MAX_LENGTH or _UNSAFE.search(url):
        raise AddressRefused(_("This is not a web address. Check it for spaces and unusual characters."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(_("This is not a web address. Check the part after the host name.")) from error
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not admit_loopback):
        raise AddressRefused(_("The address of a wallet begins with https://."))
    if "@" in parts.netloc:
        raise AddressRefused(_("The address must not contain a user name or an @ sign."))
    host = _check_host(parts.hostname or "")
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in _PUBLIC_PORTS and not admit_loopback:
        raise AddressRefused(_("Wallets are reached on port 443 or 8443 only."))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='%/?:@!$&()*+,;=~-._')}" if parts.query else ""
    return Target(parts.scheme, host, port, path + query)


def _check_host(host: str) -> str:
    """The host name in ASCII, or the IP address in its one canonical spelling."""
    if not host or "%" in host:
        raise AddressRefused(_("This address has no host name."))
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass  # not an IP address in canonical spelling, so it has to be a name
    host = host.rstrip(".")
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressRefused(_("This host name cannot be used. Check how it is spelled.")) from error
    if not ascii_host or ":" in ascii_host or _NUMERIC_LABEL.match(ascii_host.rsplit(".", 1)[-1]):
        raise AddressRefused(_("This host name cannot be used. Check how it is spelled."))
    return ascii_host


def check_addresses(target: Target, addresses: list[str], *, admit_loopback: bool) -> tuple[str, ...]:
    """The resolved addresses that may be connected to: all of them, or a refusal.

    One bad address among good ones refuses the host: a name that mixes public and private answers is how DNS
    rebinding is done. Plain http and unusual ports are admitted for loopback only.
    """
    if not addresses:
        raise AddressRefused(_("No computer was found under this name. Check how it is spelled."))
    parsed = [ipaddress.ip_address(address.split("%", 1)[0]) for address in addresses]
    if admit_loopback and all(address.is_loopback for address in parsed):
        return tuple(str(address) for address in parsed)
    if target.scheme != "https" or target.port not in _PUBLIC_PORTS:
        raise AddressRefused(_("The address of a wallet begins with https:// and uses port 443 or 8443."))
    for address in parsed:
        if not _is_public(address):
            raise AddressRefused(_("This address leads into a private network, not to a wallet on the web."))
    return tuple(str(address) for address in parsed)


def _is_public(address: Address) -> bool:
    """Whether *address* is one that anybody on the internet could reach, seen through every embedding."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return False  # no resolver answers so; it is a way around checks on IPv4
        if any(address in network for network in _TUNNELS):
            return False  # relays that carry an IPv4 address of anybody's choice
        if address in _NAT64:
            return _is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local:
            return False
    if address in _PLATFORM_SERVICES:
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_loopback
        and not address.is_link_local
        and not address.is_unspecified
    )
