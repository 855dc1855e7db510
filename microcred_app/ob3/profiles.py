"""Organisations and persons: issuers, endorsers, creators, and those who assessed on an issuer's behalf.

Each class is a plain frozen record; `profile_to_json` writes it in the shape that both families of published schemas
accept. Personal names are split only when whoever makes the profile can split them: how a name divides is a fact
about the person, never guessed from a text.

Open Badges 3.0 appendix B: Address, GeoCoordinates, IdentifierEntry, Image, Profile.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.fields import (
    optional_address,
    optional_line,
    optional_text,
    require_address,
    require_line,
    require_term,
)
from microcred_app.ob3.vocabulary import IDENTIFIER_TYPES

__all__ = [
    "Address",
    "Image",
    "OtherIdentifier",
    "PersonName",
    "Profile",
    "endorsements_to_json",
    "identifiers_to_json",
    "image_to_json",
    "profile_to_json",
    "tokens_to_json",
    "without_empty",
]

_COUNTRY = re.compile(r"[A-Z]{2}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_LONGEST_TOKEN = 500_000
_MOST_PARENTS = 5


@dataclass(frozen=True)
class Image:
    """A picture: its address (``https:`` or ``data:``) and a text that says what it shows."""

    id: str
    caption: str = ""


@dataclass(frozen=True)
class OtherIdentifier:
    """Another name of the same thing, for example ``CTID`` of a registry or an identifier of a system."""

    identifier: str
    identifier_type: str


@dataclass(frozen=True)
class Address:
    """Where somebody is found; `country_code` is ISO 3166-1 alpha-2, `location` degrees of latitude and longitude."""

    street: str = ""
    post_office_box: str = ""
    postal_code: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    country_code: str = ""
    location: tuple[float, float] | None = None


@dataclass(frozen=True)
class PersonName:
    """The parts of a person's name, as the person gives them."""

    given_name: str = ""
    additional_name: str = ""
    family_name_prefix: str = ""
    family_name: str = ""
    patronymic_name: str = ""
    honorific_prefix: str = ""
    honorific_suffix: str = ""


@dataclass(frozen=True)
class Profile:
    """An organisation or person.

    `endorsements` are signed documents, `endorsement_tokens` signed tokens; a profile with tokens can only stand in a
    credential that becomes a token itself (see `endorsements`).
    """

    id: str
    name: str
    url: str = ""
    image: Image | None = None
    email: str = ""
    description: str = ""
    phone: str = ""
    official: str = ""
    other_identifiers: tuple[OtherIdentifier, ...] = ()
    endorsements: tuple[Mapping[str, Any], ...] = ()
    endorsement_tokens: tuple[str, ...] = ()
    address: Address | None = None
    person_name: PersonName | None = None
    date_of_birth: date | None = None
    parent: "Profile | None" = None


def without_empty(**members: Any) -> dict[str, Any]:
    """Return *members* without empty texts, lists and absent values, in the given order.

    Receivers refuse ``null`` and empty arrays; an empty text says nothing.
    """
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def image_to_json(field: str, image: Image | None) -> dict[str, Any] | None:
    """Return the JSON of *image*, always an object and never a bare address."""
    if image is None:
        return None
    address = require_address(f"{field}.id", image.id, schemes=("https", "http", "data"))
    return without_empty(id=address, type="Image", caption=optional_line(f"{field}.caption", image.caption))


def profile_to_json(field: str, profile: Profile) -> dict[str, Any]:
    """Return the JSON of *profile*."""
    if field.count(".parentOrg") > _MOST_PARENTS:
        raise DocumentError(field, f"name at most {_MOST_PARENTS} organisations above each other.")
    return without_empty(
        id=require_address(f"{field}.id", profile.id),
        type=["Profile"],
        name=require_line(f"{field}.name", profile.name),
        url=optional_address(f"{field}.url", profile.url, schemes=("https", "http")),
        description=optional_text(f"{field}.description", profile.description),
        image=image_to_json(f"{field}.image", profile.image),
        email=_email(f"{field}.email", profile.email),
        phone=optional_line(f"{field}.phone", profile.phone),
        address=_address(f"{field}.address", profile.address),
        official=optional_line(f"{field}.official", profile.official),
        **_person_name(field, profile.person_name),
        dateOfBirth=_date(f"{field}.dateOfBirth", profile.date_of_birth),
        otherIdentifier=identifiers_to_json(f"{field}.otherIdentifier", profile.other_identifiers),
        parentOrg=profile_to_json(f"{field}.parentOrg", profile.parent) if profile.parent else None,
        endorsement=endorsements_to_json(f"{field}.endorsement", profile.endorsements),
        endorsementJwt=tokens_to_json(f"{field}.endorsementJwt", profile.endorsement_tokens),
    )


def endorsements_to_json(field: str, endorsements: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return *endorsements*, each a signed credential, as they are: a signature covers every character."""
    for index, endorsement in enumerate(endorsements):
        if not isinstance(endorsement, Mapping) or "proof" not in endorsement:
            raise DocumentError(f"{field}[{index}]", "must be a signed endorsement.")
    return [dict(endorsement) for endorsement in endorsements]


def tokens_to_json(field: str, tokens: Sequence[str]) -> list[str]:
    """Return *tokens*, each a credential as compact JSON Web Signature, as they are."""
    for index, token in enumerate(tokens):
        if not isinstance(token, str) or len(token) > _LONGEST_TOKEN or not _TOKEN.fullmatch(token):
            raise DocumentError(
                f"{field}[{index}]", "must be a signed token (three parts with dots between)."
            )
    return list(tokens)


def identifiers_to_json(field: str, entries: Sequence[OtherIdentifier]) -> list[dict[str, str]]:
    """Return the JSON of other identifiers of the same thing."""
    return [
        {
            "type": "IdentifierEntry",
            "identifier": require_line(f"{field}[{index}].identifier", entry.identifier),
            "identifierType": require_term(
                f"{field}[{index}].identifierType", entry.identifier_type, IDENTIFIER_TYPES
            ),
        }
        for index, entry in enumerate(entries)
    ]


def _address(field: str, address: Address | None) -> dict[str, Any] | None:
    if address is None:
        return None
    if address.country_code and not _COUNTRY.fullmatch(address.country_code):
        raise DocumentError(f"{field}.addressCountryCode", "must be two capital letters of ISO 3166-1.")
    written = without_empty(
        addressCountry=optional_line(f"{field}.addressCountry", address.country),
        addressCountryCode=address.country_code,
        addressRegion=optional_line(f"{field}.addressRegion", address.region),
        addressLocality=optional_line(f"{field}.addressLocality", address.locality),
        streetAddress=optional_line(f"{field}.streetAddress", address.street),
        postOfficeBoxNumber=optional_line(f"{field}.postOfficeBoxNumber", address.post_office_box),
        postalCode=optional_line(f"{field}.postalCode", address.postal_code),
        geo=_location(f"{field}.geo", address.location),
    )
    if not written:
        raise DocumentError(field, "says nothing: leave it out, or give one of its parts.")
    return {"type": ["Address"], **written}


def _location(field: str, location: tuple[float, float] | None) -> dict[str, Any] | None:
    if location is None:
        return None
    latitude, longitude = location
    return {
        "type": "GeoCoordinates",
        "latitude": _degrees(f"{field}.latitude", latitude, 90),
        "longitude": _degrees(f"{field}.longitude", longitude, 180),
    }


def _degrees(field: str, value: float, most: int) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        raise DocumentError(field, f"must be a number of degrees from -{most} to {most}.")
    # Six places are a hand's breadth. 3.0 and 3 are one number but two texts; JavaScript knows only the second.
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _person_name(field: str, name: PersonName | None) -> dict[str, str]:
    if name is None:
        return {}
    parts = {
        "honorificPrefix": name.honorific_prefix,
        "givenName": name.given_name,
        "additionalName": name.additional_name,
        "patronymicName": name.patronymic_name,
        "familyNamePrefix": name.family_name_prefix,
        "familyName": name.family_name,
        "honorificSuffix": name.honorific_suffix,
    }
    return {member: optional_line(f"{field}.{member}", part) for member, part in parts.items()}


def _date(field: str, day: date | None) -> str:
    if day is None:
        return ""
    if isinstance(day, datetime) or not isinstance(day, date):
        raise DocumentError(field, "give a day without time.")
    return day.isoformat()


def _email(field: str, email: str) -> str:
    address = optional_line(field, email)
    if address and (
        address.count("@") != 1 or " " in address or address.startswith("@") or address.endswith("@")
    ):
        raise DocumentError(field, "is not an e-mail address.")
    return address
