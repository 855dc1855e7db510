"""Look after stored evidence: give up old uploads, apply retention, find what nobody leads to, count the room."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.evidence import api as evidence
from microcred_app.errors import MicrocredError


class Command(BaseCommand):
    """``sweep`` is what the worker does every few minutes; the others are for operators."""

    help = "Looks after stored evidence: sweep, orphans, recount, keep."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser(
            "sweep", help="give up uploads whose time is over and apply what courses say on keeping"
        )
        orphans = parts.add_parser(
            "orphans", help="list stored files that no record leads to, and records whose file is missing"
        )
        orphans.add_argument("--remove", action="store_true", help="remove the stored files that are listed")
        parts.add_parser("recount", help="count the room taken by learners and courses anew")
        keep = parts.add_parser("keep", help="say how long a course keeps evidence")
        keep.add_argument("course_key")
        keep.add_argument(
            "--days", type=int, help="days after the course's end; left out: until learners ask"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['part']}")(options)
        except MicrocredError as error:
            raise CommandError(str(error)) from error

    def _sweep(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        ended = emptied = 0
        while found := evidence.expire_uploads(now):
            ended += found
        while found := evidence.apply_retention(now):
            emptied += found
        self.stdout.write(f"{ended} uploads given up, {emptied} submissions emptied.")

    def _orphans(self, options: dict[str, Any]) -> None:
        orphans, missing = evidence.find_orphans(timezone.now())
        for name in orphans:
            self.stdout.write(f"orphan   {name}")
        for file_id in missing:
            self.stdout.write(f"missing  {file_id}")
        if options["remove"]:
            self.stdout.write(f"{evidence.remove_orphans(orphans, timezone.now())} orphans removed.")
        else:
            self.stdout.write(f"{len(orphans)} orphans, {len(missing)} missing.")
        if missing:
            raise CommandError(f"{len(missing)} records promise files that storage does not have.")

    def _recount(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{evidence.recount()} counters were wrong and are right now.")

    def _keep(self, options: dict[str, Any]) -> None:
        evidence.set_retention(None, options["course_key"], days=options["days"], now=timezone.now())
        days = options["days"]
        kept = "until learners ask" if days is None else f"until {days} days after its end"
        self.stdout.write(f"{options['course_key']} keeps evidence {kept}.")
