"""Celery shells: each task translates its arguments, calls the facade once and stops.

A task is only a trigger. The rows it works on are durable and are found by the next task or by the
``microcred_worker`` command as well, so a lost message delays and never loses.
"""

from __future__ import annotations

import time

from celery import current_task, shared_task
from django.utils import timezone
from edx_django_utils.monitoring import set_code_owner_attribute

from .applets.backfill.api import begin_successions, work_on_preview
from .applets.badges.api import bring_into_force
from .applets.delivery.api import leave_sign, read_back
from .applets.insights.api import refresh_recent
from .applets.issuance.api import prolong_due, remind_due, sign_anew_due, sign_lists_due, tell_suspended
from .applets.offers.api import sweep
from .applets.signoff_lists.api import forget_lists
from .applets.webhooks.api import note_expired
from .external_recheck import recheck_badges
from .jobs import work
from .lanes import run_lanes
from .learning.outline import walk_changed

__all__ = [
    "backfill_task",
    "bring_into_force_task",
    "deliver_due_task",
    "note_expired_task",
    "preview_task",
    "prolong_task",
    "read_back_task",
    "recheck_badges_task",
    "refresh_insights_task",
    "remind_task",
    "sign_anew_task",
    "sweep_offers_task",
    "walk_course_task",
]

#: A task works this long and then asks for another: a long job must not keep a worker from its other work.
BACKFILL_TURN_SECONDS = 20.0
#: Pushes go on for this long; what is due then is found by the next task.
DELIVERY_TURN_SECONDS = 60.0
#: Wallets that one task reads back; each may take seconds.
WALLETS_AT_ONCE = 50
#: Others hold the last pieces: look again when a lease of theirs may have run out.
WAIT_FOR_OTHERS_SECONDS = 30
#: Badges of other issuers that one task asks about; each may take seconds.
RECHECKS_AT_ONCE = 20


def _deliver_due() -> None:
    leave_sign(timezone.now())
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


#: Go on with a back-fill, a recall or a list. Several at once share the work: a piece is taken by one only.
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


def _read_back() -> None:
    read_back(timezone.now, limit=WALLETS_AT_ONCE, seconds=DELIVERY_TURN_SECONDS)


#: Look whether wallets still hold what was sent there. For Celery beat; the worker command does it as well.
read_back_task = shared_task(name="microcred_app.tasks.read_back_task", ignore_result=True)(
    set_code_owner_attribute(_read_back)
)


def _note_expired() -> None:
    note_expired(timezone.now())


#: Tell webhooks of awards whose time is over. For Celery beat; the worker command does it as well.
note_expired_task = shared_task(name="microcred_app.tasks.note_expired_task", ignore_result=True)(
    set_code_owner_attribute(_note_expired)
)


def _sweep_offers() -> None:
    sweep(timezone.now())
    forget_lists(timezone.now())


#: Forget secrets, tokens and nonces that are over, and lists that nobody started. For Celery beat; the worker command
#: does it as well.
sweep_offers_task = shared_task(name="microcred_app.tasks.sweep_offers_task", ignore_result=True)(
    set_code_owner_attribute(_sweep_offers)
)


def _sign_anew() -> None:
    sign_lists_due(timezone.now())
    begun = time.monotonic()
    while sign_anew_due(timezone.now()) and time.monotonic() - begun < DELIVERY_TURN_SECONDS:
        pass


#: Sign anew what a revoked key signed, and status lists before they end. For Celery beat; the worker command does it
#: as well.
sign_anew_task = shared_task(name="microcred_app.tasks.sign_anew_task", ignore_result=True)(
    set_code_owner_attribute(_sign_anew)
)


def _prolong() -> None:
    tell_suspended(timezone.now())
    begun = time.monotonic()
    while prolong_due(timezone.now()) and time.monotonic() - begun < DELIVERY_TURN_SECONDS:
        pass


#: Renew documents that are valid for some days at a time, and tell holders of suspensions. For Celery beat; the worker
#: command does it as well.
prolong_task = shared_task(name="microcred_app.tasks.prolong_task", ignore_result=True)(
    set_code_owner_attribute(_prolong)
)


def _remind() -> None:
    remind_due(timezone.now())


#: Tell holders before a badge ends. For Celery beat; the worker command does it as well.
remind_task = shared_task(name="microcred_app.tasks.remind_task", ignore_result=True)(
    set_code_owner_attribute(_remind)
)


def _refresh_insights() -> None:
    refresh_recent(timezone.now())


#: Count the figures of insights behind which something changed. For Celery beat; the worker command does it as well.
refresh_insights_task = shared_task(name="microcred_app.tasks.refresh_insights_task", ignore_result=True)(
    set_code_owner_attribute(_refresh_insights)
)


def _walk_course(course_key: str) -> None:
    walk_changed(course_key, now=timezone.now())


#: Look through a course that changed in Studio for units that came or went. For Studio's own worker.
walk_course_task = shared_task(name="microcred_app.tasks.walk_course_task", ignore_result=True)(
    set_code_owner_attribute(_walk_course)
)
