"""What the chaos test does in the site's own process: ``prepare PORT LEARNERS``, and ``report``."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models exist after setup
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from benchmarks.delivery.scene import credentials_of, due_rows, wallets_at  # noqa: E402
from microcred_app.applets.delivery.models import Delivery, DeliveryAttempt  # noqa: E402
from tests.chaos.hosts import MOODS  # noqa: E402


def prepare(port: str, learners: str) -> None:
    if connection.vendor == "mysql":
        import MySQLdb

        server = MySQLdb.connect(unix_socket=os.environ["MICROCRED_MARIADB_SOCKET"], user="root")
        server.cursor().execute("CREATE DATABASE chaos CHARACTER SET utf8mb4")
        server.close()
    call_command("migrate", verbosity=0)
    credentials_of(int(learners))
    for number in range(len(MOODS)):
        wallets_at(f"http://127.0.0.1:{int(port) + number}")
    print(due_rows())


def waiting() -> None:
    print(Delivery.objects.exclude(state="delivered").count())


def report() -> None:
    sent = Delivery.objects.values_list("credential__uri", "connection__host__base_url", "state", "attempts")
    outcomes = DeliveryAttempt.objects.values_list("outcome").annotate(number=Count("pk"))
    arrived = DeliveryAttempt.objects.filter(outcome="delivered").values("delivery").annotate(n=Count("pk"))
    print(
        json.dumps(
            {
                "rows": [list(row) for row in sent],
                "attempts": dict(outcomes),
                "arrived_more_than_once": arrived.filter(n__gt=1).count(),
            }
        )
    )


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"prepare": prepare, "waiting": waiting, "report": report}[command](*arguments)
