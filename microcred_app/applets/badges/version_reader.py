"""Versions as values, read fast.

A published version never changes, so what it says is kept in the process once it was read (a bounded number of
versions; those that were read first go first). What may change, the issuer's profile and where the badge is in its
life, is read each time in the query that finds the versions.

A process that has read nothing yet reads everything, skills included, in that one query: a row for each skill of a
version. Later it reads what changes in one query and what it does not know yet in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from microcred_app import rules

from .data import IssuerInfo, PublishedBadge
from .models import BadgeVersion
from .terms import Governance, Life, Terms

__all__ = ["forget_versions", "read_versions"]

KEPT_VERSIONS = 20_000
#: So many unknown versions are asked for by their numbers; more are read with everything that was asked for.
FEW = 500
_ISSUER = ("id", "slug", "name", "url", "description", "email", "colour", "image_id")
_LIFE = ("state", "sunset_at", "successor__key", "notice")
_GOVERNANCE = ("owner", "steward", "purpose", "review_due")
_CHANGING = (
    *("pk", "published_at"),
    *(f"badge__issuer__{name}" for name in _ISSUER),
    *(f"badge__{name}" for name in (*_LIFE, *_GOVERNANCE)),
)
_TEXTS = (
    *("number", "name", "description", "achievement_type", "criteria_intro", "language", "minutes"),
    *("image_alt", "effective_at"),
)
_TERMS = (
    *("credits", "credit_unit", "level", "expires_on", "expires_after", "cap", "holders_policy"),
    *("holders_deadline", "proof_type", "document_days"),
)
_FIXED = (
    *("pk", "published_at", "badge__key", "badge__kind", "image_id", "image__media_type", "requirement"),
    *("accepts", *_TEXTS, *_TERMS, "skills__key"),
)
_NOBODY = IssuerInfo(0, "", "", "", "", "", "")

#: A version by its number and the time of its publication, so that another database's is never mixed up.
_Identity = tuple[int, datetime]
_kept: dict[_Identity, PublishedBadge] = {}


def read_versions(rows: QuerySet[BadgeVersion]) -> tuple[PublishedBadge, ...]:
    """The versions of a query, in its order: one query when all of them were read before, or none ever was."""
    if not _kept and not rows.query.is_sliced:
        return _read_everything(rows)
    found = list(rows.values_list(*_CHANGING))
    unknown = [row[:2] for row in found if row[:2] not in _kept]
    versions = {row[:2]: _kept[row[:2]] for row in found if row[:2] in _kept} | _read_unknown(unknown, rows)
    return _as_they_are_now((versions[row[:2]], row) for row in found)


def forget_versions() -> None:
    """Read every version anew. Called when one is published, so that a rolled back one leaves no trace."""
    _kept.clear()


def _read_everything(rows: QuerySet[BadgeVersion]) -> tuple[PublishedBadge, ...]:
    """What is fixed and what changes, in one query."""
    width = len(_FIXED)
    pairs = []
    for several in _by_version(rows.values_list(*_FIXED, *_CHANGING[2:])):
        version = _version([row[:width] for row in several])
        pairs.append((version, (*several[0][:2], *several[0][width:])))
    _keep(version for version, _row in pairs)
    return _as_they_are_now(pairs)


def _read_unknown(
    wanted: Sequence[_Identity], rows: QuerySet[BadgeVersion]
) -> dict[_Identity, PublishedBadge]:
    """What is fixed of *wanted*, which *rows* found."""
    if not wanted:
        return {}
    if len(wanted) <= FEW or rows.query.is_sliced:
        rows = BadgeVersion.objects.filter(pk__in=[pk for pk, _published_at in wanted]).order_by("pk")
    missing = set(wanted)
    found = [
        _version(several) for several in _by_version(rows.values_list(*_FIXED)) if several[0][:2] in missing
    ]
    _keep(found)
    return {(version.version_id, version.published_at): version for version in found}


def _by_version(rows: Iterable[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    """Rows of the same version together, versions in the order of the query."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found.values()


def _keep(versions: Iterable[PublishedBadge]) -> None:
    _kept.update(((version.version_id, version.published_at), version) for version in versions)
    for identity in list(_kept)[: max(0, len(_kept) - KEPT_VERSIONS)]:
        _kept.pop(identity, None)


def _as_they_are_now(
    pairs: Iterable[tuple[PublishedBadge, Sequence[Any]]],
) -> tuple[PublishedBadge, ...]:
    """Versions with what changes, which stands in the columns of :data:`_CHANGING`."""
    issuers: dict[int, IssuerInfo] = {}
    found = []
    for version, row in pairs:
        profile, life = row[2 : 2 + len(_ISSUER)], row[2 + len(_ISSUER) :]
        issuer = issuers.get(profile[0]) or issuers.setdefault(profile[0], _issuer(profile))
        found.append(
            replace(
                version,
                issuer=issuer,
                life=Life(life[0], life[1], life[2] or "", life[3]),
                governance=Governance(*life[len(_LIFE) :]),
            )
        )
    return tuple(found)


def _issuer(values: Sequence[Any]) -> IssuerInfo:
    """The profile from the columns of :data:`_ISSUER`."""
    return IssuerInfo(**dict(zip(_ISSUER[:-1], values, strict=False)), image_sha256=values[-1] or "")


def _version(several: Sequence[Sequence[Any]]) -> PublishedBadge:
    """What one version says, from rows of :data:`_FIXED` that differ in the skill only."""
    row = dict(zip(_FIXED, several[0], strict=True))
    skills = {other[-1] for other in several} - {None}
    return PublishedBadge(
        **{name: row[name] for name in _TEXTS},
        version_id=row["pk"],
        key=row["badge__key"],
        kind=row["badge__kind"],
        image_sha256=row["image_id"],
        image_media_type=row["image__media_type"],
        requirement=rules.parse_requirement(row["requirement"]),
        skill_keys=tuple(sorted(skills)),
        issuer=_NOBODY,
        published_at=row["published_at"],
        terms=Terms(**{name: row[name] for name in _TERMS}, accepts=tuple(row["accepts"])),
    )
