"""Read a catalogue file: issuer, skills, outcomes, badges, pathways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from microcred_app.catalogue import CatalogueError, read_catalogue


class Command(BaseCommand):
    """Shell around :func:`microcred_app.catalogue.read_catalogue`."""

    help = (
        "Read issuer, skills, outcomes, badges and pathways from a JSON catalogue. Repeating it is harmless."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("catalogue", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = read_catalogue(options["catalogue"], actor_id=None, now=timezone.now())
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{summary.outcomes} outcomes, {len(summary.badges_published)} badges published, "
            f"{len(summary.badges_unchanged)} unchanged, {summary.pathways} pathways."
        )
