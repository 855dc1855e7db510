"""Read a skill framework from files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.skills import api as skills

TOLD = 20


class Command(BaseCommand):
    """Shell around the skills applet's import."""

    help = (
        "Reads skills, and how they relate, into a framework. Reading the same file again changes nothing; reading "
        "its next edition updates. With --dry-run it says what would happen and writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--framework", required=True, metavar="KEY", help="the framework's key, for example esco"
        )
        parser.add_argument(
            "--format",
            dest="format_name",
            default="auto",
            choices=["auto", *skills.FORMATS],
            help="default: auto",
        )
        parser.add_argument("--name", default="", help="the framework's name")
        parser.add_argument("--url", default="", help="where the framework is published")
        parser.add_argument("--edition", default="", metavar="VERSION", help="the framework's version")
        parser.add_argument("--language", default="", help="language of its texts, for example en")
        parser.add_argument(
            "--retire-missing", action="store_true", help="retire skills that the file does not list any more"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [_read(path) for path in options["files"]]
        choice = skills.FrameworkChoice(
            key=options["framework"],
            name=options["name"],
            url=options["url"],
            version=options["edition"],
            language=options["language"],
        )
        settings = {"format_name": options["format_name"], "retire_missing": options["retire_missing"]}
        now = timezone.now()
        if options["dry_run"]:
            report = skills.preview_import(files, choice, **settings, now=now)
        else:
            try:
                report = skills.import_skills(files, choice, **settings, actor_id=None, now=now)
            except skills.ImportRefused as error:
                report = error.report
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report: skills.ImportReport, *, dry_run: bool) -> None:
        if not report.can_import:
            lines = [str(problem) for problem in report.problems]
            if report.problem_count > len(lines):
                lines.append(f"… and {report.problem_count - len(lines)} more.")
            raise CommandError("\n".join(["Nothing was imported:", *lines]))
        self.stdout.write(
            f"{report.framework_key} ({report.format}): {len(report.new)} new, {len(report.changed)} changed, "
            f"{report.unchanged} unchanged, {len(report.missing)} not in the file any more"
            f" ({len(report.retired)} of them retired); relations: {report.relations_added} new, "
            f"{report.relations_removed} removed."
        )
        for change in report.changed[:TOLD]:
            said = "; ".join(f"{field}: {old!r} → {new!r}" for field, (old, new) in change.fields.items())
            self.stdout.write(f"  changed {change.key}: {said}")
        for key in report.missing[:TOLD]:
            self.stdout.write(f"  not in the file: {key}")
        for text in (*report.duplicates[:TOLD], *report.notes):
            self.stdout.write(f"  note: {text}")
        if report.duplicate_count > TOLD:
            self.stdout.write(f"  note: … and {report.duplicate_count - TOLD} more of this kind.")
        if dry_run:
            self.stdout.write("This was a dry run: nothing was written.")


def _read(path: Path) -> skills.SourceFile:
    try:
        if path.stat().st_size > skills.MAX_BYTES:
            raise CommandError(f"{path}: larger than {skills.MAX_BYTES} bytes. Split it.")
        return skills.SourceFile(path.name, path.read_bytes())
    except OSError as error:
        raise CommandError(str(error)) from error
