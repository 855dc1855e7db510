#!/usr/bin/env python
"""Run a management command of the demo site."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Make the repository importable, whatever the working directory, then hand over to Django."""
    here = str(Path(__file__).resolve().parent)
    # Running this file puts demo_site/ itself first on the path, where its platform.py would hide Python's.
    sys.path[:] = [entry for entry in sys.path if str(Path(entry or ".").resolve()) != here]
    sys.path.insert(0, str(Path(here).parent))
    # Imported only now: Django imports Python's ``platform``.
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_site.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
