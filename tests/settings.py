"""The demo site's settings for tests: a database file of their own, cheap passwords, nothing written to var/.

The database is a file although memory would be faster: the browser tests' server has many threads, and an
in-memory SQLite database would make all of them share one connection and so each other's transactions.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_FOLDER = tempfile.mkdtemp(prefix="microcred-tests-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["MICROCRED_DEMO_VAR"] = _FOLDER
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs beside the ORM

from demo_site.settings import *
from demo_site.settings import DATABASES, VAR

DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
COMPLETION_BY_VIEWING_DELAY_MS = 100
