"""Say what a bundle of definitions would change, and for how many people, without changing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from microcred_app.bundle import ApplyOptions, BundleError, plan_bundle, preview_blast
from microcred_app.bundle.pictures import PictureFolder
from microcred_app.bundle.telling import read_bundle, tell_report


class Command(BaseCommand):
    """Shell around :func:`microcred_app.bundle.plan_bundle`."""

    help = "Print what applying a bundle of definitions would change, and whom it concerns. Writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bundle", type=Path, help="YAML file; pictures stand beside it")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["bundle"]
        try:
            now = timezone.now()
            wanted = ApplyOptions(blast_radius=preview_blast(now))
            report = plan_bundle(read_bundle(path), PictureFolder(path.parent), options=wanted, now=now)
        except BundleError as error:
            raise CommandError(f"{path.name} cannot be applied:\n{error}") from error
        for line in tell_report(report):
            self.stdout.write(line)
