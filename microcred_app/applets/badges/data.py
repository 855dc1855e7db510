"""Values that cross the border of the badges room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from microcred_app import rules

from .models import Issuer
from .terms import Governance, Life, Terms

__all__ = ["BadgeDefinition", "IssuerInfo", "PublishedBadge", "issuer_info"]


@dataclass(frozen=True)
class BadgeDefinition:
    """What somebody wants to publish, not checked yet.

    Without ``image`` a picture is generated; without ``effective_at`` it takes effect when it is published.
    """

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
    terms: Terms = field(default_factory=Terms)
    governance: Governance = field(default_factory=Governance)
    effective_at: datetime | None = None


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
    colour: str = ""


@dataclass(frozen=True)
class PublishedBadge:
    """One version of a badge. ``requirement`` is the parsed tree.

    ``life`` and ``governance`` belong to the badge, not to the version, and are as they are now.
    """

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
    effective_at: datetime
    terms: Terms = field(default_factory=Terms)
    life: Life = field(default_factory=Life)
    governance: Governance = field(default_factory=Governance)

    @property
    def cap(self) -> int | None:
        """The most awards of this version that are ever made; none for no limit."""
        return self.terms.cap

    @property
    def holders_policy(self) -> str:
        """What happens to holders of older versions: keep, redemonstrate or upgrade."""
        return self.terms.holders_policy

    def can_be_earned(self, now: datetime) -> bool:
        """Whether the badge's life allows an award: it is in force, not retired and not past its sunset."""
        if self.life.state == "retired" or self.effective_at > now:
            return False
        return self.life.sunset_at is None or now < self.life.sunset_at


def issuer_info(row: Issuer) -> IssuerInfo:
    """An issuer row as a value."""
    return IssuerInfo(
        id=row.pk,
        slug=row.slug,
        name=row.name,
        url=row.url,
        description=row.description,
        email=row.email,
        image_sha256=row.image_id or "",
        colour=row.colour,
    )
