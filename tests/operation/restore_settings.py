"""The demo site's settings on a database of the rehearsal's choice."""

from __future__ import annotations

import os

from demo_site.settings import *  # noqa: F403
from demo_site.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if os.environ.get("MICROCRED_MARIADB_SOCKET"):
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.mysql",
        "NAME": os.environ["MICROCRED_SCENE_DATABASE"],
        "USER": "root",
        "HOST": os.environ["MICROCRED_MARIADB_SOCKET"],
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"charset": "utf8mb4", "init_command": "SET sql_mode='STRICT_TRANS_TABLES'"},
    }
