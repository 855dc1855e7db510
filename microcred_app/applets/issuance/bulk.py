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

from django.db import IntegrityError, transaction

from ..awards.api import AwardInfo
from .credentials import IssuedCredential, credentials_of_awards, describe_credential
from .models import Credential
from .preparation import PreparedCredential, prepare_credentials
from .signals import credentials_issued

__all__ = ["issue_many", "store_credentials"]


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
    rows = [_row(entry) for entry in prepared]
    names = {entry.award.id: entry.award.badge.name for entry in prepared}
    with transaction.atomic(savepoint=False):
        winners = _insert(rows)
        written = [row for row in rows if row.award_id not in winners]
        credentials_issued.send(
            sender=Credential,
            credentials=tuple((str(row.pk), row.learner_id) for row in written),
            now=now,
            hold_until=hold_until,
        )
    return {
        str(row.award_id): describe_credential(row, names[str(row.award_id)]) for row in written
    } | winners


def _row(entry: PreparedCredential) -> Credential:
    return Credential(
        id=entry.id,
        award_id=entry.award.id,
        learner_id=entry.award.learner_id,
        issuer_key_id=entry.key_id,
        status_entry_id=entry.status_entry_id,
        uri=entry.uri,
        document=entry.document,
        sha256=hashlib.sha256(entry.document).hexdigest(),
        issued_at=entry.signed_at,
    )


def _insert(rows: Sequence[Credential]) -> dict[str, IssuedCredential]:
    """Write *rows*; the credentials of awards for which somebody else was first, whose rows are left out."""
    winners: dict[str, IssuedCredential] = {}
    while True:
        try:
            with transaction.atomic():
                Credential.objects.bulk_create([row for row in rows if str(row.award_id) not in winners])
        except IntegrityError:
            earlier = credentials_of_awards(str(row.award_id) for row in rows)
            if earlier.keys() <= winners.keys():
                raise  # not the race that this is about
            winners = earlier
        else:
            return winners
