"""Announcements are rows, one for each award and one for its end; a worker tells them, once more if it died.

Those of single awards are written by the worker itself (:mod:`.gathering`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from ..bulk_rows import insert_rows
from ..delivery.backlog import Backlog, Tries, measure_backlog, measure_tries
from ..delivery.signals import deliveries_waiting
from .models import Announcement, AnnouncementAttempt, NoticeChoice

__all__ = [
    "announce_awards",
    "announce_held",
    "announce_revoked",
    "announcement_backlog",
    "announcement_tries",
    "choose_notices",
    "wake_worker",
    "wants_notices",
]

_NOWHERE = Q(pk__in=[])


def announce_held(award_ids: Iterable[str], *, now: datetime, hold_until: datetime) -> None:
    """Tell of these new awards, written in this transaction, not before *hold_until*.

    Only what is to be told later needs this; everything else is found in the ledger.
    """
    ids = {UUID(pk) for pk in award_ids}
    ids -= set(
        Announcement.objects.filter(award_id__in=ids, revoked=False).values_list("award_id", flat=True)
    )
    insert_rows(
        Announcement,
        ("id", "award"),
        [(uuid4(), pk) for pk in ids],
        shared={"revoked": False, "created_at": now, "next_attempt_at": hold_until},
    )


def announce_awards(award_ids: Collection[UUID], *, now: datetime) -> int:
    """Tell of these awards as soon as may be."""
    return _write(award_ids, revoked=False, now=now, due=now)


def announce_revoked(award_ids: Collection[str], *, now: datetime) -> int:
    """Tell that these were taken back. One that nobody heard of is never mentioned."""
    ids = [UUID(str(pk)) for pk in award_ids]
    untold = Announcement.objects.filter(award_id__in=ids, revoked=False, state="pending", attempts=0)
    untold.update(state="dead", next_attempt_at=None, last_code="called_off")
    known = Announcement.objects.filter(award_id__in=ids, revoked=False).exclude(last_code="called_off")
    return _write(known.values_list("award_id", flat=True), revoked=True, now=now, due=now)


def wants_notices(learner_id: int) -> bool:
    """Whether this learner is notified of badges: everybody is who did not say no."""
    return not NoticeChoice.objects.filter(learner_id=learner_id, wanted=False).exists()


def choose_notices(learner_id: int, wanted: str, *, now: datetime) -> None:
    """Keep the learner's choice, ``yes`` or anything else for no; asked again when a notification goes out."""
    NoticeChoice.objects.update_or_create(
        learner_id=learner_id, defaults={"wanted": wanted == "yes", "changed_at": now}
    )


def announcement_backlog(*, now: datetime) -> Backlog:
    """How announcements stand."""
    return measure_backlog(Announcement, "announcement", now=now, away=_NOWHERE)


def announcement_tries() -> Tries:
    """The newest tries."""
    return measure_tries(AnnouncementAttempt, "announcement")


def wake_worker(count: int) -> None:
    """Say, once this transaction is committed, that there is something to tell."""
    transaction.on_commit(
        partial(deliveries_waiting.send_robust, sender=Announcement, count=count), robust=True
    )


def _write(award_ids: Iterable[UUID], *, revoked: bool, now: datetime, due: datetime) -> int:
    rows = [
        Announcement(award_id=pk, revoked=revoked, created_at=now, next_attempt_at=due) for pk in award_ids
    ]
    if rows:
        Announcement.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
