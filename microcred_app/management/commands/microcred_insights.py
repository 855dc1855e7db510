"""Count the figures of insights behind which something changed; with ``--from-nothing`` all of them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from microcred_app.applets.insights.api import refresh_figures


class Command(BaseCommand):
    """A shell around :func:`refresh_figures`, for cron, and for whoever doubts the numbers."""

    help = "Counts the figures of insights that changed. --from-nothing counts all of them; both give the same numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from-nothing", action="store_true", help="count also what did not change")

    def handle(self, *args: Any, **options: Any) -> None:
        done = refresh_figures(timezone.now(), from_nothing=options["from_nothing"])
        self.stdout.write(
            f"{done.counted} of {done.subjects} counted, {done.dropped} dropped that are no more."
        )
