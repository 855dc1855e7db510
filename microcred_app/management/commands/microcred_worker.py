"""Bring definitions into force, evaluate what is owed and push what is due, until told to stop.

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
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from microcred_app.api import run_pending_evaluations
from microcred_app.applets.backfill.api import open_batches, work
from microcred_app.applets.badges.api import bring_into_force
from microcred_app.applets.delivery.api import deliver_due
from microcred_app.applets.evidence.api import apply_retention, expire_uploads

log = logging.getLogger(__name__)

#: Seconds for which a back-fill is worked on before everything else that is due gets its turn.
SHORT_TURN = 2.0
#: Seconds between two looks for evidence whose time is over.
SWEEP_SECONDS = 300.0


class Command(BaseCommand):
    """The worker. SIGTERM and SIGINT end it after the row at hand; SIGKILL loses nothing (leases run out)."""

    _sweep_at = 0.0
    help = "Brings definitions into force, evaluates outstanding attainments and pushes due credentials to wallets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="seconds between two looks at the tables (default 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        worker = f"{socket.gethostname()[:80]}:{os.getpid()}"
        if options["once"]:
            self._look(worker, limit=1000, turn=float("inf"))
            return
        self._stop_on_signals(stop)
        self.stdout.write(f"Worker {worker} is running. Stop it with Ctrl+C.")
        while not stop.is_set():
            try:
                # One row per look, so that a signal is heeded after the row at hand and not after fifty.
                busy = self._look(worker, limit=1, turn=SHORT_TURN)
            except DatabaseError:
                # The database is away or busy; what is due is still due when it is back.
                log.exception("The worker could not use the database; it goes on trying.")
                busy = False
            close_old_connections()
            if not busy:
                stop.wait(options["interval"])
        self.stdout.write(f"Worker {worker} has stopped.")

    def _look(self, worker: str, *, limit: int, turn: float) -> bool:
        """Do what is due, each back-fill for *turn* seconds; says whether there may be more at once."""
        for key in bring_into_force(timezone.now()):
            self.stdout.write(f"The badge {key} changed as its dates say.")
        run_pending_evaluations(now=timezone.now())
        done = deliver_due(timezone.now(), worker=worker, limit=limit)
        if done.total:
            self.stdout.write(
                f"{done.delivered} delivered, {done.postponed} to be tried again, {done.failed} given up."
            )
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
            ended, emptied = expire_uploads(timezone.now()), apply_retention(timezone.now())
            if ended or emptied:
                self.stdout.write(f"{ended} uploads given up, {emptied} submissions emptied as courses say.")
        worked = [self._go_on(batch_id, turn) for batch_id in open_batches()]
        return done.total > 0 or any(worked)

    @staticmethod
    def _go_on(batch_id: str, turn: float) -> bool:
        """Work on one back-fill for a turn; says whether there is more to do *here*.

        A turn that ended early found nothing free: other workers hold the last pieces, and asking them again at
        once would only keep the database busy. A back-fill that fails must not stop pushes and evaluations.
        """
        begun = time.monotonic()
        try:
            more = work(batch_id, clock=timezone.now, seconds=turn)
        except DatabaseError:
            raise
        except Exception:
            log.exception("The back-fill %s failed; it is tried again.", batch_id)
            return False
        return more and time.monotonic() - begun >= turn

    @staticmethod
    def _stop_on_signals(stop: threading.Event) -> None:
        def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
