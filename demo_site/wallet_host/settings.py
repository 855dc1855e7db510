"""Settings of the wallet host, read from the environment that ``__main__`` prepares.

SATCHEL_DATA    folder for the database and the secret (default ``demo_site/var/wallet``)
SATCHEL_URL     address under which people and issuers reach the wallet
SATCHEL_FAULTS  file with faults to act out, for tests; nothing is acted out without it
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from demo_site import secret_files

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("SATCHEL_DATA") or HERE.parent / "var" / "wallet").resolve()
DATA.mkdir(parents=True, exist_ok=True)
PUBLIC_URL = (os.environ.get("SATCHEL_URL") or "http://127.0.0.1:8001").rstrip("/")
FAULTS_FILE = os.environ.get("SATCHEL_FAULTS") or ""

SECRET_KEY = secret_files.django_secret(DATA)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", urlsplit(PUBLIC_URL).hostname or "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Before the OAuth library, so that the consent page of this wallet is found first.
    "demo_site.wallet_host",
    "oauth2_provider",
]
MIDDLEWARE = [
    *(["demo_site.wallet_host.faults.FaultMiddleware"] if FAULTS_FILE else []),
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "demo_site.wallet_host.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "satchel.sqlite3",
        "OPTIONS": {"timeout": 20},
    }
}
PASSWORD_HASHERS = ["demo_site.wallet_host.hashing.RandomSecretHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

# Cookies know no ports: on one machine the learning site's cookies would be overwritten by equal names.
SESSION_COOKIE_NAME = "satchel_session"
CSRF_COOKIE_NAME = "satchel_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

_SCOPE = "https://purl.imsglobal.org/spec/ob/v3p0/scope/"
# Each sentence completes "… will be able to".
SCOPES = {
    f"{_SCOPE}credential.upsert": "put badges into your wallet, and replace badges it put there",
    f"{_SCOPE}credential.readonly": "see which badges are in your wallet",
    f"{_SCOPE}profile.readonly": "see your name",
    f"{_SCOPE}profile.update": "change your name",
    "offline_access": "do this while you are away, until you take the permission back",
}
OAUTH2_PROVIDER = {
    "SCOPES": SCOPES,
    "DEFAULT_SCOPES": [],
    "PKCE_REQUIRED": True,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 600,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 90 * 24 * 3600,
    "ROTATE_REFRESH_TOKEN": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],
    "OIDC_ISS_ENDPOINT": PUBLIC_URL,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"": {"handlers": ["console"], "level": "WARNING"}},
}
