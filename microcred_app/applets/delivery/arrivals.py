"""What arrived in a wallet is looked for there some time later: this room says when; :mod:`.read_back` does it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from random import SystemRandom
from uuid import UUID

from django.db import DatabaseError, transaction

from microcred_app.conf import settings

from .models import WalletReading

__all__ = ["first_wait", "note_arrivals"]

log = logging.getLogger(__name__)

_chance = SystemRandom()


def first_wait() -> timedelta:
    """How long after an arrival a wallet is read: ``COPIES_FIRST_MINUTES`` and up to as long again."""
    return timedelta(minutes=settings().copies_first_minutes) * (1 + _chance.random())


def note_arrivals(connection_ids: Collection[UUID], *, now: datetime) -> None:
    """Have these wallets read in a while: one question to the table where that is known already.

    A wallet that could not be read keeps its longer wait. Not part of the transaction that records pushes: a reading
    that is missed is made after the next push.
    """
    if settings().copies_every_days <= 0 or not connection_ids:
        return
    latest = now + timedelta(minutes=settings().copies_first_minutes) * 2
    rows = WalletReading.objects.filter(connection_id__in=connection_ids)
    known = {
        pk: (at, failures) for pk, at, failures in rows.values_list("connection_id", "next_at", "failures")
    }
    new = sorted(set(connection_ids) - set(known))
    late = sorted(pk for pk, (at, failures) in known.items() if at > latest and not failures)
    try:
        with transaction.atomic():
            if new:
                WalletReading.objects.bulk_create(
                    [WalletReading(connection_id=pk, next_at=now + first_wait()) for pk in new],
                    ignore_conflicts=True,
                )
            if late:
                rows.filter(connection_id__in=late, next_at__gt=latest, failures=0).update(
                    next_at=now + first_wait()
                )
    except (
        DatabaseError
    ) as error:  # an owner closed their account meanwhile, or another worker was in the way
        log.info("When wallets are read back was not noted for %s of them: %s", len(new) + len(late), error)
