"""Addresses of the author's side."""

from __future__ import annotations

from django.urls import path

from demo_site.studio import endpoints, pages

__all__ = ["app_name", "urlpatterns"]

app_name = "studio"

_BLOCK = "xblock/<usage_key:usage_key>"
_PREVIEW = "preview/xblock/<usage_key:usage_key>"

urlpatterns = [
    path("", pages.home, name="home"),
    path("course/<course_key:course_key>/", pages.outline, name="outline"),
    path("container/<usage_key:usage_key>", pages.container, name="container"),
    path("new-unit/<usage_key:usage_key>", pages.new_unit, name="new-unit"),
    path("rename/<usage_key:usage_key>", pages.rename, name="rename"),
    path("publish/<usage_key:usage_key>", pages.publish_unit, name="publish"),
    path("xblock/", endpoints.create, name="create"),
    path(f"{_BLOCK}", endpoints.block, name="block"),
    path(f"{_BLOCK}/action/edit", pages.edit, name="edit"),
    path(f"{_BLOCK}/handler/<slug:name>", endpoints.handler, name="handler"),
    path(f"{_BLOCK}/handler/<slug:name>/", endpoints.handler),
    path(f"{_BLOCK}/handler/<slug:name>/<path:suffix>", endpoints.handler),
    path(f"{_PREVIEW}/handler/<slug:name>", endpoints.preview_handler, name="preview-handler"),
    path(f"{_PREVIEW}/handler/<slug:name>/", endpoints.preview_handler),
    path(f"{_PREVIEW}/handler/<slug:name>/<path:suffix>", endpoints.preview_handler),
]
