"""Celery shells: each task translates its arguments, calls the facade once and stops.

A task is only a trigger. The rows it works on are durable and are found by the next task or by the
``microcred_worker`` command as well, so a lost message delays and never loses.
"""

from __future__ import annotations

import time

from celery import current_task, shared_task
from django.utils import timezone
from edx_django_utils.monitoring import set_code_owner_attribute

from .applets.backfill.api import work
from .applets.badges.api import bring_into_force
from .applets.delivery.api import deliver_due
from .applets.offers.api import sweep

__all__ = ["backfill_task", "bring_into_force_task", "deliver_due_task", "sweep_offers_task"]

#: A task works this long and then asks for another: a long job must not keep a worker from its other work.
BACKFILL_TURN_SECONDS = 20.0
#: Others hold the last pieces: look again when a lease of theirs may have run out.
WAIT_FOR_OTHERS_SECONDS = 30


def _deliver_due() -> None:
    request_id = getattr(getattr(current_task, "request", None), "id", None)
    deliver_due(timezone.now(), worker=f"celery-{request_id or 'eager'}")


#: Push what is due. Two of these at once share the work: a row is claimed by one only.
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


def _bring_into_force() -> None:
    bring_into_force(timezone.now())


#: Let badge versions take effect and sunsets retire badges. For Celery beat; the worker command does it as well.
bring_into_force_task = shared_task(name="microcred_app.tasks.bring_into_force_task", ignore_result=True)(
    set_code_owner_attribute(_bring_into_force)
)


def _sweep_offers() -> None:
    sweep(timezone.now())


#: Forget secrets, tokens and nonces that are over. For Celery beat; the worker command does it as well.
sweep_offers_task = shared_task(name="microcred_app.tasks.sweep_offers_task", ignore_result=True)(
    set_code_owner_attribute(_sweep_offers)
)
