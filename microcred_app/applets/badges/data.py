"""Values that cross the border of the badges room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from microcred_app import rules

from .models import Issuer

__all__ = ["BadgeDefinition", "IssuerInfo", "PublishedBadge", "issuer_info"]


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
