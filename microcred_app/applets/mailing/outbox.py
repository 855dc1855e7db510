"""Mails are rows in the transaction that issues the badge; whether one goes out is asked again when it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache, partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ..delivery.backlog import Backlog, Tries, measure_backlog, measure_overdue, measure_tries, places_away
from ..delivery.pushing_again import SUSPENDED
from ..delivery.signals import deliveries_waiting
from ..skills.stamp import touch_definitions
from .models import BadgeMail, BadgeMailAttempt, MailChoice

__all__ = [
    "choose_mail",
    "enqueue_mails",
    "mail_backlog",
    "mail_overdue",
    "mail_reinstated",
    "mail_tries",
    "wants_mail",
]

CHUNK = 500


def wants_mail(learner_id: int) -> bool:
    """Whether this learner asked for new badges by e-mail."""
    return MailChoice.objects.filter(learner_id=learner_id, wanted=True).exists()


def choose_mail(learner_id: int, wanted: str, *, now: datetime) -> None:
    """Keep the learner's choice, ``yes`` or anything else for no; mails that wait are not sent after a no."""
    with transaction.atomic():
        if wanted == "yes" and not _ask_who_wants_mail():
            touch_definitions()  # awards ask who wants mail only where somebody does
        MailChoice.objects.update_or_create(
            learner_id=learner_id, defaults={"wanted": wanted == "yes", "changed_at": now}
        )


def _somebody_wants_mail(stamp: str) -> bool:
    return _known_to_want(stamp) if stamp else _ask_who_wants_mail()


@lru_cache(maxsize=16)
def _known_to_want(stamp: str) -> bool:
    return _ask_who_wants_mail()


def _ask_who_wants_mail() -> bool:
    return MailChoice.objects.filter(wanted=True).exists()


def enqueue_mails(
    credentials: Iterable[tuple[str, int]],
    *,
    now: datetime,
    stamp: str,
    hold_until: datetime | None = None,
) -> int:
    """Write a row for each new credential whose learner wants mail; none goes out before *hold_until*.

    *stamp* is that of the definitions: it changes when the first learner of a site wants mail.
    """
    if not _somebody_wants_mail(stamp):
        return 0
    pairs = [(UUID(str(pk)), learner_id) for pk, learner_id in credentials]
    written = 0
    for begin in range(0, len(pairs), CHUNK):
        chunk = pairs[begin : begin + CHUNK]
        choices = MailChoice.objects.filter(learner_id__in={learner for _pk, learner in chunk}, wanted=True)
        wanting = set(choices.values_list("learner_id", flat=True))
        rows = [
            BadgeMail(credential_id=pk, created_at=now, next_attempt_at=hold_until or now)
            for pk, learner_id in chunk
            if learner_id in wanting
        ]
        if rows:
            BadgeMail.objects.bulk_create(rows, ignore_conflicts=True)
            written += len(rows)
    if written:
        transaction.on_commit(partial(deliveries_waiting.send_robust, sender=BadgeMail, count=written))
    return written


def mail_reinstated(award_ids: Iterable[str], *, now: datetime) -> int:
    """Mails that ended because their badge was suspended begin again; how many."""
    held = BadgeMail.objects.filter(
        credential__award_id__in=list(award_ids), state=BadgeMail.State.DEAD, last_code=SUSPENDED
    )
    ids = list(held.values_list("pk", flat=True))
    rows = BadgeMail.objects.filter(pk__in=ids, state=BadgeMail.State.DEAD, last_code=SUSPENDED)
    again = rows.update(state=BadgeMail.State.PENDING, next_attempt_at=now, attempts=0, last_code="")
    if again:
        transaction.on_commit(partial(deliveries_waiting.send_robust, sender=BadgeMail, count=again))
    return again


def mail_backlog(*, now: datetime) -> Backlog:
    """How mails stand."""
    return measure_backlog(BadgeMail, "mail", now=now, away=_away(now))


def mail_overdue(*, now: datetime) -> float:
    """For how long nobody took a mail that is due."""
    return measure_overdue(BadgeMail, now=now, away=_away(now))


def mail_tries() -> Tries:
    """The newest tries."""
    return measure_tries(BadgeMailAttempt, "mail")


def _away(now: datetime) -> Q:
    """There is one place: the mail server."""
    return Q(pk__isnull=False) if places_away("mail", now=now) else Q(pk__in=[])
