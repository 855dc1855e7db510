"""What the killed-worker tests do inside the demo site's own process and database.

``python -m tests.delivery.scene prepare URL`` leaves a due outbox row for the wallet at URL;
``python -m tests.delivery.scene finish`` does, as a second worker, what is due once the first one's lease is over;
``python -m tests.delivery.scene report`` prints the row and its history as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models exist after setup
from django.utils import timezone  # noqa: E402

from microcred_app.applets.delivery import api as delivery  # noqa: E402
from microcred_app.applets.delivery.models import Delivery, DeliveryAttempt  # noqa: E402
from tests.delivery.conftest import read_answer  # noqa: E402
from tests.fixtures.credentials import earn_badge, make_learner  # noqa: E402


def prepare(url: str) -> None:
    call_command("migrate", verbosity=0)
    now = timezone.now()
    learner = make_learner()
    consent_page = delivery.connect_start(learner, url, now=now)
    print(consent_page, flush=True)
    answer = read_answer(sys.stdin.readline().strip())
    connection = delivery.connect_finish(learner, **answer, now=timezone.now()).connection
    delivery.send_credential(learner, earn_badge(learner, now=now), connection.id, now=timezone.now())


def finish() -> None:
    delivery.deliver_due(timezone.now() + timedelta(minutes=3) + timedelta(seconds=1), worker="second")


def report() -> None:
    row = Delivery.objects.get()
    history = DeliveryAttempt.objects.order_by("pk").values_list("outcome", "code")
    print(
        json.dumps(
            {"state": row.state, "attempts": row.attempts, "history": [list(entry) for entry in history]}
        )
    )


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"prepare": prepare, "finish": finish, "report": report}[command](*arguments)
