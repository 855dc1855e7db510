"""A site to measure on: SQLite in a file, or the MariaDB server that ``scripts/with-mariadb`` started."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["open_site", "opened_again"]


@contextmanager
def open_site() -> Iterator[str]:
    """An empty migrated database; the name of its kind."""
    folder = tempfile.mkdtemp(prefix="microcred-bench-")
    os.environ["MICROCRED_DEMO_VAR"] = folder
    try:
        _set_up()
        from django.core.management import call_command
        from django.db import connection

        if connection.vendor == "mysql":
            _make_database()
        call_command("migrate", verbosity=0)
        yield "MariaDB" if connection.vendor == "mysql" else "SQLite"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def opened_again() -> None:
    """The same site in a worker process."""
    _set_up()


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.road.settings"
    import django

    django.setup()


def _make_database() -> None:
    import MySQLdb

    server = MySQLdb.connect(unix_socket=os.environ["MICROCRED_MARIADB_SOCKET"], user="root")
    server.cursor().execute("CREATE DATABASE microcred CHARACTER SET utf8mb4")
    server.close()
