"""The demo site with Celery on Redis, little patience, and the database that the environment names."""

from __future__ import annotations

import os

from demo_site.settings import *  # noqa: F403
from demo_site.settings import MICROCRED as DEMO

DEBUG = False
ROOT_URLCONF = "demo_site.urls"
CELERY_BROKER_URL = os.environ.get("MICROCRED_CHAOS_BROKER", "memory://")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "retry_on_timeout": True}
CELERY_TASK_IGNORE_RESULT = True

MICROCRED = {
    **DEMO,
    "USE_CELERY": "MICROCRED_CHAOS_BROKER" in os.environ,
    "DELIVERY_TIMEOUT_SECONDS": 1.5,
    "DELIVERY_LEASE_SECONDS": 8.0,
    "DELIVERY_FIRST_WAIT_SECONDS": 0.3,
    "DELIVERY_MAX_ATTEMPTS": 200,
    "DELIVERY_CONNECTIONS": 16,
}

if "MICROCRED_MARIADB_SOCKET" in os.environ:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": "chaos",
            "USER": "root",
            "HOST": os.environ["MICROCRED_MARIADB_SOCKET"],
            "OPTIONS": {"charset": "utf8mb4", "init_command": "SET sql_mode='STRICT_TRANS_TABLES'"},
        }
    }
