"""Badge Connect 2.1: the older way into a backpack, of the Badgr family among others.

A host publishes a manifest at ``/.well-known/badgeconnect.json`` (Open Badges 2.1, "Manifest") in the place of a
service description, and takes Open Badges 2.0 assertions: ``POST {apiBase}/assertions`` with the assertion in an
envelope. The interface creates and does not replace, so before anything is created the host is asked whether it holds
the assertion already: an answer that was lost does not become a second badge.

The specification lets a manifest name addresses on other computers. That would hand a hostile manifest the learner's
permission for an honest backpack (mix-up), because nothing else ties the consent page to the token address. Addresses
of another origin are therefore believed only where the operator says that both belong together
(``MICROCRED["BADGE_CONNECT_ORIGINS"]``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .description import Description, as_mapping, shown_url
from .errors import AnswerUnusable, DeliveryError
from .holdings import read_assertions
from .outbound_guard import GuardedResponse, OutboundGuard
from .plain_text import clean_line
from .push import Outcome, outcome_of_error
from .retry import parse_retry_after

__all__ = ["MANIFEST_PATH", "manifest_url", "push_assertion", "read_answer", "read_manifest"]

MANIFEST_PATH = "/.well-known/badgeconnect.json"
_VERSIONS = ("v2p1",)
_TRY_LATER = frozenset({408, 425, 429})
#: Asking what a backpack holds is bounded more tightly than a comparison: a push waits for it.
_LOOK_SECONDS = 10.0


def manifest_url(base_url: str) -> str:
    """Where the host of *base_url* publishes its manifest: at the root of its origin, whatever the path."""
    return urljoin(base_url, MANIFEST_PATH)


def read_manifest(document: Mapping[str, Any], *, base_url: str) -> Description:
    """Take the addresses out of a manifest; refuse one that is incomplete or points elsewhere."""
    entry = _entry(document)
    base = _trusted_url(entry.get("apiBase"), base_url, _("interface")).rstrip("/")
    revocation = entry.get("tokenRevocationUrl")
    scopes = entry.get("scopesOffered")
    return Description(
        name=clean_line(entry.get("name"), limit=100) or (urlsplit(base_url).hostname or base_url),
        authorisation_url=_trusted_url(entry.get("authorizationUrl"), base_url, _("consent page")),
        token_url=_trusted_url(entry.get("tokenUrl"), base_url, _("token address")),
        registration_url=_trusted_url(entry.get("registrationUrl"), base_url, _("registration address")),
        scopes=tuple(str(scope) for scope in scopes) if isinstance(scopes, list) else (),
        terms_url=shown_url(entry.get("termsOfServiceUrl")),
        privacy_url=shown_url(entry.get("privacyPolicyUrl")),
        image_url=shown_url(entry.get("image")),
        api_base=base,
        revocation_url=_trusted_url(revocation, base_url, _("address for giving up permission"))
        if revocation
        else "",
    )


def _entry(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The description of the version that we speak; ``badgeConnectAPI`` is a list, or with few a single one."""
    listed = document.get("badgeConnectAPI")
    entries: Sequence[Any] = listed if isinstance(listed, list) else [listed]
    for entry in entries[:20]:
        found = as_mapping(entry)
        if str(found.get("version", "")).strip("/") in _VERSIONS:
            return found
    raise AnswerUnusable(_("This wallet speaks a version of Badge Connect that this site does not know."))


def _trusted_url(value: object, base_url: str, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise AnswerUnusable(_("The wallet does not say where its %(what)s is.") % {"what": what})
    try:
        url = urljoin(f"{base_url}/", value)
        ours, theirs = _origin(base_url), _origin(url)
    except ValueError as error:
        raise AnswerUnusable(_("The wallet does not say where its %(what)s is.") % {"what": what}) from error
    together = {tuple(map(_origin, pair)) for pair in settings().badge_connect_origins}
    if len(url) > 1000 or (theirs != ours and (ours, theirs) not in together):
        raise AnswerUnusable(
            _(
                "The wallet's %(what)s is on another computer than the wallet. For your safety it was not connected."
            )
            % {"what": what}
        )
    return url


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def push_assertion(
    api_base: str,
    access_token: str,
    assertion: bytes,
    *,
    may_look: bool,
    now: datetime,
    guard: OutboundGuard,
) -> Outcome:
    """Put *assertion* into the backpack once; every way it can end is an outcome, never an exception.

    With *may_look*, permission to read was given and the backpack is asked first. What cannot be seen for certain is
    tried later and not sent blindly; only a backpack too large to read is sent to.
    """
    address = str(json.loads(assertion)["id"])
    if may_look:
        found = read_assertions(api_base, access_token, {address}, guard=guard, seconds=_LOOK_SECONDS)
        if ("", address) in found.held:
            return Outcome("delivered", "already_there", 200)
        if found.problem == "needs_reconnect":
            return Outcome("unauthorised", "unauthorised", 401)
        if not found.complete and found.problem not in ("too_many", "no_permission"):
            return Outcome("retry", found.problem)
    body = json.dumps({"assertion": json.loads(assertion)}, ensure_ascii=False).encode()
    try:
        response = guard.request(
            "POST",
            f"{api_base}/assertions",
            headers={
                "Authorization": f"Bearer {access_token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
            body=body,
        )
    except DeliveryError as error:
        return outcome_of_error(error)
    return read_answer(response, now=now, secrets=(access_token,))


def read_answer(response: GuardedResponse, *, now: datetime, secrets: tuple[str, ...] = ()) -> Outcome:
    """Read a host's answer; pure. Success must be said in the envelope: a sign-in page answers 200 as well."""
    status = response.status
    told = _status_of(response.body)
    if status in (200, 201):
        if told.get("statusCode") in (200, 201) and not told.get("error"):
            return Outcome("delivered", "created", status)
        if told.get("error"):
            return Outcome("dead", "refused", status, _said(told, secrets))
        return Outcome("retry", "not_confirmed", status)
    if status == 401:
        return Outcome("unauthorised", "unauthorised", status)
    if status in _TRY_LATER or status >= 500:
        wish = parse_retry_after(response.headers.get("retry-after", ""), now=now)
        code = "too_busy" if status == 429 else "host_problem"
        return Outcome("retry", code, status, _said(told, secrets), wish)
    if 200 <= status < 400:
        return Outcome("retry", "not_confirmed", status)
    return Outcome("dead", "refused", status, _said(told, secrets))


def _status_of(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return as_mapping(as_mapping(found).get("status"))


def _said(told: Mapping[str, Any], secrets: tuple[str, ...]) -> str:
    """The host's reason: its own words, or the word of the specification's list (RECIPIENT_PROFILE_MISMATCH)."""
    words = clean_line(told.get("error"), limit=200, secrets=secrets)
    kind = clean_line(told.get("statusText"), limit=60, secrets=secrets)
    return " ".join(part for part in (words, f"({kind})" if kind else "") if part)
