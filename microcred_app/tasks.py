"""Celery shells: each task translates its arguments, calls the facade once and stops.

A task is only a trigger. The rows it works on are durable and are found by the next task or by the
``microcred_worker`` command as well, so a lost message delays and never loses.
"""

from __future__ import annotations

import time

from celery import current_task, shared_task
from django.utils import timezone
from edx_django_utils.monitoring import set_code_owner_attribute

from .applets.backfill.api import begin_successions, work, work_on_preview
from .applets.badges.api import bring_into_force
from .applets.issuance.api import remind_due, sign_anew_due
from .applets.offers.api import sweep
from .applets.webhooks.api import note_expired
from .external_recheck import recheck_badges
from .lanes import run_lanes

__all__ = [
    "backfill_task",
    "bring_into_force_task",
    "deliver_due_task",
    "note_expired_task",
    "preview_task",
    "recheck_badges_task",
    "remind_task",
    "sign_anew_task",
    "sweep_offers_task",
]

#: A task works this long and then asks for another: a long job must not keep a worker from its other work.
BACKFILL_TURN_SECONDS = 20.0
#: Pushes go on for this long; what is due then is found by the next task.
DELIVERY_TURN_SECONDS = 60.0
#: Others hold the last pieces: look again when a lease of theirs may have run out.
WAIT_FOR_OTHERS_SECONDS = 30
#: Badges of other issuers that one task asks about; each may take seconds.
RECHECKS_AT_ONCE = 20


def _deliver_due() -> None:
    request_id = getattr(getattr(current_task, "request", None), "id", None)
    run_lanes(clock=timezone.now, worker=f"celery-{request_id or 'eager'}", seconds=DELIVERY_TURN_SECONDS)


#: Push what is due, of every lane. Two of these at once share the work: a row is claimed by one only.
deliver_due_task = shared_task(name="microcred_app.tasks.deliver_due_task", ignore_result=True)(
    set_code_owner_attribute(_deliver_due)
)


def _backfill(batch_id: str) -> None:
    begun = time.monotonic()
    if work(batch_id, clock=timezone.now, seconds=BACKFILL_TURN_SECONDS):
        used_up = time.monotonic() - begun >= BACKFILL_TURN_SECONDS
        backfill_task.apply_async((batch_id,), countdown=1 if used_up else WAIT_FOR_OTHERS_SECONDS)


#: Go on with a back-fill. Several at once share the work: a piece is taken by one only.
backfill_task = shared_task(name="microcred_app.tasks.backfill_task", ignore_result=True)(
    set_code_owner_attribute(_backfill)
)


def _preview(run_id: str) -> None:
    begun = time.monotonic()
    if work_on_preview(run_id, clock=timezone.now, seconds=BACKFILL_TURN_SECONDS):
        used_up = time.monotonic() - begun >= BACKFILL_TURN_SECONDS
        preview_task.apply_async((run_id,), countdown=1 if used_up else WAIT_FOR_OTHERS_SECONDS)


#: Compute a preview. Several at once share the work: a piece is taken by one only.
preview_task = shared_task(name="microcred_app.tasks.preview_task", ignore_result=True)(
    set_code_owner_attribute(_preview)
)


def _bring_into_force() -> None:
    bring_into_force(timezone.now())
    begin_successions(timezone.now())


#: Let badge versions take effect and sunsets retire badges, and begin what versions say to holders of older ones. For
#: Celery beat; the worker command does it as well.
bring_into_force_task = shared_task(name="microcred_app.tasks.bring_into_force_task", ignore_result=True)(
    set_code_owner_attribute(_bring_into_force)
)


def _recheck_badges() -> None:
    recheck_badges(timezone.now, limit=RECHECKS_AT_ONCE)


#: Ask other issuers whether badges that count here were revoked. For Celery beat; the worker command does it as well.
recheck_badges_task = shared_task(name="microcred_app.tasks.recheck_badges_task", ignore_result=True)(
    set_code_owner_attribute(_recheck_badges)
)


def _note_expired() -> None:
    note_expired(timezone.now())


#: Tell webhooks of awards whose time is over. For Celery beat; the worker command does it as well.
note_expired_task = shared_task(name="microcred_app.tasks.note_expired_task", ignore_result=True)(
    set_code_owner_attribute(_note_expired)
)


def _sweep_offers() -> None:
    sweep(timezone.now())


#: Forget secrets, tokens and nonces that are over. For Celery beat; the worker command does it as well.
sweep_offers_task = shared_task(name="microcred_app.tasks.sweep_offers_task", ignore_result=True)(
    set_code_owner_attribute(_sweep_offers)
)


def _sign_anew() -> None:
    begun = time.monotonic()
    while sign_anew_due(timezone.now()) and time.monotonic() - begun < DELIVERY_TURN_SECONDS:
        pass


#: Sign anew what a revoked key signed. For Celery beat; the worker command does it as well.
sign_anew_task = shared_task(name="microcred_app.tasks.sign_anew_task", ignore_result=True)(
    set_code_owner_attribute(_sign_anew)
)


def _remind() -> None:
    remind_due(timezone.now())


#: Tell holders before a badge ends. For Celery beat; the worker command does it as well.
remind_task = shared_task(name="microcred_app.tasks.remind_task", ignore_result=True)(
    set_code_owner_attribute(_remind)
)
