"""Versions as values, read fast.

A published version never changes, so what it says is kept in the process once it was read (a bounded number
of versions, least recently used ones go first). What may change, the issuer's profile and where the badge is in
its life, is read each time in the one query that finds the versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from microcred_app import rules

from .data import IssuerInfo, PublishedBadge
from .models import BadgeVersion
from .terms import Governance, Life, Terms

__all__ = ["forget_versions", "read_versions"]

KEPT_VERSIONS = 5_000
_ISSUER = ("id", "slug", "name", "url", "description", "email", "colour", "image_id")
_LIFE = ("state", "sunset_at", "successor__key", "notice")
_GOVERNANCE = ("owner", "steward", "purpose", "review_due")
_NOBODY = IssuerInfo(0, "", "", "", "", "", "")


def read_versions(rows: QuerySet[BadgeVersion]) -> tuple[PublishedBadge, ...]:
    """The versions of a query, in its order: one query when all of them were read before."""
    fields = (
        *("pk", "published_at"),
        *(f"badge__issuer__{name}" for name in _ISSUER),
        *(f"badge__{name}" for name in (*_LIFE, *_GOVERNANCE)),
    )
    found = []
    issuers: dict[int, IssuerInfo] = {}
    for row in rows.values_list(*fields):
        profile, life = row[2 : 2 + len(_ISSUER)], row[2 + len(_ISSUER) :]
        issuer = issuers.setdefault(profile[0], _issuer(profile))
        found.append(
            replace(
                _read_once(row[0], row[1]),
                issuer=issuer,
                life=Life(life[0], life[1], life[2] or "", life[3]),
                governance=Governance(*life[len(_LIFE) :]),
            )
        )
    return tuple(found)


def _issuer(values: Sequence[Any]) -> IssuerInfo:
    """The profile from the columns of :data:`_ISSUER`."""
    return IssuerInfo(**dict(zip(_ISSUER[:-1], values, strict=False)), image_sha256=values[-1] or "")


def forget_versions() -> None:
    """Read every version anew. Called when one is published, so that a rolled back one leaves no trace."""
    _read_once.cache_clear()


@lru_cache(maxsize=KEPT_VERSIONS)
def _read_once(version_id: int, published_at: datetime) -> PublishedBadge:
    """What the version says; the time is part of the key so that another database's version is never mixed up."""
    rows = BadgeVersion.objects.select_related("badge", "image").defer("image__content")
    row = rows.prefetch_related("skills").get(pk=version_id)
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
        issuer=_NOBODY,
        published_at=published_at,
        effective_at=row.effective_at,
        terms=Terms(
            credits=row.credits,
            credit_unit=row.credit_unit,
            level=row.level,
            expires_on=row.expires_on,
            expires_after=row.expires_after,
            cap=row.cap,
            holders_policy=row.holders_policy,
            holders_deadline=row.holders_deadline,
            accepts=tuple(row.accepts),
            proof_type=row.proof_type,
        ),
    )
