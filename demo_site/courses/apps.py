"""The demo's own Django app; starting it also connects Microcred's receivers, as the platform would."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

__all__ = ["CoursesConfig"]


def use_write_ahead_log(sender: type, connection: Any, **kwargs: object) -> None:
    """Readers never block the worker's writes, nor it them; a power cut may cost the last transaction."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")


class CoursesConfig(AppConfig):
    """Courses, learner state, grades and roles of the demo site."""

    name = "demo_site.courses"
    label = "demo_courses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Runs once per process, after all models are loaded."""
        from demo_site.plugin_wiring import connect_receivers

        connection_created.connect(use_write_ahead_log, dispatch_uid="demo_site.use_write_ahead_log")
        connect_receivers()
