"""What stands behind a figure, said so that it is another text whenever the figure could be another number.

This is the watermark of incremental counting. A moment would not do: facts come late, twice and out of order, with the
time at which they happened and not at which they were written, and a transaction may commit after a later one. What is
compared is *how much there is*: how many rows of each kind, the sum of their keys where rows may change, and the latest
moment among them. Attainments, awards and reversals only ever grow in number; progress, sharing and following change,
and every change of theirs moves a sum or a latest moment.

Reading that of everything goes through nine tables, which is done once a day. In between only those subjects are
compared behind which something is new (:mod:`.recent`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Model, Q, QuerySet, Sum

from ..attainments.models import Attainment, PartResult, StepVisit, UnitProgress
from ..awards.models import Award
from ..delivery.models import Delivery
from ..evidence.models import Submission
from ..issuance.models import Credential
from ..offers.models import Offer
from ..pathways.models import Following

__all__ = ["Asked", "Marks", "digest_of", "read_marks"]

#: Keys in one question: databases limit how many a statement may name.
CHUNK = 400


@dataclass(frozen=True)
class Marks:
    """For every unit, outcome, badge and pathway: how much stands behind it now."""

    units: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    badges: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    pathways: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Asked:
    """The units, outcomes, badges and pathways whose marks are wanted."""

    units: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    badges: frozenset[str] = frozenset()
    pathways: frozenset[str] = frozenset()


def read_marks(asked: Asked | None = None) -> Marks:
    """Those that are *asked* for, read by index; or all of them, in one question for each kind of row."""
    marks = Marks()
    counted = Count("pk")
    of_units: tuple[tuple[Any, str, tuple[Any, ...]], ...] = (
        (
            UnitProgress.objects,
            "unit_usage_key",
            (
                Sum("pk"),
                Max("started_at"),
                Count("completed_at"),
                Sum("pk", filter=Q(completed_at__isnull=False)),
                Max("completed_at"),
            ),
        ),
        (PartResult.objects, "progress__unit_usage_key", (Sum("pk"),)),
        (StepVisit.objects, "progress__unit_usage_key", (Sum("pk"),)),
        (Submission.objects.exclude(state=Submission.DRAFT), "unit_usage_key", (Sum("learner_id"),)),
    )
    of_badges: tuple[tuple[Any, str, tuple[Any, ...]], ...] = (
        (Award.objects, "version__badge__key", (Count("reversal"),)),
        (
            Credential.objects.filter(shared_at__isnull=False),
            "award__version__badge__key",
            (Sum("learner_id"), Max("shared_at")),
        ),
        (
            Delivery.objects.filter(state=Delivery.State.DELIVERED),
            "credential__award__version__badge__key",
            # Not of the rows' own keys: no database adds UUIDs, and MariaDB, which has such a type, refuses to.
            (Sum("credential__learner_id"), Max("delivered_at")),
        ),
        (Offer.objects.filter(redeemed_at__isnull=False), "award__version__badge__key", ()),
    )
    for rows, by, more in of_units:
        _add(marks.units, rows, by, (counted, *more), asked.units if asked else None)
    corrections = (counted, Count("corrections"))
    _add(marks.outcomes, Attainment.objects, "outcome__key", corrections, asked.outcomes if asked else None)
    for rows, by, more in of_badges:
        _add(marks.badges, rows, by, (counted, *more), asked.badges if asked else None)
    staying = Sum("learner_id", filter=Q(left_at=None))
    followers = (counted, Sum("learner_id"), staying, Max("followed_at"), Max("left_at"))
    _add(marks.pathways, Following.objects, "pathway__key", followers, asked.pathways if asked else None)
    return marks


def _add(
    found: dict[str, list[object]],
    rows: QuerySet[Model] | Any,
    by: str,
    counts: Iterable[object],
    wanted: frozenset[str] | None,
) -> None:
    names = {f"n{place}": count for place, count in enumerate(counts)}
    for some in _chunks(wanted):
        narrowed = rows if some is None else rows.filter(**{f"{by}__in": some})
        keyed = narrowed.order_by().values(told=F(by)).annotate(**names)
        for key, *numbers in keyed.values_list("told", *names):
            found[key].append([f"{by}", *map(str, numbers)])


def _chunks(wanted: frozenset[str] | None) -> Iterator[list[str] | None]:
    """The keys in pieces that a statement may name; one piece that is None where all are wanted."""
    if wanted is None:
        yield None
        return
    ordered = sorted(wanted)
    for place in range(0, len(ordered), CHUNK):
        yield ordered[place : place + CHUNK]


def digest_of(*behind: object) -> str:
    """One short text for everything that stands behind a figure."""
    return hashlib.sha256(repr(behind).encode()).hexdigest()
