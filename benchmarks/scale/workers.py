"""The Celery application of the site at scale: ``celery -A benchmarks.scale.workers worker``."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.scale.settings")

app = Celery("scale")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["microcred_app"])
