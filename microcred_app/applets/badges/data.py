"""Values that cross the border of the badges room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from microcred_app import rules

from .models import BadgeVersion, Issuer

__all__ = ["BadgeDefinition", "IssuerInfo", "PublishedBadge", "issuer_info", "published_badge"]


@dataclass(frozen=True)
class BadgeDefinition:
    """What somebody wants to publish, not checked yet."""

    key: str
    kind: str
    issuer_slug: str
    name: str
    description: str
    achievement_type: str
    image: bytes
    image_alt: str
    requirement: Any
    skill_keys: tuple[str, ...] = ()
    criteria_intro: str = ""
    language: str = "en"
    minutes: int = 0


@dataclass(frozen=True)
class IssuerInfo:
    """An organisation that issues."""

    id: int
    slug: str
    name: str
    url: str
    description: str
    email: str
    image_sha256: str


@dataclass(frozen=True)
class PublishedBadge:
    """One version of a badge. ``requirement`` is the parsed tree."""

    version_id: int
    key: str
    kind: str
    number: int
    name: str
    description: str
    achievement_type: str
    criteria_intro: str
    language: str
    minutes: int
    image_sha256: str
    image_media_type: str
    image_alt: str
    requirement: rules.Node
    skill_keys: tuple[str, ...]
    issuer: IssuerInfo
    published_at: datetime


def issuer_info(row: Issuer) -> IssuerInfo:
    """An issuer row as a value."""
    return IssuerInfo(row.pk, row.slug, row.name, row.url, row.description, row.email, row.image_id or "")


def published_badge(row: BadgeVersion) -> PublishedBadge:
    """A version row as a value; its skills must be prefetched by whoever reads many."""
    return PublishedBadge(
        version_id=row.pk,
        key=row.badge.key,
        kind=row.badge.kind,
        number=row.number,
        name=row.name,
        description=row.description,
        achievement_type=row.achievement_type,
        criteria_intro=row.criteria_intro,
        language=row.language,
        minutes=row.minutes,
        image_sha256=row.image_id,
        image_media_type=row.image.media_type,
        image_alt=row.image_alt,
        requirement=rules.parse_requirement(row.requirement),
        skill_keys=tuple(sorted(skill.key for skill in row.skills.all())),
        issuer=issuer_info(row.badge.issuer),
        published_at=row.published_at,
    )
