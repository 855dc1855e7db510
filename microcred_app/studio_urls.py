"""Addresses of the app in Studio, below ``/microcred/studio/``."""

from __future__ import annotations

from django.urls import path

from .pages.studio import guide, outline

app_name = "microcred_studio"

urlpatterns = [
    path("guide/", guide.show_guide, name="guide"),
    path("outline/<str:course_key>/", outline.show_outline, name="outline"),
    path("outline/<str:course_key>/sheet.csv", outline.download_sheet, name="outline-sheet"),
    path("outline/<str:course_key>/preview/", outline.preview_sheet, name="outline-preview"),
    path("outline/<str:course_key>/build/", outline.build_sheet, name="outline-build"),
]
