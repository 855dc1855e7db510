"""Take a whole back-fill back, with a reason; in pieces, so that a killed worker goes on where it stopped.

Until the grace period ends no wallet was told, and the waiting deliveries are called off with the awards. After
it the credentials are revoked like any other: whoever checks them sees it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from ..audit import api as audit
from ..awards import api as awards
from ..delivery import api as delivery
from ..issuance import api as issuance
from .batches import get_batch, tidy_reason
from .data import BatchInfo
from .errors import BatchRefused
from .models import Batch
from .signals import batch_waiting

__all__ = ["undo_batch", "work_on_undo"]

CHUNK = 1_000


def undo_batch(batch_id: str, *, actor_id: int, reason: str, now: datetime) -> BatchInfo:
    """Begin to reverse every standing award of a back-fill that is done or cancelled; a worker does it."""
    info = get_batch(batch_id)
    permissions.require(actor_id, permissions.Action.RUN_JOBS, info.issuer_slug)
    permissions.require(actor_id, permissions.Action.REVOKE_AWARDS, info.issuer_slug)
    reason = tidy_reason(reason)
    if not reason:
        raise awards.ReasonMissing(_("Give a reason. It is kept in the audit log."))
    with transaction.atomic():
        started = Batch.objects.filter(
            pk=UUID(info.id), state__in=(Batch.State.DONE, Batch.State.CANCELLED)
        ).update(
            state=Batch.State.UNDOING,
            undo_reason=reason,
            undone_by_id=actor_id,
            undone_at=now,
            sequel_at=None,
        )
        if not started:
            raise BatchRefused(_("Only a back-fill that has ended can be undone. Cancel it first."))
        _require_reversible(info)
        audit.record(
            "backfill.undone",
            object_type="batch",
            object_id=info.id,
            actor_id=actor_id,
            now=now,
            reason=reason,
            details={"badge": info.badge_key, "awards": info.granted},
            issuer_slug=info.issuer_slug,
        )
        transaction.on_commit(partial(batch_waiting.send_robust, sender=Batch, batch_id=info.id))
    return get_batch(batch_id)


def _require_reversible(info: BatchInfo) -> None:
    """Raise when credentials were revoked for good, so that taking back would leave people without any."""
    if info.kind == Batch.Kind.WITHDRAW:
        raise BatchRefused(
            _("A revocation cannot be taken back. Those who meet the rule can be given the new version.")
        )
    version_id = Batch.objects.values_list("version_id", flat=True).get(pk=UUID(info.id))
    if Batch.objects.filter(once_key=f"{version_id}:{Batch.Kind.WITHDRAW}").exists():
        raise BatchRefused(
            _(
                "The older credentials were revoked already, so taking back the new ones would leave their "
                "holders with nothing."
            )
        )


def work_on_undo(batch_id: str, *, clock: Callable[[], datetime], seconds: float) -> bool:
    """Reverse awards for about *seconds*; says whether there is more to do. Two workers at once do no harm."""
    until = time.monotonic() + seconds
    row = Batch.objects.get(pk=UUID(batch_id))
    while row.state == Batch.State.UNDOING and time.monotonic() < until:
        with transaction.atomic():
            Batch.objects.select_for_update().get(pk=row.pk)  # one worker at a time
            award_ids = awards.standing_in_batch(row.pk, limit=CHUNK)
            if not award_ids:
                Batch.objects.filter(pk=row.pk).update(state=Batch.State.UNDONE)
                return False
            now = clock()
            awards.reverse_many(award_ids, actor_id=row.undone_by_id, reason=row.undo_reason, now=now)
            credential_ids = issuance.revoke_many(award_ids, now=now)
            delivery.call_off(credential_ids, now=now)
    return row.state == Batch.State.UNDOING
