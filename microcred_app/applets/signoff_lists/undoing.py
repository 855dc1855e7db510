"""Take a whole list back, with a reason; in pieces, so that a killed worker goes on where it stopped.

The sign-offs go first and the awards after them, so that no event in between grants anew what is being taken back.
Until the grace period ends nobody was told, and what waits to be told is called off; after it credentials are revoked
like any other. Who is on a better list afterwards is given the badge again: the list was wrong, not the learner.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ..attainments.api import mark_due
from ..attainments.reported_many import take_back_source
from ..awards import api as awards
from ..backfill.signals import batch_waiting
from ..delivery import api as delivery
from ..issuance import api as issuance
from .data import ListInfo
from .errors import ListRefused
from .lists import get_list, record, source_of
from .models import SignOffList

__all__ = ["undo_list", "undo_piece"]

PIECE = 200
State = SignOffList.State


def undo_list(list_id: str, *, reason: str, actor_id: int | None, now: datetime) -> ListInfo:
    """Begin to take back every sign-off of a list that has ended, and every award it led to; a worker does it."""
    info = get_list(list_id)
    with transaction.atomic():
        ended = SignOffList.objects.filter(pk=UUID(info.id), state__in=(State.DONE, State.CANCELLED))
        if not ended.update(state=State.UNDOING, undo_reason=reason, undone_by_id=actor_id, undone_at=now):
            raise ListRefused(_("Only a list that has ended can be undone. Cancel it first."))
        record(
            "signoff_list.undone",
            info.id,
            actor_id,
            now,
            reason=reason,
            signed=info.signed,
            granted=info.granted,
        )
        transaction.on_commit(partial(batch_waiting.send_robust, sender=SignOffList, batch_id=info.id))
    return get_list(list_id)


@transaction.atomic
def undo_piece(pk: UUID, now: datetime) -> bool:
    """Take some back; says whether there is more."""
    row = SignOffList.objects.select_for_update().filter(pk=pk, state=State.UNDOING).first()
    if row is None:
        return False
    taken = take_back_source(
        source_of(pk), row.key, actor_id=row.undone_by_id, reason=row.undo_reason, now=now, limit=PIECE
    )
    if taken:
        for learner_id in taken:
            mark_due(learner_id, "signoff", row.key, now=now)
        return True
    # A newer version that was given for one of these rests on the same list.
    award_ids = tuple(awards.standing_versions(awards.standing_in_batch(pk, limit=PIECE)))
    if award_ids:
        awards.reverse_many(
            award_ids, actor_id=row.undone_by_id, reason=row.undo_reason, now=now, cause=awards.WRONG_LIST
        )
        delivery.call_off(issuance.revoke_many(award_ids, now=now), now=now)
        for learner_id in awards.learners_of(award_ids):
            mark_due(learner_id, "signoff", row.key, now=now)
        return True
    SignOffList.objects.filter(pk=pk).update(state=State.UNDONE)
    return False
