"""What happened since figures were looked at last, found from the ends of indexes and not by looking through tables.

Rows that are numbered are found by their number, others by an indexed moment. Each look goes back to the one before
the last: a transaction that was open at that time has ended since. What leaves no such trace (somebody hides a badge,
begins a unit anew, leaves a pathway; a badge of last year is imported) is found when everything is compared, once a
day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from ..attainments.models import PartResult, StepVisit, UnitProgress
from ..awards.models import Award, Reversal
from ..delivery.models import DeliveryAttempt
from ..evidence.models import Submission
from ..offers.models import Offer
from ..pathways.models import Following
from .models import InsightFigure

__all__ = ["Look", "Touched", "last_look", "note_look", "read_ends", "touched_since"]

#: Everything is compared again after so long.
COMPARE_EVERY = timedelta(hours=24)
_ROW = {"kind": InsightFigure.LOOK, "key": "last"}
_NUMBERED = {
    "progress": UnitProgress,
    "results": PartResult,
    "visits": StepVisit,
    "followings": Following,
    "attempts": DeliveryAttempt,
}


@dataclass(frozen=True)
class Look:
    """When figures were looked at last, when everything was compared, and where tables ended at the look before."""

    at: datetime
    compared_at: datetime
    since: Mapping[str, Any]

    def is_good_for(self, now: datetime) -> bool:
        """Whether what is new since then is all that has to be looked at. A clock that was set back ends that."""
        return self.at <= now < self.compared_at + COMPARE_EVERY


@dataclass(frozen=True)
class Touched:
    """Units, badges and pathways behind whose figures something is new."""

    units: set[str] = field(default_factory=set)
    badges: set[str] = field(default_factory=set)
    pathways: set[str] = field(default_factory=set)


def last_look() -> Look | None:
    """The last look; None before the first."""
    row = InsightFigure.objects.filter(**_ROW).first()
    if row is None:
        return None
    return Look(row.counted_at, datetime.fromisoformat(row.figures["compared_at"]), row.figures["before"])


def read_ends(now: datetime) -> dict[str, Any]:
    """Where the numbered tables end, and when that was."""
    ends: dict[str, Any] = {name: _end(model) for name, model in _NUMBERED.items()}
    return {**ends, "at": now.isoformat()}


def note_look(ends: Mapping[str, Any], now: datetime, *, compared: bool) -> None:
    """Keep what :func:`read_ends` gave before the look, for the look after the next."""
    row = InsightFigure.objects.filter(**_ROW).first()
    known = row.figures if row is not None else {}
    figures = {
        "last": dict(ends),
        "before": known.get("last", dict(ends)),
        "compared_at": now.isoformat() if compared else known["compared_at"],
    }
    InsightFigure.objects.update_or_create(
        kind=_ROW["kind"], key=_ROW["key"], defaults={"counted_at": now, "figures": figures}
    )


def touched_since(since: Mapping[str, Any]) -> Touched:
    """What is new after these ends."""
    at = datetime.fromisoformat(since["at"])
    touched = Touched()
    touched.units.update(_new(UnitProgress, since["progress"], "unit_usage_key"))
    touched.units.update(_new(PartResult, since["results"], "progress__unit_usage_key"))
    touched.units.update(_new(StepVisit, since["visits"], "progress__unit_usage_key"))
    waiting = Submission.objects.filter(state=Submission.IN_REVIEW, submitted_at__gte=at)
    touched.units.update(_keys(waiting, "unit_usage_key"))
    touched.badges.update(_keys(Award.objects.filter(awarded_at__gte=at), "version__badge__key"))
    taken_back = Reversal.objects.filter(reversed_at__gte=at)
    touched.badges.update(_keys(taken_back, "award__version__badge__key"))
    of_delivery = "delivery__credential__award__version__badge__key"
    touched.badges.update(_new(DeliveryAttempt, since["attempts"], of_delivery))
    # An offer is redeemed before it expires, so those that expire later are all that can have been.
    fetched = Offer.objects.filter(expires_at__gte=at, redeemed_at__gte=at)
    touched.badges.update(_keys(fetched, "award__version__badge__key"))
    touched.pathways.update(_new(Following, since["followings"], "pathway__key"))
    return touched


def _end(model: Any) -> int:
    return int(model.objects.aggregate(last=Max("pk"))["last"] or 0)


def _new(model: Any, after: int, name: str) -> Iterator[str]:
    return _keys(model.objects.filter(pk__gt=after), name)


def _keys(rows: Any, name: str) -> Iterator[str]:
    return iter(rows.order_by().values_list(name, flat=True).distinct())
