"""What was imported: runs for those who answer for them, awards for learners and for registrars."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from .models import ImportedAward, ImportRun

__all__ = ["HeldElsewhere", "RunLine", "held_elsewhere", "list_runs"]

MOST_RUNS = 100
MOST_HELD = 500


@dataclass(frozen=True)
class RunLine:
    """One import."""

    id: str
    issuer_slug: str
    formats: str
    files: tuple[str, ...]
    imported_at: datetime
    imported_by: int | None
    definitions: int
    awards: int
    already: int


@dataclass(frozen=True)
class HeldElsewhere:
    """A badge that another system gave to a learner, as a registrar imported it."""

    name: str
    issuer_name: str
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    imported_at: datetime


def list_runs(issuer_slugs: Collection[str] | None) -> tuple[RunLine, ...]:
    """Imports of these organisations (``None``: all), newest first."""
    rows = ImportRun.objects.order_by("-imported_at")
    if issuer_slugs is not None:
        rows = rows.filter(issuer_slug__in=issuer_slugs)
    return tuple(
        RunLine(
            str(row.pk),
            row.issuer_slug,
            row.formats,
            tuple(str(file["name"]) for file in row.files),
            row.imported_at,
            row.imported_by_id,
            row.definitions,
            row.awards,
            row.already,
        )
        for row in rows[:MOST_RUNS]
    )


def held_elsewhere(learner_id: int) -> tuple[HeldElsewhere, ...]:
    """Imported awards of one learner, newest first; revoked ones are among them and say so."""
    rows = ImportedAward.objects.filter(learner_id=learner_id).order_by("-issued_at", "pk")
    return tuple(
        HeldElsewhere(*values)
        for values in rows.values_list(
            "definition__name",
            "definition__issuer_name",
            "issued_at",
            "expires_at",
            "revoked_at",
            "run__imported_at",
        )[:MOST_HELD]
    )
