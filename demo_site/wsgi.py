"""The demo site as a WSGI application that also serves its static files."""

from __future__ import annotations

import os

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_site.settings")
application = StaticFilesHandler(get_wsgi_application())
