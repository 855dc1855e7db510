"""What a platform says about a learner now, taken up so that saying it twice, late or in another order is the same.

Rules:

* For each learner, thing and source there is one chain of rows; the newest decides. A report of an earlier moment than
  the newest row's is old news and changes nothing, whether it says that something holds or that it ended.
* A report of the same state writes nothing.
* "It does not hold" is a row too, also when nothing stood before: the report that it began may come later.
* A moment ahead of the clock is taken as now. A row whose moment lies ahead of the clock was written while a clock was
  wrong, and does not hold up the reports that follow.
* A row that begins or changes something owes an evaluation, in the same transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from .due import mark_due
from .models import ReportedFact
from .reported import MAX_TRIES, FactRefused, check_fact

__all__ = ["ObservedState", "observe", "standings_observed"]


@dataclass(frozen=True)
class ObservedState:
    """This learner, this thing (kind and key as in requirements), this state at this time, as *source* says."""

    learner_id: int
    kind: str
    key: str
    at: datetime
    source: str
    holds: bool = True
    number: float | None = None
    role: str = ""


def observe(state: ObservedState, *, now: datetime, settled: bool = False) -> bool:
    """Take the state up; whether it was news. Raises :class:`FactRefused` for what cannot be.

    *settled* says that it was read from the source's own table just now, which is right whatever was reported before.
    """
    check_fact(state.kind, state.key, state.number if state.holds else 0.0, state.role, state.at, None)
    at = min(state.at, now)
    for _try in range(MAX_TRIES):
        newest = _newest(state)
        if newest is not None:
            late = newest.at > at and newest.at <= now and not settled
            if late or _says_the_same(newest, state):
                return False
        elif settled and not state.holds:
            return False
        row = ReportedFact(
            learner_id=state.learner_id,
            kind=state.kind,
            key=state.key,
            number=state.number if state.holds else None,
            role=state.role,
            counts=state.holds,
            at=at,
            source=state.source[:255],
            recorded_at=now,
            corrects=newest,
            idempotency_key=_place(state, newest),
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                if state.holds:
                    mark_due(state.learner_id, state.kind, state.key, now=now)
        except IntegrityError:
            if not ReportedFact.objects.filter(idempotency_key=row.idempotency_key).exists():
                raise
            continue  # somebody else wrote the next row of the chain: look again at what it says
        return True
    raise FactRefused("Others kept writing this fact. Report it again.")


def standings_observed(learner_id: int, kind: str, key: str, *, source: str) -> frozenset[str]:
    """The roles in which something stands now: of the cohorts of a course, those the learner is in."""
    rows = ReportedFact.objects.filter(
        learner_id=learner_id, kind=kind, key=key, source=source, counts=True, correction__isnull=True
    )
    return frozenset(rows.values_list("role", flat=True))


def _newest(state: ObservedState) -> ReportedFact | None:
    rows = ReportedFact.objects.filter(
        learner_id=state.learner_id,
        kind=state.kind,
        key=state.key,
        role=state.role,
        source=state.source,
        correction__isnull=True,
    )
    found: ReportedFact | None = rows.order_by("-recorded_at").first()
    return found


def _says_the_same(row: ReportedFact, state: ObservedState) -> bool:
    return row.counts == state.holds and (not state.holds or row.number == state.number)


def _place(state: ObservedState, newest: ReportedFact | None) -> str:
    """One row only can follow a row, and one only can begin a chain: the database decides between two at once."""
    before = str(newest.pk) if newest is not None else "begins"
    parts = (state.learner_id, state.kind, state.key, state.role, state.source, before)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
