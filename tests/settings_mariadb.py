"""The tests' settings on the platform's own kind of database; ``make test-mariadb`` starts a private server."""

from __future__ import annotations

import os

from tests.settings import *

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": "microcred",
        "USER": "root",
        "HOST": os.environ["MICROCRED_MARIADB_SOCKET"],
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"charset": "utf8mb4", "init_command": "SET sql_mode='STRICT_TRANS_TABLES'"},
        "TEST": {"CHARSET": "utf8mb4"},
    }
}
