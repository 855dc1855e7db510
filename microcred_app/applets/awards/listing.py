"""Find awards by what a registrar knows of them, a page at a time or all of them one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ..badges import api as badges
from .data import AwardInfo
from .models import Award

__all__ = [
    "STATES",
    "AwardFilter",
    "award_infos",
    "count_awards",
    "find_awards",
    "is_visible",
    "iterate_awards",
    "matching_people",
]

#: What an award can be narrowed to; ``older`` is held, in a version before the one in force, by somebody who does not
#: hold that one.
STATES = ("held", "older", "revoked")
CHUNK = 500


@dataclass(frozen=True)
class AwardFilter:
    """What to look for; what is empty narrows nothing. ``until`` is the first moment that is too late.

    ``issuer_slugs`` are the organisations whose awards may be seen at all: ``None`` is every one of them, an
    empty set is none. ``learner`` is part of a name or user name, or a whole address.
    """

    issuer_slugs: Collection[str] | None
    learner: str = ""
    badge_key: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    batch_id: str = ""


def find_awards(wanted: AwardFilter, *, limit: int, offset: int = 0) -> tuple[AwardInfo, ...]:
    """A page of them, newest first."""
    return tuple(award_infos(list(_rows(wanted)[offset : offset + limit])))


def count_awards(wanted: AwardFilter) -> int:
    """How many there are."""
    return _rows(wanted).count()


def iterate_awards(wanted: AwardFilter) -> Iterator[list[AwardInfo]]:
    """All of them, newest first, in pieces, so that a million cost no more memory than a page."""
    rows = iter(_rows(wanted).iterator(chunk_size=CHUNK))
    while piece := list(islice(rows, CHUNK)):
        yield award_infos(piece)


def is_visible(award_id: str, *, issuer_slugs: Collection[str] | None) -> bool:
    """Whether there is such an award, and one of these organisations answers for it."""
    rows = Award.objects.filter(pk=award_id)
    if issuer_slugs is not None:
        rows = rows.filter(version__badge__issuer__slug__in=list(issuer_slugs))
    return rows.exists()


def matching_people(text: str, among: Collection[int]) -> set[int]:
    """Those of *among* whom :class:`AwardFilter` would find by this text."""
    return set(among).intersection(_people(text).values_list("pk", flat=True).iterator())


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
        )
        for row in rows
    ]


def _rows(wanted: AwardFilter) -> QuerySet[Award]:
    found = Q()
    if wanted.issuer_slugs is not None:
        found &= Q(version__badge__issuer__slug__in=list(wanted.issuer_slugs))
    if wanted.learner:
        found &= Q(learner_id__in=_people(wanted.learner))
    if wanted.badge_key:
        found &= Q(version__badge__key=wanted.badge_key)
    if wanted.state in STATES:
        found &= Q(reversal__isnull=wanted.state != "revoked")
    if wanted.state == "older":
        found &= Q(version__number__lt=F("version__badge__current__number"))
        newer = {"version__number__gte": OuterRef("version__badge__current__number"), "reversal": None}
        theirs = Award.objects.filter(learner=OuterRef("learner"), version__badge=OuterRef("version__badge"))
        found &= ~Q(Exists(theirs.filter(**newer)))
    if wanted.since is not None:
        found &= Q(awarded_at__gte=wanted.since)
    if wanted.until is not None:
        found &= Q(awarded_at__lt=wanted.until)
    if wanted.batch_id:
        found &= Q(batch_id=_batch(wanted.batch_id))
    return Award.objects.select_related("reversal").filter(found).order_by("-awarded_at", "-pk")


def _people(text: str) -> QuerySet[Any]:
    """Accounts whose names have every word of *text*, or whose address is *text*."""
    model = get_user_model()
    fields = ["username", "first_name", "last_name"]
    if hasattr(model, "profile"):  # the platform keeps the full name there
        fields.append("profile__name")
    named = Q()
    for word in text.split()[:6]:
        one = Q()
        for field in fields:
            one |= Q(**{f"{field}__icontains": word})
        named &= one
    rows: QuerySet[Any] = model.objects.filter(named | Q(email__iexact=text)).values("pk")
    return rows


def _batch(text: str) -> UUID:
    """The back-fill; for what is no id of one, an id that none has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
