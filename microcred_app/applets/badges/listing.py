"""Badges as a registrar looks through them: thousands of rows a page at a time, without parsing a single rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from .data import PublishedBadge
from .errors import BadgeNotFound
from .models import Badge, BadgeVersion, Issuer
from .version_reader import read_versions

__all__ = [
    "BADGE_STATES",
    "BadgeFilter",
    "BadgeRow",
    "badges_aligned_to",
    "count_badges",
    "find_badges",
    "get_badge_row",
    "list_versions",
]

#: What badges can be narrowed to; ``overdue`` are those in force whose review was due, or has no date.
BADGE_STATES = ("published", "deprecated", "retired", "scheduled", "overdue")


@dataclass(frozen=True)
class BadgeFilter:
    """What to look for; what is empty narrows nothing. ``issuer_slugs`` of ``None`` are all organisations."""

    issuer_slugs: Collection[str] | None
    text: str = ""
    state: str = ""
    issuer_slug: str = ""


@dataclass(frozen=True)
class BadgeRow:
    """A badge with the version that is awarded now (``number``), and the newest one, which may still wait.

    ``number`` is none before the first version takes effect, and after retirement.
    """

    key: str
    name: str
    kind: str
    state: str
    number: int | None
    newest: int
    newest_effective_at: datetime
    sunset_at: datetime | None
    successor: str
    successor_name: str
    notice: str
    issuer_slug: str
    issuer_name: str
    owner: str
    steward: str
    review_due: date | None

    @property
    def is_scheduled(self) -> bool:
        """Whether the newest version has not come into force yet."""
        return self.state != Badge.RETIRED and self.newest != (self.number or 0)


def find_badges(
    wanted: BadgeFilter, *, today: date, limit: int | None = None, offset: int = 0
) -> tuple[BadgeRow, ...]:
    """A page of badges by name; without a limit all of them, for the choices of a form.

    Thousands are put into their order by nothing but their names; the page is read of those that stand on it.
    """
    ordered = _found(_named(wanted.issuer_slugs), wanted, today).order_by("shown", "key")
    ids = list(ordered.values_list("pk", flat=True)[offset : None if limit is None else offset + limit])
    rows = _with_versions(Badge.objects.filter(pk__in=ids)).in_bulk()
    return tuple(_row(rows[pk]) for pk in ids)


def count_badges(wanted: BadgeFilter, *, today: date) -> int:
    """How many there are."""
    return _found(_named(wanted.issuer_slugs), wanted, today).count()


def get_badge_row(key: str, *, issuer_slugs: Collection[str] | None) -> BadgeRow:
    """One badge of these organisations; raises :class:`BadgeNotFound` for any other."""
    found = _with_versions(_named(issuer_slugs)).filter(key=key).first()
    if found is None:
        raise BadgeNotFound(_("There is no badge “{key}”.").format(key=key))
    return _row(found)


def list_versions(key: str) -> tuple[PublishedBadge, ...]:
    """Every version of a badge, the newest first."""
    return read_versions(BadgeVersion.objects.filter(badge__key=key).order_by("-number"))


def badges_aligned_to(skill_key: str) -> tuple[str, ...]:
    """Keys of the badges whose version in force says that it shows this skill."""
    rows = Badge.objects.filter(current__skills__key=skill_key).order_by("key")
    return tuple(rows.values_list("key", flat=True))


def _found(rows: QuerySet[Badge], wanted: BadgeFilter, today: date) -> QuerySet[Badge]:
    if wanted.issuer_slug:
        rows = rows.filter(issuer__slug=wanted.issuer_slug)
    for word in wanted.text.split()[:6]:
        rows = rows.filter(Q(shown__icontains=word) | Q(key__icontains=word))
    if wanted.state == "scheduled":
        return rows.filter(versions__scheduled__isnull=False).distinct()
    if wanted.state == "overdue":
        late = Q(review_due__isnull=True) | Q(review_due__lte=today)
        return rows.filter(late, current__isnull=False)
    return rows.filter(state=wanted.state) if wanted.state in BADGE_STATES else rows


def _named(issuer_slugs: Collection[str] | None) -> QuerySet[Badge]:
    """Badges of these organisations with the name that they are ``shown`` under, and nothing else."""
    newest = BadgeVersion.objects.filter(badge=OuterRef("pk")).order_by("-number")
    rows = Badge.objects.annotate(shown=Coalesce("current__name", Subquery(newest.values("name")[:1])))
    # A badge without any version is not there yet.
    rows = rows.filter(shown__isnull=False)
    if issuer_slugs is None:
        return rows
    return rows.filter(
        issuer__in=list(Issuer.objects.filter(slug__in=issuer_slugs).values_list("pk", flat=True))
    )


def _with_versions(rows: QuerySet[Badge]) -> QuerySet[Badge]:
    """What a row of the list is made of."""
    newest = BadgeVersion.objects.filter(badge=OuterRef("pk")).order_by("-number")
    return rows.select_related("issuer", "current", "successor__current").annotate(
        newest=Subquery(newest.values("number")[:1]),
        newest_effective_at=Subquery(newest.values("effective_at")[:1]),
        shown=Coalesce("current__name", Subquery(newest.values("name")[:1])),
    )


def _row(row: Badge) -> BadgeRow:
    successor = row.successor
    named = successor.current if successor is not None else None
    return BadgeRow(
        key=row.key,
        name=row.shown,  # type: ignore[attr-defined]
        kind=row.kind,
        state=row.state,
        number=row.current.number if row.current else None,
        newest=row.newest,  # type: ignore[attr-defined]
        newest_effective_at=row.newest_effective_at,  # type: ignore[attr-defined]
        sunset_at=row.sunset_at,
        successor=successor.key if successor else "",
        successor_name=named.name if named else (successor.key if successor else ""),
        notice=row.notice,
        issuer_slug=row.issuer.slug,
        issuer_name=row.issuer.name,
        owner=row.owner,
        steward=row.steward,
        review_due=row.review_due,
    )
