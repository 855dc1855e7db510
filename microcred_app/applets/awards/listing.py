"""Find awards by what a registrar knows of them, a page at a time or all of them one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ..badges import api as badges
from ..keyset import rows_beyond
from .data import AwardInfo
from .models import Award
from .suspension import is_suspended, was_suspended, with_suspension

__all__ = [
    "STATES",
    "AwardFilter",
    "award_infos",
    "count_awards",
    "find_awards",
    "is_visible",
    "iterate_awards",
    "place_of",
    "standing_ids",
]

#: What an award can be narrowed to; ``older`` is held, in a version before the one in force, by somebody who does not
#: hold that one. ``suspended`` ones are held, too.
STATES = ("held", "older", "suspended", "revoked")
#: The list's order, newest first.
ORDER = ("awarded_at", "pk")
#: An organisation with more awards than this has its list read by moment.
MANY = 2_000
CHUNK = 500


@dataclass(frozen=True)
class AwardFilter:
    """What to look for; what is empty narrows nothing. ``until`` is the first moment that is too late.

    ``issuer_slugs`` are the organisations whose awards may be seen at all: ``None`` is every one of them, an
    empty set is none. ``learner_ids`` are whoever may hold the award (``offices.look_for_people`` finds them); None is
    everybody. ``valid_at`` leaves what was awarded before that moment and neither reversed, nor over, nor suspended
    then.
    """

    issuer_slugs: Collection[str] | None
    learner_ids: Collection[int] | None = None
    badge_key: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    batch_id: str = ""
    valid_at: datetime | None = None


def find_awards(
    wanted: AwardFilter, *, limit: int, offset: int = 0, after: Sequence[str] | None = None
) -> tuple[AwardInfo, ...]:
    """A page of them, newest first, from the one after the award at this place on (:func:`place_of`)."""
    rows = rows_beyond(_rows(wanted), ORDER, after, descending=True)
    slugs = wanted.issuer_slugs
    if slugs is not None and _is_of_organisations_alone(wanted, slugs) and _are_many(rows):
        rows = rows_beyond(_by_moment(wanted, slugs), ORDER, after, descending=True)
    return tuple(award_infos(list(rows[offset : offset + limit])))


def count_awards(wanted: AwardFilter, *, most: int, after: Sequence[str] | None = None) -> int:
    """How many there are after this place; one more than *most* where there are more than that."""
    rows = rows_beyond(_rows(wanted), ORDER, after, descending=True)
    return rows.order_by()[: most + 1].count()


def place_of(award: AwardInfo) -> tuple[str, str]:
    """Where in the list this award stands."""
    return award.awarded_at.isoformat(), award.id


def iterate_awards(wanted: AwardFilter) -> Iterator[list[AwardInfo]]:
    """All of them, newest first, in pieces, so that a million cost no more memory than a page."""
    rows = iter(_rows(wanted).iterator(chunk_size=CHUNK))
    while piece := list(islice(rows, CHUNK)):
        yield award_infos(piece)


def standing_ids(wanted: AwardFilter, *, limit: int) -> list[tuple[str, int, str, str]]:
    """Those that stand: award, learner, name of the badge, and the organisation's key; at most *limit* of them."""
    columns = ("pk", "learner_id", "version__name", "version__badge__issuer__slug")
    rows = _rows(wanted).filter(reversal__isnull=True).order_by("pk").values_list(*columns)[:limit]
    return [(str(pk), learner, name, slug) for pk, learner, name, slug in rows]


def is_visible(award_id: str, *, issuer_slugs: Collection[str] | None) -> bool:
    """Whether there is such an award, and one of these organisations answers for it."""
    rows = Award.objects.filter(pk=award_id)
    if issuer_slugs is not None:
        rows = rows.filter(version__badge__issuer__slug__in=list(issuer_slugs))
    return rows.exists()


def award_infos(rows: list[Award]) -> list[AwardInfo]:
    """Award rows, read with their reversal, as values."""
    versions = badges.versions_by_id({row.version_id for row in rows})
    return [
        AwardInfo(
            id=str(row.pk),
            learner_id=row.learner_id,
            badge=versions[row.version_id],
            awarded_at=row.awarded_at,
            because=row.because,
            reversed_at=row.reversal.reversed_at if hasattr(row, "reversal") else None,
            reversal_reason=row.reversal.reason if hasattr(row, "reversal") else "",
            reversal_cause=row.reversal.cause if hasattr(row, "reversal") else "",
            batch_id=str(row.batch_id or ""),
            expires_at=row.expires_at,
            suspended_at=getattr(row, "suspended_at", None),
        )
        for row in rows
    ]


def _rows(wanted: AwardFilter) -> QuerySet[Award]:
    found = Q()
    if wanted.issuer_slugs is not None and _leaves_out_some(wanted.issuer_slugs):
        found &= Q(version__badge__issuer__slug__in=list(wanted.issuer_slugs))
    if wanted.learner_ids is not None:
        found &= Q(learner_id__in=sorted(wanted.learner_ids))
    if wanted.badge_key:
        found &= Q(version__badge__key=wanted.badge_key)
    if wanted.state in STATES:
        found &= Q(reversal__isnull=wanted.state != "revoked")
    if wanted.state == "suspended":
        found &= Q(is_suspended())
    if wanted.state == "older":
        found &= Q(version__number__lt=F("version__badge__current__number"))
        newer = {"version__number__gte": OuterRef("version__badge__current__number"), "reversal": None}
        theirs = Award.objects.filter(learner=OuterRef("learner"), version__badge=OuterRef("version__badge"))
        found &= ~Q(Exists(theirs.filter(**newer)))
    if wanted.since is not None:
        found &= Q(awarded_at__gte=wanted.since)
    if wanted.until is not None:
        found &= Q(awarded_at__lt=wanted.until)
    found &= _valid_at(wanted.valid_at)
    if wanted.batch_id:
        found &= Q(batch_id=_batch(wanted.batch_id))
    rows = with_suspension(Award.objects.select_related("reversal"))
    return rows.filter(found).order_by("-awarded_at", "-pk")


def _valid_at(moment: datetime | None) -> Q:
    """Awarded before the moment, and neither reversed, nor over, nor suspended then; everything where there is none."""
    if moment is None:
        return Q()
    lasting = Q(expires_at__isnull=True) | Q(expires_at__gte=moment)
    standing = Q(reversal__isnull=True) | Q(reversal__reversed_at__gte=moment)
    return Q(awarded_at__lt=moment) & lasting & standing & ~Q(was_suspended(moment))


def _is_of_organisations_alone(wanted: AwardFilter, issuer_slugs: Collection[str]) -> bool:
    """Whether nothing leads to the awards but their organisations and their moments."""
    narrower = wanted.badge_key or wanted.batch_id or wanted.state in ("revoked", "older")
    return wanted.learner_ids is None and not narrower and _leaves_out_some(issuer_slugs)


def _are_many(rows: QuerySet[Award]) -> bool:
    return rows.order_by()[MANY : MANY + 1].exists()


def _by_moment(wanted: AwardFilter, issuer_slugs: Collection[str]) -> QuerySet[Award]:
    """The same awards, found among the newest of all and not gathered from their organisations first.

    An organisation with many awards has some among any thousand, so its newest are at hand in the index of moments. A
    database that may begin with the organisation gathers all that it ever gave and sorts them for fifty rows. What is
    added to the column leaves it no way to do so.
    """
    versions = badges.version_ids_of(issuer_slugs)
    return (
        _rows(replace(wanted, issuer_slugs=None))
        .annotate(of_version=F("version_id") + 0)
        .filter(of_version__in=versions)
    )


def _leaves_out_some(issuer_slugs: Collection[str]) -> bool:
    """Whether there is an organisation besides these. Where there is none, asking for them would only make the database
    go through every award by its organisation instead of through the newest ones."""
    return any(issuer.slug not in issuer_slugs for issuer in badges.list_issuers())


def _batch(text: str) -> UUID:
    """The back-fill; for what is no id of one, an id that none has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
