"""Where wallets find things. The issuer's identifier is one text, made here and nowhere else.

Wallets compare ``credential_issuer`` letter by letter with what they asked for, so it never depends on the host name of
a request. Its metadata is published where OpenID4VCI 1.0 says (``.well-known`` between host and path) and where drafts
up to 13 said (behind the path), and both answer the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from django.urls import reverse

from microcred_app.conf import settings

__all__ = [
    "LCW_REQUEST",
    "absolute",
    "exchange_url",
    "interaction_url",
    "issuer_id",
    "lcw_exchange_link",
    "lcw_legacy_link",
    "offer_link",
    "offer_url",
    "site_origin",
    "value_link",
    "wellknown_url",
]

LCW_REQUEST = "https://lcw.app/request"


def absolute(name: str, *args: str) -> str:
    """The public address of a route of this app."""
    return settings().public_base_url + reverse(f"microcred_app:{name}", args=args)


def issuer_id() -> str:
    """The credential issuer's identifier, which is also that of its authorisation server."""
    return absolute("oid4vci-issuer")


def site_origin() -> str:
    """Scheme and host of this site."""
    parts = urlsplit(settings().public_base_url)
    return f"{parts.scheme}://{parts.netloc}"


def wellknown_url(name: str) -> str:
    """Where the document *name* about the issuer is published."""
    return f"{site_origin()}/.well-known/{name}{urlsplit(issuer_id()).path}"


def offer_url(handle: str, wanted: str = "") -> str:
    """The offer by reference, of the format that is *wanted*."""
    return absolute("oid4vci-offer", handle) + (f"?format={wanted}" if wanted else "")


def offer_link(handle: str, wanted: str = "") -> str:
    """What OpenID4VCI wallets open."""
    return f"openid-credential-offer://?credential_offer_uri={quote(offer_url(handle, wanted), safe='')}"


def value_link(content: Mapping[str, Any]) -> str:
    """The same with the offer in the link itself, for wallets that do not fetch offers."""
    return f"openid-credential-offer://?credential_offer={quote(json.dumps(content, separators=(',', ':')), safe='')}"


def interaction_url(handle: str) -> str:
    """One address for every wallet that knows VCALM, and a page for people."""
    return f"{absolute('wallet-interaction', handle)}?iuv=1"


def exchange_url(handle: str) -> str:
    """The VC-API exchange."""
    return absolute("wallet-exchange", handle)


def lcw_exchange_link(handle: str) -> str:
    """What Learner Credential Wallet opens for a VC-API exchange.

    The wallet decodes the value twice; the addresses in it hold nothing that the second time would change.
    """
    request = {"credentialRequestOrigin": site_origin(), "protocols": {"vcapi": exchange_url(handle)}}
    return f"{LCW_REQUEST}?request={quote(json.dumps(request, separators=(',', ':')), safe='')}"


def lcw_legacy_link(handle: str, challenge: str) -> str:
    """The older kind of link of the same wallet."""
    address = quote(absolute("wallet-request", handle), safe="")
    issuer = quote(site_origin(), safe="")
    return (
        f"{LCW_REQUEST}.html?issuer={issuer}&vc_request_url={address}&auth_type=bearer&challenge={challenge}"
    )
