"""Settings of the demo site: one Django process that plays the LMS and Studio, on one SQLite file.

What an operator would decide is read from the environment:

MICROCRED_DEMO_VAR       folder for database, secrets and files (default ``demo_site/var``)
MICROCRED_DEMO_URL       address under which people reach the site (default http://127.0.0.1:8000)
MICROCRED_DEMO_WALLET    address of the demo wallet host (default http://127.0.0.1:8001)
MICROCRED_DEMO_PASSWORD  the one password of the demo accounts
MICROCRED_DEMO_DEBUG     "1" shows Django's error pages
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from edx_django_utils.plugins import add_plugins

from demo_site import languages, secret_files
from demo_site.plugin_wiring import PROJECT_TYPES, plugin_apps

BASE_DIR = Path(__file__).resolve().parent
REPOSITORY = BASE_DIR.parent
VAR = Path(os.environ.get("MICROCRED_DEMO_VAR") or BASE_DIR / "var").resolve()
VAR.mkdir(parents=True, exist_ok=True)
DEMO_URL = (os.environ.get("MICROCRED_DEMO_URL") or "http://127.0.0.1:8000").rstrip("/")
WALLET_URL = (os.environ.get("MICROCRED_DEMO_WALLET") or "http://127.0.0.1:8001").rstrip("/")
DEMO_PASSWORD = os.environ.get("MICROCRED_DEMO_PASSWORD") or "learn-and-own"
#: Signing in with one click, without a password. Only the demo's own accounts, only on the demo site.
DEMO_QUICK_SIGN_IN = True

SECRET_KEY = secret_files.django_secret(VAR)
DEBUG = os.environ.get("MICROCRED_DEMO_DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver", urlsplit(DEMO_URL).hostname or "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [DEMO_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "waffle",
    "eventtracking.django.apps.EventTrackingConfig",
    "demo_site.courses.apps.CoursesConfig",
    *plugin_apps(),
]

MIDDLEWARE = [
    "edx_django_utils.security.csp.middleware.content_security_policy_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crum.CurrentRequestUserMiddleware",
    "waffle.middleware.WaffleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "demo_site.urls"
WSGI_APPLICATION = "demo_site.wsgi.application"
LOGIN_URL = "lms:sign-in"
LOGIN_REDIRECT_URL = "lms:dashboard"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "demo_site.lms.navigation.top_bar",
            ]
        },
    }
]

# The delivery worker is a second process on the same file: readers must not block it, writers must queue
# instead of failing. A transaction therefore takes its write lock when it begins (see the backend).
DATABASES = {
    "default": {
        "ENGINE": "demo_site.sqlite",
        "NAME": VAR / "demo.sqlite3",
        "ATOMIC_REQUESTS": True,  # as in the LMS; handler views opt out, as there
        # The server has a thread for each of a browser's connections, and closes what the thread opened when it ends.
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LANGUAGES = languages.offered(REPOSITORY)
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Not "/static/": inside course content that prefix means the course's own files, as on the platform.
STATIC_URL = "/site-static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Learners' evidence: no base_url, so nothing can link to it and only an authorised view serves it.
    "microcred_evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "evidence", "base_url": None, "file_permissions_mode": 0o600},
    },
    "page_resources": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "page_resources"},
    },
    "course_assets": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "course_assets", "base_url": None},
    },
}

# The LMS's own limits for files sent to a handler; larger ones are refused with 413 before the block runs.
STUDENT_FILEUPLOAD_MAX_SIZE = 4_000_000
MAX_FILEUPLOADS_PER_INPUT = 20

# Loopback ports are named in form-action because a browser applies it to redirects too, and connecting a
# wallet is a form whose answer redirects to the wallet's own sign-in page.
CSP_STATIC_ENFORCE = """
    default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';
    media-src 'self' blob:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'self';
    frame-ancestors 'self'; form-action 'self' http://127.0.0.1:* http://localhost:*
"""
# Mails reach nobody: they are files that can be opened.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = "Roadside Repair School <badges@repair-school.example>"
# The demo is not on a public https address, and says so in its credentials' issuer. Its one process counts requests for
# itself, and its mails are files.
SILENCED_SYSTEM_CHECKS = ["microcred.W001", "microcred.W004", "microcred.W006"]
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "microcred_demo_session"

# edx-completion asks a waffle switch, which a fresh database does not hold; on the platform it is switched on.
WAFFLE_SWITCH_DEFAULT = True
# Completion rows announce themselves to the event tracker; here it writes to a log.
EVENT_TRACKING_ENABLED = True
EVENT_TRACKING_BACKENDS = {
    "log": {
        "ENGINE": "eventtracking.backends.logger.LoggerBackend",
        "OPTIONS": {"name": "demo_site.tracking"},
    }
}
XBLOCK_SETTINGS: dict[str, dict[str, object]] = {}
CELERY_TASK_ALWAYS_EAGER = False

MICROCRED = {
    "PUBLIC_BASE_URL": DEMO_URL,
    "KEY_ENCRYPTION_KEYS": [secret_files.encryption_key(VAR)],
    "ALLOW_LOOPBACK_TARGETS": True,
    "PLATFORM": "demo_site.platform.DemoPlatform",
    "SUGGESTED_HOSTS": [("Demo wallet", WALLET_URL)],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"": {"handlers": ["console"], "level": "WARNING"}},
}

for _project_type in PROJECT_TYPES:
    for _settings_type in ("common", "production"):
        add_plugins(__name__, _project_type, _settings_type)
# A demonstration should not keep people waiting: reading is counted after two seconds in view, not five.
COMPLETION_BY_VIEWING_DELAY_MS = 2000
