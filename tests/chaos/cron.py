"""What cron does where no Celery beat runs: ask for the due work again and again, broker or not."""

from __future__ import annotations

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")
django.setup()

from kombu.exceptions import OperationalError  # noqa: E402

from microcred_app.tasks import deliver_due_task  # noqa: E402
from tests.chaos.workers import app  # noqa: E402

while True:
    app.set_current()
    try:
        for _worker in range(3):
            deliver_due_task.apply_async(expires=3, retry=False)
    except (OperationalError, ConnectionError):
        time.sleep(0.2)
    time.sleep(1.0)
