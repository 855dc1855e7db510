"""What makes badges worth less, and badges whose time ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count as Counting
from django.db.models import Q

from microcred_app.conf import settings

from ..awards.models import Award
from .data import Count
from .figures import reader_scope
from .models import InsightFigure
from .suppression import guard_nested

__all__ = ["ENDING_DAYS", "EndingLine", "Worth", "WorthLine", "badge_worth", "ending_soon"]

ENDING_DAYS = (30, 60, 90)
MOST_LINES = 500
#: A badge for less than this is hardly one.
SHORT_MINUTES = 10
STORED = 2_000


@dataclass(frozen=True)
class WorthLine:
    """A badge that something is to be said about: ``unassessed``, ``alike``, ``unseen``, ``short`` or ``untimed``."""

    key: str
    title: str
    earned: Count
    minutes: int
    notes: tuple[str, ...]
    alike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Worth:
    """Badges that are looked at, those with notes, and awards for each hour of learning that badges state."""

    group: int
    looked_at: int
    lines: tuple[WorthLine, ...]
    count: int
    awards: Count
    hours: int
    per_hour: float | None


@dataclass(frozen=True)
class EndingLine:
    """A badge, and how many awards of it end within :data:`ENDING_DAYS`."""

    key: str
    title: str
    within: tuple[int, ...]


def badge_worth(actor_id: int) -> Worth:
    """Badges of the reader's organisations that are looked at twice: nobody is asked anything, there are doubles,
    those who hold them show them to nobody, or hardly any time stands behind them."""
    scope = reader_scope(actor_id)
    rows = InsightFigure.objects.filter(kind=InsightFigure.BADGE).order_by("-started", "key")
    if not scope.everywhere:
        rows = rows.filter(issuer_slug__in=scope.issuer_slugs)
    k = settings().insights_min_group
    lines, looked_at, awards, minutes = [], 0, 0, 0
    for row in rows.iterator(chunk_size=STORED):
        looked_at += 1
        counts = [sum(cell[place] for cell in row.figures["cells"].values()) for place in (3, 4, 5)]
        earned, claimed, shared = counts
        length = row.figures["minutes"]
        if length:
            awards += earned
            minutes += earned * length
        notes = _notes(row.figures, earned, claimed, shared, length, k)
        if notes:
            shown = guard_nested((earned,), k)[0]
            lines.append(
                WorthLine(
                    row.key, row.title, Count(shown), length, notes, tuple(row.figures.get("alike", ()))
                )
            )
    told = guard_nested((awards,), k)[0]
    lines.sort(key=lambda line: -len(line.notes))
    return Worth(
        k,
        looked_at,
        tuple(lines[:MOST_LINES]),
        len(lines),
        Count(told),
        round(minutes / 60),
        round(awards * 60 / minutes, 2) if minutes and told is not None else None,
    )


def _notes(
    figures: dict[str, object], earned: int, claimed: int, shared: int, minutes: int, k: int
) -> tuple[str, ...]:
    """``unseen`` is only said of badges that enough people hold: of few it would tell what each of them does."""
    found = {
        "unassessed": not figures["assessed"],
        "alike": bool(figures.get("alike")),
        "unseen": earned >= max(k, 1) and not claimed and not shared,
        "untimed": not minutes,
        "short": 0 < minutes < SHORT_MINUTES,
    }
    return tuple(note for note, holds in found.items() if holds)


def ending_soon(actor_id: int, now: datetime) -> tuple[EndingLine, ...]:
    """Badges of the reader's organisations of which awards end soon, most first. Readers see single awards anyway."""
    scope = reader_scope(actor_id)
    last = now + timedelta(days=ENDING_DAYS[-1])
    rows = Award.objects.filter(expires_at__gt=now, expires_at__lte=last, reversal__isnull=True)
    if not scope.everywhere:
        rows = rows.filter(version__badge__issuer__slug__in=scope.issuer_slugs)
    names = {
        f"d{days}": Counting("pk", filter=Q(expires_at__lte=now + timedelta(days=days)))
        for days in ENDING_DAYS
    }
    counts = rows.order_by().values("version__badge__key").annotate(**names)
    found = {key: numbers for key, *numbers in counts.values_list("version__badge__key", *names)}
    titles = dict(
        InsightFigure.objects.filter(kind=InsightFigure.BADGE, key__in=list(found)[:MOST_LINES]).values_list(
            "key", "title"
        )
    )
    lines = [EndingLine(key, titles.get(key, key), tuple(numbers)) for key, numbers in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.within[-1], line.title))[:MOST_LINES])
