"""All addresses of the demo site: LMS, Studio, and whatever Microcred's plugin configuration declares."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from demo_site import converters
from demo_site.plugin_wiring import plugin_urls

__all__ = ["urlpatterns"]

converters.register()  # before the includes below, whose patterns use them

urlpatterns = [
    path("", include("demo_site.lms.urls")),
    path("studio/", include("demo_site.studio.urls")),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("favicon.ico", RedirectView.as_view(url="/site-static/demo_site/icon.svg")),
    *plugin_urls(),
]
