"""Fail when the models say something that no migration does."""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
with tempfile.TemporaryDirectory() as folder:
    os.environ["MICROCRED_DEMO_VAR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "demo_site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("makemigrations", "microcred_app", "demo_courses", check=True, dry_run=True, verbosity=1)
