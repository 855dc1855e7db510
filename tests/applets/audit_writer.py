"""A process of its own that writes audit entries into the tests' database: ``… DATABASE NAME COUNT``.

It says "ready" and begins when its input says so, so that several really write at once.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - the database is chosen after setup

from microcred_app.applets.audit import api as audit  # noqa: E402


def write(name: str, count: int) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        with transaction.atomic():
            for part in "ab":
                audit.record(
                    "x",
                    object_type="y",
                    object_id=f"{name}-{number}{part}",
                    actor_id=None,
                    now=datetime.now(UTC),
                )
    print("done", flush=True)


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    write(sys.argv[2], int(sys.argv[3]))
