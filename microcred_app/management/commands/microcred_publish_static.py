"""Write what verifiers ask for as files, for a content delivery network or a plain web server."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.issuance.api import sign_lists_due
from microcred_app.errors import MicrocredError
from microcred_app.static_export import write_static


class Command(BaseCommand):
    """Shell around the static export; run it every minute, because status lists must not be older."""

    help = "Writes status lists, DID documents, profiles and badge definitions below a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--credentials",
            choices=["shared"],
            default="",
            help="credentials that their holders share, too; a link that is taken back closes with the next run",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sign_lists_due(timezone.now())
            done = write_static(options["folder"], with_credentials=options["credentials"])
        except (MicrocredError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.changed} files written, {done.same} were current, {done.removed} removed.")
