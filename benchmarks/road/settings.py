"""Settings of the measured site: the demo's, or on MariaDB with durable commits."""

from __future__ import annotations

import os

from demo_site.settings import *  # noqa: F403

if "MICROCRED_MARIADB_SOCKET" in os.environ:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": "microcred",
            "USER": "root",
            "HOST": os.environ["MICROCRED_MARIADB_SOCKET"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {"charset": "utf8mb4", "init_command": "SET sql_mode='STRICT_TRANS_TABLES'"},
        }
    }

MICROCRED = {**MICROCRED, "PUBLIC_BASE_URL": "https://badges.example"}  # noqa: F405
DEBUG = False  # else every statement is kept in memory, which is measured with it
