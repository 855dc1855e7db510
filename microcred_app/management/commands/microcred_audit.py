"""Export the audit log, and check that nobody changed it."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from microcred_app.applets.audit import api as audit

BROKEN, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Shell around the audit applet."""

    help = (
        "export FILE writes the log as JSON lines (- for standard output). verify [FILE] checks the log in the "
        "database, or an exported file and that the database still says the same. Exit code 0: whole, 1: broken, "
        "2: cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        export = tasks.add_parser("export", help="write the log to a file")
        export.add_argument("file")
        export.add_argument(
            "--from", dest="since", default="", help="first day, for example 2026-03-01 (UTC)"
        )
        export.add_argument("--to", dest="until", default="", help="last day, included")
        verify = tasks.add_parser("verify", help="check the database or a file")
        verify.add_argument("file", nargs="?", default="")
        verify.add_argument(
            "--anchor", default="", help="NUMBER:HASH of an entry, as noted at an earlier check"
        )
        verify.add_argument(
            "--only-file", action="store_true", help="check the file by itself, not against the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["task"] == "export":
            self._export(options["file"], options["since"], options["until"])
        else:
            self._verify(options["file"], options["anchor"], only_file=options["only_file"])

    def _export(self, name: str, first_day: str, last_day: str) -> None:
        since, until = _day(first_day), _day(last_day)
        if until is not None:
            until += timedelta(days=1)
        if name == "-":
            audit.export_entries(sys.stdout.buffer, since=since, until=until)
            return
        try:
            # Reasons are personal: nobody but the operator reads them. An earlier export is evidence: it stays.
            handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{name} exists. Choose another name.", returncode=UNREADABLE) from error
        except OSError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        with os.fdopen(handle, "wb") as stream:
            count = audit.export_entries(stream, since=since, until=until)
        self.stdout.write(f"{count} entries written to {name}.")

    def _verify(self, name: str, anchor: str, *, only_file: bool) -> None:
        noted = _anchor(anchor)
        if name:
            try:
                with Path(name).open("rb") as stream:
                    report = audit.check_file(stream, anchor=noted, with_database=not only_file)
            except (audit.LogUnreadable, OSError) as error:
                raise CommandError(str(error), returncode=UNREADABLE) from error
        else:
            report = audit.check_database(anchor=noted)
        if not report.is_whole:
            raise CommandError(report.problem, returncode=BROKEN)
        if not report.entries:
            self.stdout.write("The log is whole and empty.")
        else:
            self.stdout.write(f"Whole: entries {report.first} to {report.last}.")
            self.stdout.write(f"Note this for the next check (--anchor): {report.last}:{report.head}")
        if report.waiting:
            self.stdout.write(
                f"{report.waiting} entries wait for their place; the next decision gives it to them."
            )


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise CommandError(f"“{text}” is no day. Write it as 2026-03-31.", returncode=UNREADABLE) from error


def _anchor(text: str) -> audit.Anchor | None:
    if not text:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-fA-F]{64})", text)
    if match is None:
        raise CommandError("Write the anchor as NUMBER:HASH, as verify prints it.", returncode=UNREADABLE)
    return audit.Anchor(int(match[1]), match[2].lower())
