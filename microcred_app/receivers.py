"""Signals between the rooms: what must travel up the house travels here.

Each receiver is a few lines that call the room it belongs to.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import api, tasks
from .applets.announcements import api as announcements
from .applets.attainments.api import DueEvaluationInfo
from .applets.attainments.signals import evaluation_due
from .applets.awards.signals import award_reversed, awards_reinstated, awards_reversed, awards_suspended
from .applets.backfill.signals import batch_waiting, preview_waiting
from .applets.badges import api as badges
from .applets.delivery.signals import deliveries_waiting
from .applets.evidence.signals import submission_accepted, submission_rejudged
from .applets.issuance.signals import (
    credential_issued,
    credentials_issued,
    credentials_prolonged,
    credentials_renewed,
)
from .applets.mailing.api import enqueue_mails, mail_reinstated
from .applets.sources import api as sources
from .applets.vendors import api as vendors
from .applets.webhooks import api as webhooks
from .compat import listen_to_courses, listen_to_platform, retirement_signals
from .conf import settings
from .learning import outline
from .people import retire_account
from .platform_facts import Seen
from .wake_up import WakeUp

__all__ = ["connect", "connect_to_platform"]

log = logging.getLogger(__name__)


def connect() -> None:
    """Connect every receiver, once."""
    for signal, receiver in (
        (submission_accepted, on_submission_accepted),
        (submission_rejudged, on_submission_rejudged),
        (evaluation_due, on_evaluation_due),
        (award_reversed, on_award_reversed),
        (awards_reversed, on_awards_reversed),
        (awards_suspended, on_awards_suspended),
        (awards_reinstated, on_awards_reinstated),
        (credential_issued, on_credential_issued),
        (credentials_issued, on_credentials_issued),
        (credentials_renewed, on_credentials_renewed),
        (credentials_prolonged, on_credentials_prolonged),
        (deliveries_waiting, on_deliveries_waiting),
        (batch_waiting, on_batch_waiting),
        (preview_waiting, on_preview_waiting),
    ):
        signal.connect(receiver, dispatch_uid=f"microcred_app.receivers.{receiver.__name__}")
    listen_to_platform(on_platform_seen)
    listen_to_courses(on_course_changed)


def on_platform_seen(seen: Iterable[Seen]) -> None:
    """Take up what the platform says of learners, in the platform's own transaction: both commit, or neither."""
    sources.take_in(seen, asked=sources.asked_by_badges(), now=timezone.now())


def on_course_changed(course_key: str) -> None:
    """Units may have come or gone: looked through after the commit, here or by a worker of Studio."""
    outline.note_course_changed(course_key, now=timezone.now())
    if settings().use_celery:
        transaction.on_commit(partial(tasks.walk_course_task.delay, course_key), robust=True)
    else:
        transaction.on_commit(partial(outline.walk_changed, course_key, now=timezone.now()), robust=True)


def connect_to_platform() -> None:
    """Connect to what the platform says about accounts; where there is no platform, to nothing."""
    for number, signal in enumerate(retirement_signals()):
        signal.connect(
            on_account_retired, dispatch_uid=f"microcred_app.receivers.on_account_retired.{number}"
        )


def on_account_retired(*, user: Any, **_kwargs: Any) -> None:
    """Forget the person. An exception fails the platform's step, which is then repeated: nothing is left half-done."""
    retire_account(int(user.pk), now=timezone.now())


def on_submission_accepted(*, learner_id: int, now: datetime, **kwargs: Any) -> None:
    """Accepted evidence completes its part of the unit."""
    api.count_accepted_evidence(
        learner_id,
        unit_usage_key=kwargs["unit_usage_key"],
        part_usage_key=kwargs["part_usage_key"],
        score=kwargs["score"],
        by_reviewer=kwargs["by_reviewer"],
        now=now,
    )


def on_submission_rejudged(*, learner_id: int, now: datetime, **kwargs: Any) -> None:
    """Evidence that was judged anew counts as it was judged."""
    api.recount_evidence(
        learner_id,
        unit_usage_key=kwargs["unit_usage_key"],
        part_usage_key=kwargs["part_usage_key"],
        score=kwargs["score"],
        cause=f"review {kwargs['review_id']}",
        now=now,
    )


def on_evaluation_due(*, due: DueEvaluationInfo, now: datetime, **_kwargs: Any) -> None:
    """Evaluate at once. The marker stays behind when this fails, and the worker finds it."""
    api.evaluate_now([due], now=now)


def on_award_reversed(*, award_id: str, reason: str, now: datetime, **_kwargs: Any) -> None:
    """Flip the status bits in the transaction that wrote the reversal, and tell the organisation's systems
    and vendors."""
    api.revoke_for_award(award_id, now=now)
    webhooks.note_revoked([award_id], now=now)
    vendors.note_revoked([award_id], now=now)
    announcements.announce_revoked([award_id], now=now)
    announcements.wake_worker(1)


def on_awards_reversed(*, award_ids: tuple[str, ...], now: datetime, **_kwargs: Any) -> None:
    """Tell the organisation's systems of many at once; whoever reversed them revokes."""
    webhooks.note_revoked(award_ids, now=now)
    vendors.note_revoked(award_ids, now=now)
    announcements.announce_revoked(award_ids, now=now)
    announcements.wake_worker(len(award_ids))


def on_awards_suspended(*, award_ids: tuple[str, ...], now: datetime, **_kwargs: Any) -> None:
    """Hold back what was signed, begin no push, and tell the organisation's systems."""
    api.hold_back(award_ids, now=now)
    webhooks.note_suspended(award_ids, now=now)
    announcements.wake_worker(len(award_ids))


def on_awards_reinstated(
    *, award_ids: tuple[str, ...], learners: tuple[tuple[int, str], ...], now: datetime, **_kwargs: Any
) -> None:
    """Sign anew, push, send what waited, tell the organisation's systems, and evaluate what builds on it."""
    api.reinstate(award_ids, learners=learners, now=now)
    mail_reinstated(award_ids, now=now)
    vendors.note_reinstated(award_ids, now=now)
    webhooks.note_reinstated(award_ids, now=now)
    announcements.wake_worker(len(award_ids))


def on_credential_issued(*, credential_id: str, learner_id: int, now: datetime, **_kwargs: Any) -> None:
    """Write outbox rows: for wallets that the learner asked to receive every new badge, for webhooks, for mail,
    and for vendors."""
    api.enqueue_for_wallets(credential_id, learner_id=learner_id, now=now)
    stamp = badges.current_definitions().stamp
    webhooks.note_awarded([credential_id], now=now, stamp=stamp)
    enqueue_mails([(credential_id, learner_id)], now=now, stamp=stamp)
    vendors.note_awarded([credential_id], now=now, stamp=stamp)
    announcements.wake_worker(1)


def on_credentials_issued(
    *,
    credentials: tuple[tuple[str, int], ...],
    award_ids: tuple[str, ...],
    now: datetime,
    hold_until: datetime | None = None,
    **_kwargs: Any,
) -> None:
    """The same for several; those of a back-fill wait until it cannot be undone any more."""
    api.enqueue_many_for_wallets(credentials, now=now, hold_until=hold_until)
    stamp = badges.seen_stamp()
    told = [pk for pk, _learner in credentials]
    webhooks.note_awarded(told, now=now, stamp=stamp, hold_until=hold_until)
    enqueue_mails(credentials, now=now, stamp=stamp, hold_until=hold_until)
    vendors.note_awarded(told, now=now, stamp=stamp, hold_until=hold_until)
    if hold_until is not None:
        announcements.announce_held(award_ids, now=now, hold_until=hold_until)
    announcements.wake_worker(len(told))


def on_credentials_renewed(*, credential_ids: tuple[str, ...], now: datetime, **_kwargs: Any) -> None:
    """Wallets that were sent the edition before get the new one; systems and vendors hear of the award behind it."""
    api.push_renewed(credential_ids, now=now)
    stamp = badges.current_definitions().stamp
    webhooks.note_renewed(credential_ids, now=now, stamp=stamp)
    vendors.note_awarded(credential_ids, now=now, stamp=stamp)


def on_credentials_prolonged(*, credential_ids: tuple[str, ...], now: datetime, **_kwargs: Any) -> None:
    """Wallets get the newer copy; nobody else hears of it."""
    api.push_renewed(credential_ids, now=now)


def on_deliveries_waiting(**_kwargs: Any) -> None:
    """Start a worker soon where Celery runs; elsewhere the worker command finds the rows within a second."""
    if settings().use_celery:
        _wake_up()


def _start_delivery(seconds: float) -> None:
    tasks.deliver_due_task.apply_async(countdown=seconds or None)


_wake_up = WakeUp(_start_delivery)


def on_batch_waiting(*, batch_id: str, **_kwargs: Any) -> None:
    """Start as many tasks as may share a back-fill; elsewhere the worker command goes on with it."""
    if settings().use_celery:
        for _task in range(max(1, settings().backfill_tasks)):
            tasks.backfill_task.delay(batch_id)


def on_preview_waiting(*, run_id: str, **_kwargs: Any) -> None:
    """The same for a preview: somebody waits for it."""
    if settings().use_celery:
        for _task in range(max(1, settings().backfill_tasks)):
            tasks.preview_task.delay(run_id)
