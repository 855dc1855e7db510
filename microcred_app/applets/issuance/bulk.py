"""Store many credentials with what belongs to them, in one transaction and few queries.

Rows and outbox commit together or not at all. A chunk that is handed in again, after a worker died or by a second
worker, changes nothing: an award that has a credential keeps it.

A back-fill signs first (:mod:`.preparation`) and then writes awards and credentials in one short transaction, so that
several processes can sign at the same time even where one writer excludes the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from ..awards.api import AwardInfo
from ..bulk_rows import insert_rows
from .credentials import IssuedCredential, credentials_of_awards
from .models import Credential
from .preparation import PreparedCredential, prepare_credentials
from .renewals import Edition, write_renewals
from .signals import credentials_issued

__all__ = ["issue_many", "store_credentials", "store_with_awards"]


def issue_many(awards: Sequence[AwardInfo], *, now: datetime) -> dict[str, IssuedCredential]:
    """Sign and store, in one transaction, the credentials of up to 1,000 awards of the ledger that have none.

    The credential of each award, by its id. Raises :class:`~.errors.AwardsRefused`, and then nothing is written.
    """
    with transaction.atomic():
        found = credentials_of_awards([award.id for award in awards])
        missing = {award.id: award for award in awards if award.id not in found}
        if missing:
            found |= store_credentials(prepare_credentials(list(missing.values()), now=now), now=now)
    return found


def store_credentials(
    prepared: Sequence[PreparedCredential], *, now: datetime, hold_until: datetime | None = None
) -> dict[str, IssuedCredential]:
    """Store what was signed, and tell the rooms above; call it in the transaction that writes the awards.

    The credential of each award, by its id: where somebody else was first, theirs. With *hold_until* wallets
    are not told before.
    """
    with transaction.atomic(savepoint=False):
        winners = _insert(prepared)
        written = [entry for entry in prepared if entry.award.id not in winners]
        _tell(written, now, hold_until)
    return {entry.award.id: _as_stored(entry) for entry in written} | winners


def store_with_awards(
    prepared: Sequence[PreparedCredential], *, now: datetime, hold_until: datetime | None = None
) -> None:
    """As :func:`store_credentials` for awards that the caller's transaction has written itself.

    Nobody else can have signed for them, so a conflict is none of a race and raises IntegrityError. What goes on
    with an earlier credential becomes its next edition.
    """
    new = [entry for entry in prepared if entry.renewal is None]
    _write(new)
    if new:
        _tell(new, now, hold_until)
    if len(new) < len(prepared):
        write_renewals(
            [
                Edition(entry.renewal, entry.key_id, entry.document, entry.span)
                for entry in prepared
                if entry.renewal is not None
            ],
            now=now,
        )


def _tell(prepared: Sequence[PreparedCredential], now: datetime, hold_until: datetime | None) -> None:
    credentials_issued.send(
        sender=Credential,
        credentials=tuple((str(entry.id), entry.award.learner_id) for entry in prepared),
        award_ids=tuple(entry.award.id for entry in prepared),
        now=now,
        hold_until=hold_until,
    )


def _as_stored(entry: PreparedCredential) -> IssuedCredential:
    return IssuedCredential(
        id=str(entry.id),
        uri=entry.uri,
        award_id=entry.award.id,
        learner_id=entry.award.learner_id,
        badge_name=entry.award.badge.name,
        document=entry.document,
        sha256=_digest(entry),
        issued_at=entry.signed_at,
        shared_at=None,
        revoked_at=None,
    )


def _row(entry: PreparedCredential) -> tuple[Any, ...]:
    """The values of :data:`_COLUMNS`."""
    span = entry.span
    return (
        entry.id,
        UUID(entry.award.id),
        entry.award.learner_id,
        entry.key_id,
        entry.place.list_id,
        entry.place.index,
        entry.uri,
        entry.document,
        _digest(entry),
        span.ends,
        span.renew_at,
    )


_COLUMNS = (
    *("id", "award", "learner", "issuer_key", "status_list", "status_index", "uri", "document"),
    *("sha256", "document_ends", "renew_at"),
)


def _digest(entry: PreparedCredential) -> str:
    return hashlib.sha256(entry.document).hexdigest()


def _insert(prepared: Sequence[PreparedCredential]) -> dict[str, IssuedCredential]:
    """Write the rows; the credentials of awards for which somebody else was first, whose rows are left out."""
    winners: dict[str, IssuedCredential] = {}
    while True:
        try:
            with transaction.atomic():
                _write([entry for entry in prepared if entry.award.id not in winners])
        except IntegrityError:
            earlier = credentials_of_awards(entry.award.id for entry in prepared)
            if earlier.keys() <= winners.keys():
                raise  # not the race that this is about
            winners = earlier
        else:
            return winners


def _write(prepared: Sequence[PreparedCredential]) -> None:
    by_moment: dict[datetime, list[PreparedCredential]] = {}
    for entry in prepared:
        by_moment.setdefault(entry.signed_at, []).append(entry)
    for moment, entries in by_moment.items():
        insert_rows(Credential, _COLUMNS, list(map(_row, entries)), shared={"issued_at": moment})
