"""End a list early, and say truly how far it came.

A worker may have written a piece and not yet said so, or have died between the two. What it wrote counts: otherwise
nobody could undo it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ..attainments.api import mark_due
from ..attainments.reported_many import learners_of_source
from ..awards import api as awards
from .data import CAN_BE_DONE, PIECE, ListInfo
from .lists import get_list, record, source_of, take_step
from .models import SignOffEntry, SignOffList

__all__ = ["cancel_list", "count_written"]

State = SignOffList.State


def cancel_list(list_id: str, *, actor_id: int | None, now: datetime) -> ListInfo:
    """End it early; what was signed off stands until it is undone."""
    info = get_list(list_id)
    with transaction.atomic():
        take_step(info, (State.RUNNING, State.PAUSED), State.CANCELLED, finished_at=now)
        count_written(UUID(info.id), now)
        record("signoff_list.cancelled", list_id, actor_id, now)
    return get_list(list_id)


def count_written(pk: UUID, now: datetime) -> None:
    """Count the sign-offs of a piece that was written and not told, in the transaction that ends the list.

    Badges that build on what they earned may not have been looked at yet: that is owed from now on.
    """
    row = SignOffList.objects.get(pk=pk)
    rest = row.entries.filter(verdict__in=CAN_BE_DONE, number__gt=row.cursor).order_by("number")
    named = list(rest.values_list("pk", "number", "learner_id")[:PIECE])
    signed = learners_of_source(
        source_of(pk), row.key, [learner for _pk, _number, learner in named if learner]
    )
    written = [entry for entry in named if entry[2] in signed]
    if not written:
        return
    for learner_id in signed:
        mark_due(learner_id, "signoff", row.key, now=now)
    SignOffEntry.objects.filter(pk__in=[entry for entry, _number, _learner in written]).update(
        verdict=SignOffEntry.Verdict.DONE, details={}
    )
    SignOffList.objects.filter(pk=pk).update(
        cursor=written[-1][1],
        signed=F("signed") + len(written),
        granted=awards.count_in_batches([pk]).get(pk, 0),
    )
