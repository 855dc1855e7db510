"""Award, credential and outbox rows of what is due, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ..awards import api as awards
from ..badges import api as badges
from .bulk import store_with_awards
from .preparation import PreparedCredential, prepare_credentials

__all__ = ["sign_due", "write_granted"]


def sign_due(found: Sequence[awards.DueAward], *, now: datetime) -> tuple[PreparedCredential, ...]:
    """Sign for awards that were just found and are not written yet, outside the writing transaction."""
    given = [award.as_granted(now) for award in found]
    return prepare_credentials(given, now=now, stamp=badges.seen_stamp())


def write_granted(
    found: Sequence[awards.DueAward],
    prepared: Sequence[PreparedCredential],
    *,
    now: datetime,
    batch_id: UUID | None = None,
    hold_until: datetime | None = None,
) -> None:
    """Write awards and credentials in the caller's transaction; wallets are told, not before *hold_until*.

    Raises IntegrityError when one of the awards exists already.
    """
    awards.write_awards(found, now=now, batch_id=batch_id)
    store_with_awards(prepared, now=now, hold_until=hold_until)
