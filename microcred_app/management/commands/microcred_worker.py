"""Bring definitions into force, evaluate what is owed, push what is due, forget what is over, until told to stop.

The way to run without Celery beat, which a default Open edX installation lacks: one such process beside the
LMS, or one ``--once`` run per minute from cron. Any number may run at once.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from microcred_app.api import run_pending_evaluations
from microcred_app.applets.attainments.api import attain_remapped
from microcred_app.applets.backfill.api import (
    begin_successions,
    open_previews,
    work_on_preview,
)
from microcred_app.applets.badges.api import bring_into_force
from microcred_app.applets.delivery.api import leave_sign, read_back
from microcred_app.applets.evidence.api import apply_retention, expire_uploads
from microcred_app.applets.insights.api import refresh_due
from microcred_app.applets.issuance.api import (
    prolong_due,
    remind_due,
    sign_anew_due,
    sign_lists_due,
    tell_suspended,
)
from microcred_app.applets.offers.api import sweep
from microcred_app.applets.signoff_lists.api import forget_lists
from microcred_app.applets.webhooks.api import note_expired
from microcred_app.conf import settings
from microcred_app.external_recheck import recheck_badges
from microcred_app.jobs import open_jobs, work
from microcred_app.lanes import run_lanes
from microcred_app.operation import log_figures
from microcred_app.tasks import refresh_insights_task

log = logging.getLogger(__name__)

#: Seconds for which pushes, or a back-fill, are worked on before everything else that is due gets its turn.
SHORT_TURN = 2.0
#: Badges of other issuers that one ``--once`` run asks about: each may take seconds.
MOST_RECHECKS = 100
#: Wallets that one ``--once`` run reads back, and for how long.
MOST_WALLETS = 100
READ_BACK_SECONDS = 30.0
#: Seconds between two looks for offers and tokens that are over, and for evidence whose time is over.
SWEEP_EVERY = 60.0
TIDY_EVERY = 300.0
#: Between two counts of insights, by whichever worker.
COUNT_EVERY = timedelta(minutes=10)


class Command(BaseCommand):
    """The worker. SIGTERM and SIGINT end it after the requests under way; SIGKILL loses nothing (leases run out)."""

    _tidy_at = 0.0
    help = "Brings definitions into force, evaluates outstanding attainments and pushes due credentials to wallets."

    _swept = float("-inf")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="seconds between two looks at the tables (default 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        worker = f"{socket.gethostname()[:80]}:{os.getpid()}"
        if options["once"]:
            self._look(worker, stop, turn=float("inf"))
            return
        self._stop_on_signals(stop)
        self.stdout.write(f"Worker {worker} is running. Stop it with Ctrl+C.")
        while not stop.is_set():
            try:
                busy = self._look(worker, stop, turn=SHORT_TURN)
            except DatabaseError:
                # The database is away or busy; what is due is still due when it is back.
                log.exception("The worker could not use the database; it goes on trying.")
                busy = False
            close_old_connections()
            if not busy:
                stop.wait(options["interval"])
        self.stdout.write(f"Worker {worker} has stopped.")

    def _look(self, worker: str, stop: threading.Event, *, turn: float) -> bool:
        """Do what is due, pushes and each back-fill for *turn* seconds; says whether there may be more at once."""
        leave_sign(timezone.now())
        for key in bring_into_force(timezone.now()):
            self.stdout.write(f"The badge {key} changed as its dates say.")
        for batch_id in begin_successions(timezone.now()):
            self.stdout.write(f"The job {batch_id} begins: a new version speaks to holders of older ones.")
        attain_remapped()
        run_pending_evaluations(now=timezone.now())
        renewed = sign_anew_due(timezone.now())
        if renewed:
            self.stdout.write(f"{renewed} credentials of a revoked key were signed anew.")
        prolonged = self._prolong(stop, turn)
        if time.monotonic() - self._swept >= SWEEP_EVERY:
            self._swept = time.monotonic()
            sweep(timezone.now())
            forget_lists(timezone.now())
            note_expired(timezone.now())
            tell_suspended(timezone.now())
            sign_lists_due(timezone.now())
            log_figures(timezone.now())
        done = run_lanes(clock=timezone.now, worker=worker, seconds=turn, stop=stop)
        if done.total:
            self.stdout.write(
                f"{done.delivered} delivered, {done.postponed} to be tried again, {done.failed} given up."
            )
        if time.monotonic() >= self._tidy_at:
            self._tidy()
        asked = recheck_badges(timezone.now, limit=MOST_RECHECKS if turn > SHORT_TURN else 1)
        if asked.revoked:
            self.stdout.write(
                f"{asked.revoked} badge(s) of other issuers were revoked and do not count any more."
            )
        copies = read_back(
            timezone.now, limit=MOST_WALLETS if turn > SHORT_TURN else 1, seconds=READ_BACK_SECONDS
        )
        if copies.again or copies.left_alone:
            self.stdout.write(
                f"Wallets were read back: {copies.again} badges are sent again, {copies.left_alone} left alone."
            )
        # Somebody waits for a preview; nobody waits for a back-fill.
        worked = [self._go_on(work_on_preview, run_id, turn) for run_id in open_previews()]
        worked += [self._go_on(work, job_id, turn) for job_id in open_jobs()]
        more = renewed > 0 or prolonged > 0 or asked.total > 0 or copies.total > 0
        return done.total > 0 or more or any(worked)

    def _prolong(self, stop: threading.Event, turn: float) -> int:
        """Renew documents that end soon, some of them or all; how many."""
        prolonged = more = prolong_due(timezone.now())
        while more and turn > SHORT_TURN and not stop.is_set():
            more = prolong_due(timezone.now())
            prolonged += more
        if prolonged:
            self.stdout.write(f"{prolonged} credentials that end soon were renewed.")
        return prolonged

    def _tidy(self) -> None:
        """What is done every few minutes: uploads, evidence, reminders, figures."""
        self._tidy_at = time.monotonic() + TIDY_EVERY
        ended, emptied = expire_uploads(timezone.now()), apply_retention(timezone.now())
        reminded = remind_due(timezone.now())
        if reminded:
            self.stdout.write(f"{reminded} holders were told that a badge ends soon.")
        if ended or emptied:
            self.stdout.write(f"{ended} uploads given up, {emptied} submissions emptied as courses say.")
        self._count()

    def _count(self) -> None:
        """Figures that somebody looks at later, counted beside pushes where there are Celery workers.

        Like a job that fails, counting that fails must not stop pushes and evaluations.
        """
        if settings().use_celery:
            refresh_insights_task.delay()
            return
        try:
            counted = refresh_due(timezone.now(), every=COUNT_EVERY)
        except DatabaseError:
            raise
        except Exception:
            log.exception("The figures of insights could not be counted; it is tried again.")
            return
        if counted is not None and counted.counted:
            self.stdout.write(f"{counted.counted} figures of insights were counted anew.")

    @staticmethod
    def _go_on(work_on: Callable[..., bool], job_id: str, turn: float) -> bool:
        """Work on one preview or back-fill for a turn; says whether there is more to do *here*.

        A turn that ended early found nothing free: other workers hold the last pieces, and asking them again at
        once would only keep the database busy. A job that fails must not stop pushes and evaluations.
        """
        begun = time.monotonic()
        try:
            more = work_on(job_id, clock=timezone.now, seconds=turn)
        except DatabaseError:
            raise
        except Exception:
            log.exception("The job %s failed; it is tried again.", job_id)
            return False
        return more and time.monotonic() - begun >= turn

    @staticmethod
    def _stop_on_signals(stop: threading.Event) -> None:
        def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
