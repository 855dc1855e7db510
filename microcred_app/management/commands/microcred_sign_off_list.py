"""Sign the same thing off for everybody on a list."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app import signoff_lists
from microcred_app.applets.signoff_lists import api as lists
from microcred_app.errors import MicrocredError

#: Rows of each kind that are told one by one.
TOLD = 50
#: Work goes on in such turns, with a word after each.
TURN_SECONDS = 10.0


class Command(BaseCommand):
    """Shell around lists of sign-offs; whoever is named answers for it, with their own offices."""

    help = (
        "Signs the same thing off for the people of a CSV file: user name, e-mail address or external id, and, where "
        "there are any, day, reason and evidence. --dry-run says what each row would do and keeps nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--key", required=True, help="what is signed off, as the rule names it")
        parser.add_argument("--role", required=True, help="the role that the rule names")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who answers for it")
        parser.add_argument(
            "--reason", default="", help="what was seen, for rows without a reason of their own"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, sign nothing off")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = get_user_model().objects.filter(username=options["by"], is_active=True).first()
        if actor is None:
            raise CommandError(f"There is no open account {options['by']}.")
        if not options["dry_run"] and not options["reason"].strip():
            raise CommandError("Say with --reason what was seen.")
        try:
            self._run(int(actor.pk), options)
        except OSError as error:
            raise CommandError(str(error)) from error
        except MicrocredError as error:
            raise CommandError(str(error)) from error

    def _run(self, actor: int, options: dict[str, Any]) -> None:
        with options["file"].open("rb") as stream:
            file = lists.ListFile(options["file"].name, stream)
            found = signoff_lists.hand_in_file(
                actor, options["key"], options["role"], file, now=timezone.now()
            )
        started = False
        try:
            found = self._work(found)
            self._tell(found)
            if options["dry_run"]:
                self.stdout.write("This was a dry run: nothing was signed off.")
                return
            count = found.can_be_done
            signoff_lists.start_list(
                actor, found.id, count=count, reason=options["reason"], now=timezone.now()
            )
            started = True
        finally:
            if not started:
                lists.drop_list(found.id)
        self.stdout.write(f"List {found.id} has begun; a worker goes on with it if this command ends.")
        found = self._work(found)
        self.stdout.write(
            f"{found.state}: {found.signed} signed off, {found.granted} awards, {found.passed_over} passed over."
        )

    def _work(self, found: lists.ListInfo) -> lists.ListInfo:
        while lists.work_on_list(found.id, clock=timezone.now, seconds=TURN_SECONDS):
            at = lists.get_list(found.id)
            self.stdout.write(f"  {at.state}: {at.percent} %")
        return lists.get_list(found.id)

    def _tell(self, found: lists.ListInfo) -> None:
        self.stdout.write(
            f"{found.total} rows: {found.can_be_done} can be signed off, {found.counts.get('earns', 0)} of them earn a "
            f"badge now; {found.cannot_be_done} cannot be done."
        )
        for row in lists.page_rows(found.id, verdicts=lists.CANNOT_BE_DONE, limit=TOLD).items:
            self.stdout.write(f"  row {row.number}: {row.who or '-'}: {row.verdict}")
        if found.cannot_be_done > TOLD:
            self.stdout.write(f"  … and {found.cannot_be_done - TOLD} more.")
        for row in lists.page_rows(found.id, verdicts=("lacks",), limit=TOLD).items:
            self.stdout.write(f"  row {row.number}: {row.who}: {' | '.join(row.lacks)}")
