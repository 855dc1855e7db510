"""Write the site's definitions as a bundle; applying it again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from microcred_app.bundle import export_bundle
from microcred_app.bundle.pictures import PictureFolder


class Command(BaseCommand):
    """Shell around :func:`microcred_app.bundle.export_bundle`."""

    help = "Write issuers, skills, outcomes, badges and pathways as a YAML bundle."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "bundle",
            type=Path,
            nargs="?",
            help="file to write, pictures go beside it; without it everything goes to standard output",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["bundle"]
        if path is None:
            self.stdout.write(export_bundle(PictureFolder(None), now=timezone.now()), ending="")
            return
        try:
            text = export_bundle(PictureFolder(path.parent), now=timezone.now())
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {path}.")
