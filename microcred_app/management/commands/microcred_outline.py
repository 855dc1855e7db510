"""Make micro-units of an existing course."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.skills import api as skills
from microcred_app.errors import MicrocredError
from microcred_app.learning import outline

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Shell around :mod:`microcred_app.learning.outline`."""

    help = (
        "Without --apply: writes a sheet (CSV) that proposes a micro-unit for each page of the course. Edit it, then "
        "--apply it: every line is checked, and all units are built in the draft, or none. --dry-run only checks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "course", metavar="COURSE", nargs="?", default="", help="for example course-v1:Org+Course+Run"
        )
        parser.add_argument(
            "--out", type=Path, metavar="FILE", help="where the sheet goes; default: standard output"
        )
        parser.add_argument("--apply", type=Path, metavar="FILE", help="build what this sheet says")
        parser.add_argument(
            "--user", metavar="NAME", help="with --apply: who builds it; must author the course"
        )
        parser.add_argument("--dry-run", action="store_true", help="with --apply: check, build nothing")
        parser.add_argument(
            "--sources",
            action="store_true",
            help="write down which units of the course prove which outcome, as after an import or a re-run",
        )

        parser.add_argument(
            "--due",
            action="store_true",
            help="the same for every course that changed since it was looked through",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["course"]) == options["due"]:
            raise CommandError("Name a course, or say --due for every one that changed.")
        try:
            if options["due"]:
                self._walk_due()
            elif options["sources"]:
                self._sync(options["course"])
            elif options["apply"]:
                self._apply(options["course"], options)
            else:
                self._propose(options["course"], options["out"])
        except MicrocredError as error:
            raise CommandError(str(error)) from error

    def _sync(self, course: str) -> None:
        found = outline.sync_sources(course, now=timezone.now())
        self._say(course, found)

    def _say(self, course: str, found: Any) -> None:
        self.stdout.write(
            f"{course}: {len(found.added)} new, {len(found.changed)} changed, {len(found.retired)} retired."
        )

    def _walk_due(self) -> None:
        failed = 0
        for course in outline.waiting_courses():
            try:
                found = outline.walk_changed(course, now=timezone.now())
            except Exception as error:  # one course that cannot be read must not hold up the others
                log.exception("The course %s could not be read.", course)
                failed += 1
                self.stderr.write(f"{course}: {type(error).__name__}: {error}")
                continue
            if found is not None:
                self._say(course, found)
        if failed:
            raise CommandError(f"{failed} courses could not be read; they stay due.")

    def _propose(self, course: str, target: Path | None) -> None:
        proposals = outline.propose_units(course)
        text = outline.write_sheet(proposals)
        if target is None:
            self.stdout.write(text, ending="")
            return
        # Excel takes a file without the mark for an older encoding.
        target.write_text(f"\ufeff{text}", encoding="utf-8", newline="")
        self.stderr.write(f"{target}: {len(proposals)} pages. Edit it, then run again with --apply {target}.")

    def _apply(self, course: str, options: dict[str, Any]) -> None:
        content = _read(options["apply"])
        plan = outline.plan_outline(course, content)
        if plan.problem_count:
            lines = [str(problem) for problem in plan.problems]
            if plan.problem_count > len(lines):
                lines.append(f"… and {plan.problem_count - len(lines)} more.")
            raise CommandError("\n".join(["Nothing was built:", *lines]))
        for unit in plan.units:
            made = " ".join(block.short for block in unit.blocks)
            self.stdout.write(f"  {unit.title}: {unit.statement} ({unit.minutes} min; {made or 'new parts'})")
            if unit.advice:
                self.stdout.write(f"    {unit.advice}")
        said = f"{len(plan.units)} units, {len(plan.new_outcomes)} new outcomes"
        if options["dry_run"]:
            self.stdout.write(f"{said}. This was a dry run: nothing was built.")
            return
        author = get_user_model().objects.filter(username=options["user"] or "").first()
        if author is None:
            raise CommandError("Say with --user who builds it: the account's user name.")
        outline.build_outline(course, content, author_id=author.pk, now=timezone.now())
        self.stdout.write(f"{said} built in the draft. Publish the pages when they are ready.")


def _read(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(skills.MAX_BYTES + 1)
    try:
        if path.stat().st_size > skills.MAX_BYTES:
            raise CommandError(f"{path}: larger than {skills.MAX_BYTES} bytes. Split it.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(str(error)) from error
