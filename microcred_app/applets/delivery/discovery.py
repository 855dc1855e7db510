"""Finds out how to talk to a host: reads, checks and keeps its service description.

An Open Badges 3.0 host publishes an OpenAPI document at ``{host}/ims/ob/v3p0/discovery`` (specification:
Security framework). We take from it where to register, ask for permission and get tokens, and refuse a
description that sends any of these to another host. That rule is the defence against mix-up: a hostile "wallet"
that names an honest wallet's consent page and its own token address would otherwise be handed the learner's
permission for the honest one.

A host that has no such document may be a Badge Connect host (:mod:`.badge_connect`); that is asked second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from .badge_connect import MANIFEST_PATH, manifest_url, read_manifest
from .description import API_PATH, Description, as_mapping, shown_url
from .errors import AddressRefused, AnswerUnusable
from .models import Host
from .outbound_address import parse_target
from .outbound_guard import GuardedResponse, OutboundGuard
from .plain_text import clean_line

__all__ = [
    "API_PATH",
    "discover_host",
    "find_revocation_url",
    "normalise_host_url",
    "read_description",
]

_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})")
_FRESH_BY_DEFAULT = timedelta(hours=1)
_FRESH_BOUNDS = (timedelta(minutes=1), timedelta(days=1))


def normalise_host_url(typed: str, *, admit_loopback: bool) -> str:
    """The address of a host as it is stored, from what a person typed or pasted.

    ``wallet.example.org``, ``https://wallet.example.org/`` and the full address of the service description all
    mean the same host. Raises ``AddressRefused`` with what to correct.
    """
    text = typed.strip()
    if not text:
        raise AddressRefused(_("Type the address of your wallet, for example wallet.example.org."))
    if "://" not in text:
        text = f"https://{text}"
    target = parse_target(text, admit_loopback=admit_loopback)
    path = target.path.split("?", 1)[0]
    path = path.split(API_PATH, 1)[0].removesuffix(MANIFEST_PATH).rstrip("/")
    host = f"[{target.host}]" if ":" in target.host else target.host
    default_port = 443 if target.scheme == "https" else 80
    port = "" if target.port == default_port else f":{target.port}"
    url = f"{target.scheme}://{host}{port}{path}"
    if len(url) > 255:
        raise AddressRefused(_("This address is too long to be the address of a wallet."))
    return url


def discover_host(base_url: str, *, now: datetime, guard: OutboundGuard) -> Host:
    """The stored host for *base_url*, read afresh when its description is older than the host allowed."""
    known = Host.objects.filter(base_url=base_url).first()
    if known is not None and known.description_fresh_until > now:
        return known
    headers = {"Accept": "application/json"}
    if known is not None and known.description_etag:
        headers["If-None-Match"] = known.description_etag
    manifest_known = known is not None and known.protocol == Host.Protocol.BADGE_CONNECT
    url = manifest_url(base_url) if manifest_known else f"{base_url}{API_PATH}/discovery"
    response = guard.request("GET", url, headers=headers)
    if response.status == 304 and known is not None:
        fresh_until = now + _freshness(response.headers)
        Host.objects.filter(pk=known.pk).update(description_fresh_until=fresh_until)
        return known
    if manifest_known:
        return _store_manifest(base_url, response, now)
    if known is None and not _is_described(response):
        manifest = guard.request("GET", manifest_url(base_url), headers={"Accept": "application/json"})
        if _is_described(manifest):
            return _store_manifest(base_url, manifest, now)
    document = _document(response)
    return _store(base_url, response, document, read_description(document, base_url=base_url), now)


def _is_described(response: GuardedResponse) -> bool:
    try:
        return response.status == 200 and isinstance(response.json(), dict)
    except AnswerUnusable:
        return False


def _store_manifest(base_url: str, response: GuardedResponse, now: datetime) -> Host:
    document = _document(response)
    return _store(base_url, response, document, read_manifest(document, base_url=base_url), now)


def find_revocation_url(base_url: str, *, guard: OutboundGuard) -> str:
    """Where to give tokens back, or an empty text when the host does not say.

    Open Badges 3.0 leaves revocation optional and names no place for its address, so it is looked up in the
    authorisation server's own metadata (RFC 8414).
    """
    response = guard.request(
        "GET",
        urljoin(base_url, "/.well-known/oauth-authorization-server"),
        headers={"Accept": "application/json"},
    )
    found = as_mapping(response.json()).get("revocation_endpoint") if response.status == 200 else None
    return _own_url(found, base_url, _("address for giving up permission")) if found else ""


def _document(response: GuardedResponse) -> dict[str, Any]:
    if response.status != 200:
        raise AnswerUnusable(
            _("There is no Open Badges 3.0 wallet at this address (it answered with error %(status)s).")
            % {"status": response.status}
        )
    document = response.json()
    if not isinstance(document, dict):
        raise AnswerUnusable(_("There is no Open Badges 3.0 wallet at this address."))
    return document


def _store(
    base_url: str,
    response: GuardedResponse,
    document: dict[str, Any],
    description: Description,
    now: datetime,
) -> Host:
    protocol = Host.Protocol.BADGE_CONNECT if description.api_base else Host.Protocol.OPEN_BADGES
    host, _created = Host.objects.update_or_create(
        base_url=base_url,
        defaults={
            "name": description.name,
            "protocol": protocol,
            "api_base": description.api_base,
            "revocation_url": description.revocation_url,
            "description_document": document,
            "description_etag": response.headers.get("etag", "")[:255],
            "description_fresh_until": now + _freshness(response.headers),
            "authorisation_url": description.authorisation_url,
            "token_url": description.token_url,
            "registration_url": description.registration_url,
            "scopes_offered": list(description.scopes),
            "terms_url": description.terms_url,
            "privacy_url": description.privacy_url,
            "image_url": description.image_url,
        },
    )
    return host


def _freshness(headers: Mapping[str, str]) -> timedelta:
    found = _MAX_AGE.search(headers.get("cache-control", "").lower())
    asked = timedelta(seconds=int(found.group(1))) if found else _FRESH_BY_DEFAULT
    shortest, longest = _FRESH_BOUNDS
    return min(max(asked, shortest), longest)


def read_description(document: Mapping[str, Any], *, base_url: str) -> Description:
    """Take the addresses out of a service description; refuse one that is incomplete or points elsewhere."""
    scheme = _oauth_scheme(document)
    flow = as_mapping(as_mapping(scheme.get("flows")).get("authorizationCode"))
    info = as_mapping(document.get("info"))
    offered = flow.get("scopes")
    return Description(
        name=clean_line(info.get("title"), limit=100) or (urlsplit(base_url).hostname or base_url),
        authorisation_url=_own_url(flow.get("authorizationUrl"), base_url, _("consent page")),
        token_url=_own_url(flow.get("tokenUrl"), base_url, _("token address")),
        registration_url=_own_url(scheme.get("x-imssf-registrationUrl"), base_url, _("registration address")),
        scopes=tuple(str(scope) for scope in offered) if isinstance(offered, dict) else (),
        terms_url=shown_url(info.get("termsOfService")),
        privacy_url=shown_url(info.get("x-imssf-privacyPolicyUrl")),
        image_url=shown_url(info.get("x-imssf-image")),
    )


def _oauth_scheme(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The OAuth 2 scheme with an authorisation code flow, by whatever name the host gives it."""
    schemes = as_mapping(as_mapping(document.get("components")).get("securitySchemes"))
    for scheme in schemes.values():
        found = as_mapping(scheme)
        if found.get("type") == "oauth2" and "authorizationCode" in as_mapping(found.get("flows")):
            return found
    raise AnswerUnusable(
        _(
            "This address belongs to no wallet that can be connected: it describes no way to ask for permission."
        )
    )


def _own_url(value: object, base_url: str, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise AnswerUnusable(_("The wallet does not say where its %(what)s is.") % {"what": what})
    try:
        url = urljoin(f"{base_url}/", value)
        ours, theirs = urlsplit(base_url), urlsplit(url)
    except ValueError as error:
        raise AnswerUnusable(_("The wallet does not say where its %(what)s is.") % {"what": what}) from error
    if (ours.scheme, ours.netloc.lower()) != (theirs.scheme, theirs.netloc.lower()) or len(url) > 1000:
        raise AnswerUnusable(
            _(
                "The wallet's %(what)s is on another computer than the wallet. For your safety it was not connected."
            )
            % {"what": what}
        )
    return url
