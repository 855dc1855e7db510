"""Open Badges 2.0 and 3.0, answers of Badgr's interface, and Moodle's list of a user's badges, read from JSON.

A file is one object, a list of them, or an answer that holds them (``result``, ``badges``, ``@graph``). What an object
is, its ``type`` says (OB 2.0 section 4, OB 3.0 section B), in Badgr's answers ``entityType``; Moodle's have a
``uniquehash``. Signatures are not asked about: that somebody vouches for the file is what an import is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.json_input import Limits, parse_json

from .records import (
    ADDRESS,
    LINE,
    MOST_BYTES,
    TEXT,
    ForeignAward,
    ForeignDefinition,
    Found,
    read_moment,
    short,
)

__all__ = ["is_token", "read_json"]

LIMITS = Limits(max_bytes=MOST_BYTES, max_depth=24, max_values=20_000_000, max_items=200_001)
Thing = Mapping[str, Any]


def is_token(data: bytes) -> bool:
    """Whether this is a credential as a token: three parts of base64url."""
    return data[:2] == b"ey" and data.strip().count(b".") == 2 and b"{" not in data[:200]


def read_json(name: str, data: bytes, found: Found) -> None:
    """Add what the file says to *found*."""
    try:
        value = parse_json(_payload(data) if is_token(data) else data, LIMITS)
    except (Ob3Error, ValueError, binascii.Error) as error:
        found.refuse(name, str(error))
        return
    things = list(_things(value, name))
    if not things:
        found.refuse(name, _("There is no badge and no award in it."))
    for place, thing in things:
        if found.is_full:
            return
        _read(place, thing, found)


def _payload(token: bytes) -> bytes:
    part = token.strip().split(b".")[1]
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _things(value: Any, place: str) -> Iterator[tuple[str, Thing]]:
    if isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _things(one, f"{place} [{number}]")
    elif isinstance(value, Mapping):
        inner = next(
            (value[key] for key in ("result", "badges", "@graph") if isinstance(value.get(key), list)), None
        )
        if inner is None:
            inner_credential = value.get("vc")
            yield place, inner_credential if isinstance(inner_credential, Mapping) else value
        else:
            yield from _things(inner, place)


def _read(place: str, thing: Thing, found: Found) -> None:
    kinds = thing.get("type", thing.get("entityType", ""))
    kinds = {str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])}
    if thing.get("entityType"):
        kinds.add(str(thing["entityType"]))
    if kinds & {"OpenBadgeCredential", "AchievementCredential"}:
        _credential(place, thing, found)
    elif "Achievement" in kinds:
        found.formats.add("ob3")
        _define(place, thing, found)
    elif "BadgeClass" in kinds:
        found.formats.add("badgr" if "entityType" in thing else "ob2")
        _define(place, thing, found)
    elif "Assertion" in kinds or ("badge" in thing and "recipient" in thing):
        _assertion(place, thing, found)
    elif "uniquehash" in thing:
        _moodle(place, thing, found)
    elif kinds & {"Issuer", "Profile"}:
        return
    else:
        found.refuse(place, _("This is no badge and no award that can be read."))


def _define(place: str, thing: Thing, found: Found, issuer: Any = None) -> str:
    """Add the definition; its origin, or nothing when it has no name."""
    name = short(thing.get("name"), LINE)
    origin = short(thing.get("openBadgeId") or thing.get("id") or thing.get("@id"), ADDRESS)
    if not name:
        found.refuse(place, _("The badge has no name."))
        return ""
    criteria = thing.get("criteria")
    if isinstance(criteria, Mapping):
        criteria = criteria.get("narrative") or criteria.get("id")
    elif not criteria:
        criteria = thing.get("criteriaNarrative") or thing.get("criteriaUrl")
    made_by = issuer or thing.get("issuer") or thing.get("creator")
    definition = ForeignDefinition(
        origin=origin or f"name:{name}",
        name=name,
        description=short(thing.get("description"), TEXT),
        criteria=short(criteria, TEXT),
        issuer=_issuer(made_by),
    )
    found.define(definition)
    return definition.origin


def _issuer(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("id")
    return short(value, LINE)


def _assertion(place: str, thing: Thing, found: Found) -> None:
    """Open Badges 2.0 (section 4.1), or one of Badgr's answers."""
    of_badgr = "entityType" in thing
    found.formats.add("badgr" if of_badgr else "ob2")
    badge = thing.get("badge") or thing.get("badgeclassOpenBadgeId") or thing.get("badgeclass")
    origin = _define(place, badge, found) if isinstance(badge, Mapping) else short(badge, ADDRESS)
    recipient = thing.get("recipient")
    if not isinstance(recipient, Mapping):
        found.refuse(place, _("It does not say who received it."))
        return
    identity = recipient.get("plaintextIdentity") or recipient.get("identity")
    hashed = bool(recipient.get("hashed")) and not recipient.get("plaintextIdentity")
    _award(
        place,
        thing,
        found,
        definition=origin,
        origin=thing.get("openBadgeId") or thing.get("id") or thing.get("uid"),
        identity=identity,
        hashed=hashed,
        salt=recipient.get("salt"),
        issued=thing.get("issuedOn"),
        expires=thing.get("expires"),
        revoked=bool(thing.get("revoked")),
    )


def _credential(place: str, thing: Thing, found: Found) -> None:
    """Open Badges 3.0 (section B.1.1)."""
    found.formats.add("ob3")
    subject = thing.get("credentialSubject")
    subject = subject if isinstance(subject, Mapping) else {}
    achievement = subject.get("achievement")
    if not isinstance(achievement, Mapping):
        found.refuse(place, _("The credential holds no achievement."))
        return
    identifiers = subject.get("identifier", [])
    identifiers = identifiers if isinstance(identifiers, list) else [identifiers]
    email = next(
        (
            one
            for one in identifiers
            if isinstance(one, Mapping) and one.get("identityType") in ("emailAddress", "email")
        ),
        None,
    )
    if email is None:
        found.refuse(place, _("It names its holder by no e-mail address."))
        return
    _award(
        place,
        thing,
        found,
        definition=_define(place, achievement, found, thing.get("issuer")),
        origin=thing.get("id"),
        identity=email.get("identityHash"),
        hashed=bool(email.get("hashed")),
        salt=email.get("salt"),
        issued=thing.get("validFrom") or thing.get("issuanceDate"),
        expires=thing.get("validUntil") or thing.get("expirationDate"),
        revoked=False,
    )


def _moodle(place: str, thing: Thing, found: Found) -> None:
    """An entry of ``core_badges_get_user_badges``: the badge and that one user holds it."""
    found.formats.add("moodle")
    site = short(thing.get("issuerurl"), 300)
    named = {"id": f"{site}#badge-{thing.get('id')}" if thing.get("id") else ""}
    badge = {
        **named,
        "name": thing.get("name"),
        "description": thing.get("description"),
        "issuer": thing.get("issuername"),
    }
    _award(
        place,
        thing,
        found,
        definition=_define(place, badge, found),
        origin=f"{site}#issued-{short(thing.get('uniquehash'), 80)}",
        identity=thing.get("email") or thing.get("recipientemail"),
        hashed=False,
        salt="",
        issued=thing.get("dateissued"),
        expires=thing.get("dateexpire") or None,
        revoked=False,
    )


def _award(
    place: str,
    thing: Thing,
    found: Found,
    *,
    definition: str,
    origin: Any,
    identity: Any,
    hashed: bool,
    salt: Any,
    issued: Any,
    expires: Any,
    revoked: bool,
) -> None:
    try:
        issued_at = read_moment(issued)
        expires_at = read_moment(expires) if expires else None
    except ValueError:
        found.refuse(place, _("It has no date of issue that can be read."))
        return
    who = short(identity, LINE)
    if not definition:
        found.refuse(place, _("It names no badge."))
    elif not who or (not hashed and "@" not in who):
        found.refuse(place, _("It names its holder by no e-mail address."))
    else:
        said = json.dumps(thing, sort_keys=True, separators=(",", ":")).encode()
        found.awards.append(
            ForeignAward(
                definition=definition,
                origin=short(origin, ADDRESS),
                email="" if hashed else who.casefold(),
                email_hash=who if hashed else "",
                salt=short(salt, 200) if hashed else "",
                issued_at=issued_at,
                expires_at=expires_at,
                revoked=revoked,
                sha256=hashlib.sha256(said).hexdigest(),
                place=place,
            )
        )
