"""A demo site of its own for measuring: a SQLite file in a new folder, the demo course and its badges."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

__all__ = ["measured_site"]


@contextmanager
def measured_site() -> Iterator[Path]:
    """The demo site with the settings of ``make demo``; its folder, which is removed at the end."""
    folder = tempfile.mkdtemp(prefix="microcred-bench-")
    os.environ["MICROCRED_DEMO_VAR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "demo_site.settings"
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("seed_demo", stdout=StringIO())
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
