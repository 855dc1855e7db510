"""Award, credential and outbox rows of what is due, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from ..awards import api as awards
from ..badges import api as badges
from .bulk import store_with_awards
from .preparation import PreparedCredential, prepare_credentials
from .renewals import Renewal

__all__ = ["sign_due", "write_granted"]

_NO_RENEWALS: Mapping[str, Renewal] = MappingProxyType({})


def sign_due(
    found: Sequence[awards.DueAward],
    *,
    now: datetime,
    renewals: Mapping[str, Renewal] = _NO_RENEWALS,
) -> tuple[PreparedCredential, ...]:
    """Sign for awards that were just found and are not written yet, outside the writing transaction.

    With *renewals* (:func:`~.renewals.renewals_of`) what is renewed keeps its credential.
    """
    given = [award.as_granted(now) for award in found]
    return prepare_credentials(given, now=now, stamp=badges.seen_stamp(), renewals=renewals)


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
