"""Write lists of awards for a system of an organisation: what changed since the lists before."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from microcred_app.applets.webhooks import api as webhooks
from microcred_app.errors import MicrocredError


class Command(BaseCommand):
    """Shell around webhooks. The place of the next list is moved when all files are whole and in their folder."""

    help = (
        "Writes awards of learners who agreed as CSV, as learner records (CLR) and as résumés (LER-RS); what changed "
        "since the last run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("endpoint", help="id of the webhook endpoint that stands for the system")
        parser.add_argument("folder", type=Path, help="where the files go; it has to exist")
        parser.add_argument("--full", action="store_true", help="everything, whatever was written before")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(
                f"{folder} is no folder. Make it, readable by those alone who may see the lists."
            )
        now = timezone.now()
        make = webhooks.export_everything if options["full"] else webhooks.export_changes
        try:
            export = make(options["endpoint"], actor_id=None, now=now)
        except MicrocredError as error:
            raise CommandError(str(error)) from error
        stamp = now.strftime("%Y%m%dT%H%M%S.%fZ")
        try:
            lines = _write(folder / f"awards-{stamp}.csv", export.sheet()) - 1
            records = _write(folder / f"records-{stamp}.jsonl", (f"{one}\n" for one in export.records()))
            _write(folder / f"resumes-{stamp}.jsonl", (f"{one}\n" for one in export.resumes()))
        except OSError as error:
            raise CommandError(
                f"The lists could not be written: {error}. The next run tries it again."
            ) from error
        if not options["full"]:
            export.finish()
        self.stdout.write(f"{lines} lines and {records} records written to {folder}.")


def _write(path: Path, texts: Iterable[str]) -> int:
    """Write a file that appears only when it is whole; how many texts there were."""
    count = 0
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            for text in texts:
                file.write(text)
                count += 1
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count
