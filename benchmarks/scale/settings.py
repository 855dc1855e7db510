"""Settings of the site at scale: MariaDB with durable commits, Redis as broker and cache, mails kept in memory."""

from __future__ import annotations

import os

from benchmarks.road.settings import *  # noqa: F403
from benchmarks.road.settings import MICROCRED as ROAD

_SOCKET = os.environ.get("MICROCRED_SCALE_REDIS", "")
_WORKERS = bool(_SOCKET) and os.environ.get("MICROCRED_SCALE_CELERY") == "1"

if _SOCKET:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"unix://{_SOCKET}?db=1",
        }
    }
CELERY_BROKER_URL = f"redis+socket://{_SOCKET}?virtual_host=0" if _SOCKET else "memory://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
ALLOWED_HOSTS = ["*"]
MICROCRED = {**ROAD, "USE_CELERY": _WORKERS, "ALLOW_LOOPBACK_TARGETS": True}
