"""Which unit proves which outcome, as far as authors have told: written when they save, mended by walking a course."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from ..skills.models import Outcome, OutcomeAlias
from .models import CourseWalk, OutcomeSource

__all__ = [
    "SourceInfo",
    "SourceSync",
    "ask_walk",
    "live_sources",
    "outcomes_without_source",
    "register_source",
    "retire_source",
    "sources_of_outcomes",
    "sources_without_outcome",
    "sync_course",
    "take_walk",
    "waiting_walks",
]

MOST_LISTED = 1000


@dataclass(frozen=True)
class SourceInfo:
    """A unit and the outcome it says it proves; ``outcome_key`` may be empty or unknown on this site."""

    usage_key: str
    course_key: str
    outcome_key: str
    title: str
    minutes: int


@dataclass(frozen=True)
class SourceSync:
    """What walking a course changed; usage keys."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]


@transaction.atomic
def register_source(source: SourceInfo, *, now: datetime) -> None:
    """The unit stands in its course and proves this outcome from now on. Saying so twice changes nothing."""
    OutcomeSource.objects.update_or_create(
        usage_key=source.usage_key, defaults={**_columns(source), "seen_at": now, "retired_at": None}
    )


def retire_source(usage_key: str, *, now: datetime) -> bool:
    """The unit is gone: it offers its outcome no more. What learners attained in it stays."""
    return bool(OutcomeSource.objects.filter(usage_key=usage_key, retired_at=None).update(retired_at=now))


@transaction.atomic
def sync_course(course_key: str, sources: Iterable[SourceInfo], *, now: datetime) -> SourceSync:
    """Make the sources of one course exactly these: after an import, a re-run, a paste or a deletion.

    A copy (re-run, paste, duplicate) has a key of its own and names the same outcome: it becomes another
    source of it. What does not stand in the course any more is retired.
    """
    wanted = {source.usage_key: source for source in sources if source.course_key == course_key}
    rows = {row.usage_key: row for row in OutcomeSource.objects.filter(course_key=course_key)}
    added, changed = [], []
    for key, source in wanted.items():
        row = rows.get(key)
        if row is None:
            added.append(OutcomeSource(usage_key=key, seen_at=now, **_columns(source)))
        elif row.retired_at is not None or any(
            getattr(row, name) != value for name, value in _columns(source).items()
        ):
            changed.append(key)
            OutcomeSource.objects.filter(pk=row.pk).update(**_columns(source), seen_at=now, retired_at=None)
    OutcomeSource.objects.bulk_create(added)
    gone = sorted(key for key, row in rows.items() if key not in wanted and row.retired_at is None)
    OutcomeSource.objects.filter(course_key=course_key, usage_key__in=gone).update(retired_at=now)
    return SourceSync(tuple(row.usage_key for row in added), tuple(changed), tuple(gone))


def live_sources(outcome_key: str) -> tuple[SourceInfo, ...]:
    """Units that prove the outcome now, by title."""
    rows = OutcomeSource.objects.filter(outcome_key=outcome_key, retired_at=None).order_by(
        "title", "usage_key"
    )
    return tuple(map(_info, rows[:MOST_LISTED]))


def sources_of_outcomes(outcome_keys: Collection[str]) -> tuple[SourceInfo, ...]:
    """The units that prove any of these outcomes now, course by course."""
    rows = OutcomeSource.objects.filter(outcome_key__in=set(outcome_keys), retired_at__isnull=True)
    return tuple(map(_info, rows.order_by("course_key", "pk")))


def outcomes_without_source() -> tuple[str, ...]:
    """Keys of outcomes that no unit proves: they were used once and are orphans now, or never were."""
    used = OutcomeSource.objects.filter(outcome_key=OuterRef("key"), retired_at=None)
    mapped = OutcomeAlias.objects.filter(
        Exists(OutcomeSource.objects.filter(outcome_key=OuterRef("key"), retired_at=None)),
        outcome=OuterRef("pk"),
    )
    rows = Outcome.objects.filter(~Exists(used), ~Exists(mapped), retired_at=None).order_by(
        "statement", "key"
    )
    return tuple(rows.values_list("key", flat=True)[:MOST_LISTED])


def sources_without_outcome() -> tuple[SourceInfo, ...]:
    """Units that name an outcome this site does not know, or none: nobody can earn anything with them."""
    known = Outcome.objects.filter(key=OuterRef("outcome_key"))
    mapped = OutcomeAlias.objects.filter(key=OuterRef("outcome_key"))
    rows = OutcomeSource.objects.filter(~Exists(known), ~Exists(mapped), retired_at=None)
    rows = rows.order_by("course_key", "title")
    return tuple(map(_info, rows[:MOST_LISTED]))


def ask_walk(course_key: str, *, now: datetime) -> None:
    """Say that units of this course may have come or gone. Saying so often before it is looked at is saying it once."""
    CourseWalk.objects.update_or_create(course_key=course_key, defaults={"asked_at": now})


def take_walk(course_key: str) -> bool:
    """Take the marker off, to look through the course now; false when somebody else did or nothing was asked."""
    return bool(CourseWalk.objects.filter(course_key=course_key).delete()[0])


def waiting_walks(*, limit: int = 100) -> tuple[str, ...]:
    """Courses that were not looked through since something changed in them, longest first."""
    return tuple(CourseWalk.objects.order_by("asked_at").values_list("course_key", flat=True)[:limit])


def _columns(source: SourceInfo) -> dict[str, object]:
    return {
        "course_key": source.course_key,
        "outcome_key": source.outcome_key[:150],
        "title": source.title[:255],
        "minutes": max(0, min(source.minutes, 10_000)),
    }


def _info(row: OutcomeSource) -> SourceInfo:
    return SourceInfo(row.usage_key, row.course_key, row.outcome_key, row.title, row.minutes)
