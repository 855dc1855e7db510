"""Signals between the rooms: what must travel up the house travels here.

Each receiver is a few lines that call the room it belongs to.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from . import api, tasks
from .applets.attainments.api import DueEvaluationInfo
from .applets.attainments.signals import evaluation_due
from .applets.awards.signals import award_reversed, awards_reversed
from .applets.backfill.signals import batch_waiting, preview_waiting
from .applets.badges import api as badges
from .applets.delivery.signals import deliveries_waiting
from .applets.evidence.signals import submission_accepted, submission_rejudged
from .applets.issuance.signals import credential_issued, credentials_issued, credentials_renewed
from .applets.mailing.api import enqueue_mails
from .applets.webhooks import api as webhooks
from .conf import settings

__all__ = ["connect"]

log = logging.getLogger(__name__)


def connect() -> None:
    """Connect every receiver, once."""
    for signal, receiver in (
        (submission_accepted, on_submission_accepted),
        (submission_rejudged, on_submission_rejudged),
        (evaluation_due, on_evaluation_due),
        (award_reversed, on_award_reversed),
        (awards_reversed, on_awards_reversed),
        (credential_issued, on_credential_issued),
        (credentials_issued, on_credentials_issued),
        (credentials_renewed, on_credentials_renewed),
        (deliveries_waiting, on_deliveries_waiting),
        (batch_waiting, on_batch_waiting),
        (preview_waiting, on_preview_waiting),
    ):
        signal.connect(receiver, dispatch_uid=f"microcred_app.receivers.{receiver.__name__}")


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
    """Flip the status bits in the transaction that wrote the reversal, and tell the organisation's systems."""
    api.revoke_for_award(award_id, now=now)
    webhooks.note_revoked([award_id], now=now)


def on_awards_reversed(*, award_ids: tuple[str, ...], now: datetime, **_kwargs: Any) -> None:
    """Tell the organisation's systems of many at once; whoever reversed them revokes."""
    webhooks.note_revoked(award_ids, now=now)


def on_credential_issued(*, credential_id: str, learner_id: int, now: datetime, **_kwargs: Any) -> None:
    """Write outbox rows: for wallets that the learner asked to receive every new badge, for webhooks, and for mail."""
    api.enqueue_for_wallets(credential_id, learner_id=learner_id, now=now)
    stamp = badges.current_definitions().stamp
    webhooks.note_awarded([credential_id], now=now, stamp=stamp)
    enqueue_mails([(credential_id, learner_id)], now=now, stamp=stamp)


def on_credentials_issued(
    *,
    credentials: tuple[tuple[str, int], ...],
    now: datetime,
    hold_until: datetime | None = None,
    **_kwargs: Any,
) -> None:
    """The same for several; those of a back-fill wait until it cannot be undone any more."""
    api.enqueue_many_for_wallets(credentials, now=now, hold_until=hold_until)
    stamp = badges.seen_stamp()
    told = (pk for pk, _learner in credentials)
    webhooks.note_awarded(told, now=now, stamp=stamp, hold_until=hold_until)
    enqueue_mails(credentials, now=now, stamp=stamp, hold_until=hold_until)


def on_credentials_renewed(*, credential_ids: tuple[str, ...], now: datetime, **_kwargs: Any) -> None:
    """Wallets that were sent the edition before get the new one."""
    api.push_renewed(credential_ids, now=now)


def on_deliveries_waiting(**_kwargs: Any) -> None:
    """Start a worker at once where Celery runs; elsewhere the worker command finds the rows within a second."""
    if settings().use_celery:
        tasks.deliver_due_task.delay()


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
