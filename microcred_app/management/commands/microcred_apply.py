"""Bring the site's definitions to what a bundle says: shows the plan, asks, then does it in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from microcred_app.bundle import ApplyOptions, BundleError, BundleReport, apply_bundle, plan_bundle
from microcred_app.bundle.pictures import PictureFolder
from microcred_app.bundle.telling import read_bundle, tell_report


class Command(BaseCommand):
    """Shell around :func:`microcred_app.bundle.apply_bundle`."""

    help = "Apply a bundle of definitions. Repeating it is harmless: what is the same already is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bundle", type=Path, help="YAML file; pictures stand beside it")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--actor", default="", help="user name of whoever applies; goes into the audit log"
        )
        parser.add_argument("--approver", default="", help="user name of a second person who approved")
        parser.add_argument(
            "--despite-readiness", action="store_true", help="publish badges that are not ready, and say so"
        )
        parser.add_argument(
            "--confirm-reach", action="store_true", help="publish rules that award everybody or nobody"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["bundle"]
        chosen = ApplyOptions(
            actor_id=self._account(options["actor"]),
            approver_id=self._account(options["approver"]),
            despite_readiness=options["despite_readiness"],
            confirm_reach=options["confirm_reach"],
        )
        try:
            content = read_bundle(path)
            if not options["yes"]:
                plan = plan_bundle(content, PictureFolder(path.parent), options=chosen, now=timezone.now())
                self._tell(plan)
                if not self._confirmed():
                    raise CommandError("Nothing was changed. Answer y, or use --yes.")
            report = apply_bundle(content, PictureFolder(path.parent), options=chosen, now=timezone.now())
        except BundleError as error:
            raise CommandError(f"{path.name} was not applied, nothing was changed:\n{error}") from error
        if options["yes"]:
            self._tell(report)
        self.stdout.write("Applied.")

    def _tell(self, report: BundleReport) -> None:
        for line in tell_report(report):
            self.stdout.write(line)

    @staticmethod
    def _confirmed() -> bool:
        try:
            return input("Apply this? [y/N] ").strip().casefold() in ("y", "yes")
        except EOFError:  # nobody is there to answer
            return False

    @staticmethod
    def _account(name: str) -> int | None:
        if not name:
            return None
        found = get_user_model().objects.filter(username=name).values_list("pk", flat=True).first()
        if found is None:
            raise CommandError(f"There is no user {name!r}.")
        return int(found)
