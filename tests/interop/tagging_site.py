"""The platform's content tagging on a database in memory: imports a file, exports it again. A process of its own.

Its app brings models and settings of its own, which have no place among those of the other tests.
"""

from __future__ import annotations

import io
import json
import sys

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    """Read ``{"csv": …, "json": …}`` from standard input; print what the platform makes of each."""
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "rules.apps.AutodiscoverRulesConfig",
            "openedx_tagging",
        ],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SECRET_KEY="none",
    )
    django.setup()
    call_command("migrate", verbosity=0)
    from openedx_tagging import api
    from openedx_tagging.import_export import api as import_export
    from openedx_tagging.import_export.parsers import ParserFormat

    told = {}
    for name, text in json.load(sys.stdin).items():
        taxonomy = api.create_taxonomy(name, export_id=name)
        form = ParserFormat.JSON if name == "json" else ParserFormat.CSV
        done, task, _plan = import_export.import_tags(taxonomy, io.BytesIO(text.encode()), form)
        for tag in taxonomy.tag_set.all():
            tag.full_clean(exclude=["taxonomy"])
        told[name] = {
            "done": bool(done),
            "log": task.log,
            "csv": import_export.export_tags(taxonomy, ParserFormat.CSV),
            "json": import_export.export_tags(taxonomy, ParserFormat.JSON),
        }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
