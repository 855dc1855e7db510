"""Says in Open Badges 2.0 what a signed Open Badges 3.0 credential says, for backpacks that know no other form.

Everything is taken from the signed document, so the two forms cannot tell different stories. The signature is lost:
an Open Badges 2.0 assertion with ``HostedBadge`` verification is believed because of the address at which it is read
(Open Badges 2.0, "Hosted Verification"). Evidence and the holder's name are left out: a hosted assertion is public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import Ob3Error

__all__ = [
    "OB_2_0",
    "NoAddressInCredential",
    "assertion_from",
    "badge_class_from",
    "issuer_from",
    "revoked_assertion",
]

OB_2_0 = "https://w3id.org/openbadges/v2"
_ALIGNMENT = ("targetName", "targetUrl", "targetDescription", "targetFramework", "targetCode")


class NoAddressInCredential(Ob3Error):
    """The credential is made out to no e-mail address, by which alone Open Badges 2.0 knows people."""


def assertion_from(credential: Mapping[str, Any], *, address: str, badge_address: str) -> dict[str, Any]:
    """The assertion of *credential* as it is hosted at *address*; its badge class is hosted at *badge_address*.

    Raises :class:`NoAddressInCredential` where the holder is named by nothing that Open Badges 2.0 knows.
    """
    assertion: dict[str, Any] = {
        "@context": OB_2_0,
        "type": "Assertion",
        "id": address,
        "recipient": _recipient(credential.get("credentialSubject", {}).get("identifier", ())),
        "badge": badge_address,
        "verification": {"type": "HostedBadge"},
        "issuedOn": credential.get("awardedDate") or credential["validFrom"],
    }
    if "validUntil" in credential:
        assertion["expires"] = credential["validUntil"]
    return assertion


def revoked_assertion(address: str, *, reason: str) -> dict[str, Any]:
    """What a revoked assertion's address answers, together with status 410 (Open Badges 2.0, "Revocation")."""
    return {
        "@context": OB_2_0,
        "type": "Assertion",
        "id": address,
        "revoked": True,
        "revocationReason": reason,
    }


def badge_class_from(achievement: Mapping[str, Any], *, address: str, issuer_address: str) -> dict[str, Any]:
    """The badge class of an Achievement, as it is hosted at *address*."""
    criteria = {
        name: value for name, value in achievement.get("criteria", {}).items() if name in ("id", "narrative")
    }
    found: dict[str, Any] = {
        "@context": OB_2_0,
        "type": "BadgeClass",
        "id": address,
        "name": achievement["name"],
        "description": achievement["description"],
        "criteria": criteria,
        "issuer": issuer_address,
    }
    image = achievement.get("image")
    if isinstance(image, Mapping):
        found["image"] = image["id"]
    alignment = [
        {name: entry[name] for name in _ALIGNMENT if name in entry}
        for entry in achievement.get("alignment", ())
    ]
    if alignment:
        found["alignment"] = alignment
    return found


def issuer_from(profile: Mapping[str, Any], *, address: str) -> dict[str, Any]:
    """The issuer's profile, as it is hosted at *address*; assertions on the same host are its own."""
    found: dict[str, Any] = {
        "@context": OB_2_0,
        "type": "Issuer",
        "id": address,
        "name": profile["name"],
        "url": profile.get("url") or address,
        "verification": {"type": "HostedBadge", "allowedOrigins": address.split("/")[2]},
    }
    for name in ("description", "email"):
        if profile.get(name):
            found[name] = profile[name]
    image = profile.get("image")
    if isinstance(image, Mapping):
        found["image"] = image["id"]
    return found


def _recipient(identifiers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    for entry in identifiers:
        if entry.get("identityType") == "emailAddress" and entry.get("hashed"):
            return {
                "type": "email",
                "hashed": True,
                "salt": entry.get("salt", ""),
                "identity": entry["identityHash"],
            }
    raise NoAddressInCredential(
        "assertion.no_address", "The credential names no hashed e-mail address to put into an assertion."
    )
