"""Check a list piece by piece: whom each row means, and what signing off would do for them. Signs nothing off.

A piece is one transaction, for which a worker holds the list: a killed worker loses one piece, two take turns.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ..awards import api as awards
from ..badges import api as badges
from .data import CAN_BE_DONE
from .judging import Judge
from .models import SignOffEntry, SignOffList
from .people import find_people

__all__ = ["check_piece"]

PIECE = 500
Verdict = SignOffEntry.Verdict
#: Rows behind which a person was found: the same person further down is there twice.
_NAMING = (*CAN_BE_DONE, Verdict.SIGNED, Verdict.HOLDS)


@transaction.atomic
def check_piece(pk: UUID, now: datetime) -> bool:
    """Check the next rows; says whether there are more."""
    row = SignOffList.objects.select_for_update().filter(pk=pk, state=SignOffList.State.CHECKING).first()
    if row is None:
        return False
    entries = list(
        row.entries.filter(verdict=Verdict.UNCHECKED, number__gt=row.cursor).order_by("number")[:PIECE]
    )
    if not entries:
        SignOffList.objects.filter(pk=pk).update(state=SignOffList.State.READY, cursor=0)
        return False
    _find(row, entries)
    _judge(row, [entry for entry in entries if entry.verdict == Verdict.UNCHECKED], now)
    SignOffEntry.objects.bulk_update(entries, ["learner", "verdict", "details"], batch_size=100)
    SignOffList.objects.filter(pk=pk).update(cursor=entries[-1].number)
    return True


def _find(row: SignOffList, entries: list[SignOffEntry]) -> None:
    people = find_people({entry.who for entry in entries})
    meant = {pk for ids in people.values() if len(ids) == 1 for pk in ids}
    seen = set(
        row.entries.filter(learner__in=meant, verdict__in=_NAMING).values_list("learner_id", flat=True)
    )
    for entry in entries:
        ids = people[entry.who]
        if len(ids) != 1:
            entry.verdict = Verdict.SEVERAL if ids else Verdict.UNKNOWN
            continue
        [learner_id] = ids
        if learner_id == row.handed_in_by_id:
            entry.verdict = Verdict.ONESELF
        elif learner_id in seen:
            entry.verdict = Verdict.TWICE
        else:
            seen.add(learner_id)
            entry.learner_id = learner_id


def _judge(row: SignOffList, entries: list[SignOffEntry], now: datetime) -> None:
    standings = awards.read_standings([entry.learner_id for entry in entries if entry.learner_id])
    judge = Judge(row.key, row.role, badges.current_definitions(standings.stamp or None), now)
    for entry in entries:
        standing = standings.of[entry.learner_id or 0]
        if standing.retired:
            entry.verdict, entry.learner_id = Verdict.UNKNOWN, None
            continue
        judged = judge.judge(standing, entry.seen_on)
        entry.verdict, entry.details = judged.verdict, judged.details
