"""A person's account as a whole: what is kept about them, forgetting them, and two accounts of one person."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.errors import MicrocredError
from microcred_app.people import Merge, merge_accounts, plan_merge, retire_account, write_person_record

NO_LIMIT = sys.maxsize - 1


class Command(BaseCommand):
    """``export`` writes what is kept, ``retire`` forgets, ``merge`` shows first and acts only with ``--apply``."""

    help = "Looks after accounts: export, retire, merge."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        export = parts.add_parser(
            "export", help="write everything that is kept about somebody into a zip file"
        )
        export.add_argument("account", help="user name, e-mail address or number of the account")
        export.add_argument("file", type=Path, help="where to write; an existing file is not overwritten")
        retire = parts.add_parser(
            "retire", help="forget somebody, as the platform's retirement does; may be repeated"
        )
        retire.add_argument("account", help="user name, e-mail address or number of the account")
        retire.add_argument("--yes", action="store_true", help="really do it: it cannot be undone")
        merge = parts.add_parser("merge", help="make what one account earned another's; shows it first")
        merge.add_argument("source", help="the account that is given up")
        merge.add_argument("target", help="the account that stays")
        merge.add_argument("--apply", action="store_true", help="do what was shown")
        merge.add_argument("--reason", default="", help="why, for the audit log")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['part']}")(options)
        except MicrocredError as error:
            raise CommandError(str(error)) from error

    def _export(self, options: dict[str, Any]) -> None:
        account, path = _find(options["account"]), options["file"]
        try:
            with path.open("xb") as target:
                path.chmod(0o600)  # it is about a person
                for piece in write_person_record(account, now=timezone.now(), most=NO_LIMIT):
                    target.write(piece)
        except FileExistsError as error:
            raise CommandError(f"{path} is there already. Name a new file.") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Everything that is kept about account {account} is in {path}.")

    def _retire(self, options: dict[str, Any]) -> None:
        account = _find(options["account"])
        if not options["yes"]:
            raise CommandError(
                f"This forgets account {account} for good. Give --yes to do it. Its name and address on the "
                "platform are the platform's own to retire."
            )
        done = retire_account(account, now=timezone.now())
        for name, count in sorted(done.rows.items()):
            if count:
                self.stdout.write(f"{count:>8} {name}")
        self.stdout.write(f"Account {account} is forgotten.")

    def _merge(self, options: dict[str, Any]) -> None:
        source, target = _find(options["source"]), _find(options["target"])
        if options["apply"]:
            self._show(merge_accounts(source, target, reason=options["reason"], now=timezone.now()))
            self.stdout.write(f"What account {source} had earned is account {target}'s now.")
            return
        self._show(plan_merge(source, target))
        self.stdout.write("Nothing was changed. Give --apply and --reason to do it.")

    def _show(self, plan: Merge) -> None:
        for key in plan.badges:
            self.stdout.write(f"moves  badge {key}")
        for key in plan.doubled:
            self.stdout.write(f"stays  badge {key}: both accounts hold it")
        for word, counts in (("moves", plan.moves), ("stays", plan.stays)):
            for name, count in sorted(counts.items()):
                self.stdout.write(f"{word}  {count:>6} {name}")


def _find(text: str) -> int:
    """The one account that is meant; open or closed, because a closed one may have to be exported or retired."""
    model = get_user_model()
    rows = model.objects.filter(username=text) or model.objects.filter(email__iexact=text)
    found = [int(row.pk) for row in rows[:2]]
    if not found and text.isdigit():
        found = list(model.objects.filter(pk=int(text)).values_list("pk", flat=True))
    if len(found) != 1:
        raise CommandError(
            f"“{text}” is {'several accounts' if found else 'no account'}. Give a user name or the number."
        )
    return found[0]
