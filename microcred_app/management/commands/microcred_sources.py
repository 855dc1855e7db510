"""Read what the platform knows of learners in courses, as requirements ask for it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from opaque_keys import InvalidKeyError

from microcred_app import rules
from microcred_app.applets.badges import api as badges
from microcred_app.applets.sources import api as sources
from microcred_app.errors import MicrocredError

WIDTH = 30


class Command(BaseCommand):
    """Shell around the sources room. Interrupted, it goes on where it stopped when it is run again."""

    help = (
        "Reads grades, completions, certificates, cohorts and assessments of courses from the platform's tables: after "
        "events were lost, and before a badge is published that asks for what nobody asked for until now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("course", nargs="*", metavar="COURSE", help="such as course-v1:Org+Course+Run")
        parser.add_argument(
            "--all", action="store_true", help="every course that a badge in force asks about"
        )
        parser.add_argument(
            "--badge",
            action="append",
            default=[],
            metavar="KEY",
            help="read also what this badge's draft asks for",
        )
        parser.add_argument("--restart", action="store_true", help="from the beginning, not where it stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        also: set[rules.Mention] = set()
        try:
            for key in options["badge"]:
                also |= rules.mentions(rules.parse_requirement(badges.get_draft(key).content["requirement"]))
        except (MicrocredError, rules.RequirementError) as error:
            raise CommandError(str(error)) from error
        courses = [*options["course"], *(sources.asked_courses() if options["all"] else ())]
        if not courses:
            raise CommandError("Name a course, or say --all.")
        failed = 0
        for course in dict.fromkeys(courses):
            try:
                self._read(course, also, restart=options["restart"])
            except MicrocredError as error:
                failed += 1
                self.stderr.write(f"{course}: {error}")
            except InvalidKeyError as error:
                raise CommandError(f"{course} is no key of a course.") from error
        if failed:
            raise CommandError(f"{failed} of {len(courses)} courses were not read.")

    def _read(self, course: str, also: set[rules.Mention], *, restart: bool) -> None:
        for step in sources.replay_course(course, clock=timezone.now, also=also, restart=restart):
            if step.done:
                self._bar("")
                self.stdout.write(
                    f"{course}: {step.read} records read, {step.news} were news"
                    + (f", {step.refused} could not be understood." if step.refused else ".")
                )
            else:
                share = step.read / max(1, step.total)
                filled = "#" * round(WIDTH * share)
                self._bar(f"{step.part:<13}[{filled:<{WIDTH}}] {step.read}/{step.total}")

    def _bar(self, text: str) -> None:
        """One line that is written over, where somebody looks."""
        if getattr(self.stderr, "isatty", bool)():
            self.stderr.write(f"\r{text:<72}", ending="" if text else "\r")
        elif text:
            self.stderr.write(text)
