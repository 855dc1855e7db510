"""Read badges and awards of other systems from files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.imports import api as imports
from microcred_app.errors import MicrocredError


class Command(BaseCommand):
    """Shell around the imports room."""

    help = (
        "Reads badges and awards of other systems: Open Badges 2.0 and 3.0, Badgr, Moodle (JSON), Credly and other "
        "tables (CSV). All or nothing; the same files again change nothing. --dry-run writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--organisation", required=True, metavar="KEY", help="who vouches for the files")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--drafts", action="store_true", help="open a draft for each new badge")
        parser.add_argument(
            "--match-again",
            action="store_true",
            help="give waiting awards to people who have an account by now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = options["organisation"]
        if options["match_again"]:
            self.stdout.write(f"{imports.match_waiting(organisation)} awards found their learner.")
        if not options["files"]:
            if options["match_again"]:
                return
            raise CommandError("Name at least one file.")
        choice = imports.ImportChoice(organisation, make_drafts=options["drafts"])
        files = [_read(path) for path in options["files"]]
        try:
            if options["dry_run"]:
                report = imports.preview_import(None, files, choice)
            else:
                report = imports.import_awards(
                    None, files, choice, now=timezone.now(), progress=self._tell_progress
                )
        except imports.ImportRefused as error:
            raise CommandError("\n".join([str(error), *error.problems])) from error
        except MicrocredError as error:
            raise CommandError(str(error)) from error
        self._tell(report)
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was written.")

    def _tell_progress(self, done: int, whole: int) -> None:
        if whole > 10_000 and (done % 10_000 == 0 or done == whole):
            self.stdout.write(f"  {done} of {whole} awards")

    def _tell(self, report: imports.ImportReport) -> None:
        self.stdout.write(
            f"{', '.join(report.formats)}: {report.definition_count} new badges, {report.known_definitions} known; "
            f"{report.new_awards} new awards, {report.known_awards} known, {report.repeated} repeated in the files, "
            f"{report.newly_revoked} revoked meanwhile."
        )
        self.stdout.write(f"{report.with_account} of the new awards belong to an account here.")
        for who in report.without_account:
            self.stdout.write(f"  no account: {who}")
        if report.without_account_count > len(report.without_account):
            self.stdout.write(f"  … and {report.without_account_count - len(report.without_account)} more.")


def _read(path: Path) -> imports.SourceFile:
    try:
        if path.stat().st_size > imports.MOST_BYTES:
            raise CommandError(f"{path}: larger than {imports.MOST_BYTES} bytes. Split it.")
        return imports.SourceFile(path.name, path.read_bytes())
    except OSError as error:
        raise CommandError(str(error)) from error
