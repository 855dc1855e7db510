"""Introduces this issuer to a host, once per host, and keeps what the host gave back.

Dynamic client registration (RFC 7591, as the Open Badges 3.0 security framework narrows it) needs no earlier
agreement: the host learns name, pages and callback address of this site and answers with a client id and a
secret. The specification wants every one of these addresses on one host name, so all are built on
``MICROCRED["PUBLIC_BASE_URL"]``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.vault import decrypt, encrypt
from microcred_app.version import __version__

from .errors import AnswerUnusable
from .models import ClientRegistration, Host
from .outbound_guard import OutboundGuard
from .plain_text import clean_line

__all__ = [
    "SCOPES",
    "SCOPES_2_1",
    "ClientCredentials",
    "callback_url",
    "client_credentials",
    "client_metadata",
    "forget_registration",
    "registration_at",
    "scopes_for",
]

_SCOPE = "https://purl.imsglobal.org/spec/ob/v3p0/scope/"
#: What we ask for: to write badges, to see which arrived and whose wallet it is, and to do so later as well.
SCOPES = (
    f"{_SCOPE}credential.upsert",
    f"{_SCOPE}credential.readonly",
    f"{_SCOPE}profile.readonly",
    "offline_access",
)

_SCOPE_2_1 = "https://purl.imsglobal.org/spec/ob/v2p1/scope/"
#: The same of a Badge Connect host.
SCOPES_2_1 = (
    f"{_SCOPE_2_1}assertion.create",
    f"{_SCOPE_2_1}assertion.readonly",
    f"{_SCOPE_2_1}profile.readonly",
    "offline_access",
)

_SOFTWARE_ID = "6e0f4c9a-6a55-4f3c-9d0b-2b8f0f0c7d11"


@dataclass(frozen=True)
class ClientCredentials:
    """What authenticates this issuer at one host."""

    client_id: str
    client_secret: str


def callback_url(host: Host) -> str:
    """Where *host* sends learners back to: an address that no other host was told (RFC 9700 section 4.4.2.2)."""
    return settings().public_base_url + reverse("microcred_app:wallet-callback-of", args=[host.pk])


def scopes_for(host: Host) -> tuple[str, ...]:
    """What is asked of *host*, by its protocol; the first is the one without which nothing can be sent."""
    return SCOPES_2_1 if host.protocol == Host.Protocol.BADGE_CONNECT else SCOPES


def client_metadata(host: Host) -> dict[str, Any]:
    """What *host* is told about this issuer; every address on one host name."""
    base = settings().public_base_url
    return {
        "client_name": str(getattr(django_settings, "PLATFORM_NAME", "") or "Microcred"),
        "client_uri": base + reverse("microcred_app:about"),
        "logo_uri": base + reverse("microcred_app:about-logo"),
        "tos_uri": base + reverse("microcred_app:about-terms"),
        "policy_uri": base + reverse("microcred_app:about-privacy"),
        "software_id": _SOFTWARE_ID,
        "software_version": __version__,
        "redirect_uris": [callback_url(host)],
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": " ".join(scopes_for(host)),
    }


def registration_at(host: Host, *, now: datetime, guard: OutboundGuard) -> ClientRegistration:
    """The registration in force at *host*; registers when there is none or its secret has expired.

    Two learners who connect at the same moment may both register; the database keeps the first and both go on
    with it.
    """
    redirect_uri = callback_url(host)
    known = ClientRegistration.objects.filter(host=host, redirect_uri=redirect_uri).first()
    if known is not None:
        if known.secret_expires_at is None or known.secret_expires_at > now + timedelta(minutes=15):
            return known
        known.delete()
    answer = _register(host, guard)
    client_id, secret = answer.get("client_id"), answer.get("client_secret")
    if not isinstance(client_id, str) or not isinstance(secret, str) or not client_id or len(client_id) > 255:
        raise AnswerUnusable(
            _("%(host)s did not say under which name this site is known there.") % {"host": host.name}
        )
    try:
        with transaction.atomic():
            return ClientRegistration.objects.create(
                host=host,
                redirect_uri=redirect_uri,
                client_id=client_id,
                sealed_secret=encrypt(secret),
                secret_expires_at=_expiry(answer.get("client_secret_expires_at")),
                registered_at=now,
            )
    except IntegrityError:
        return ClientRegistration.objects.get(host=host, redirect_uri=redirect_uri)


def _register(host: Host, guard: OutboundGuard) -> dict[str, Any]:
    response = guard.request(
        "POST",
        host.registration_url,
        headers={"Content-Type": "application/json", "Accept": "application/json"},
        body=json.dumps(client_metadata(host)).encode(),
    )
    answer = response.json() if response.status < 500 else {}
    if response.status not in (200, 201) or not isinstance(answer, dict):
        said = clean_line(answer.get("error_description")) if isinstance(answer, dict) else ""
        raise AnswerUnusable(
            _("%(host)s did not let this site register (error %(status)s). %(said)s")
            % {"host": host.name, "status": response.status, "said": said}
        )
    return answer


def _expiry(value: object) -> datetime | None:
    """``client_secret_expires_at``: seconds since 1970, where zero means never."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 253_402_300_800:
        return datetime.fromtimestamp(value, tz=UTC)
    return None


def client_credentials(registration: ClientRegistration) -> ClientCredentials:
    """Id and opened secret of *registration*."""
    return ClientCredentials(registration.client_id, decrypt(bytes(registration.sealed_secret)))


def forget_registration(registration: ClientRegistration) -> None:
    """Drop a registration that the host no longer knows, so that the next connection registers anew."""
    ClientRegistration.objects.filter(pk=registration.pk).delete()
