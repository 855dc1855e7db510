"""How the platform loads the app, in the LMS and in Studio."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

__all__ = ["MicrocredConfig"]

_URLS = {"namespace": "microcred_app", "regex": r"", "relative_path": "urls"}
_STUDIO_URLS = {
    "namespace": "microcred_studio",
    "regex": r"^microcred/studio/",
    "relative_path": "studio_urls",
}
_SETTINGS = {"common": {"relative_path": "plugin_settings"}}


class MicrocredConfig(AppConfig):
    """The plugin: its addresses in the LMS and in Studio, its default settings, its receivers and checks."""

    name = "microcred_app"
    label = "microcred_app"
    verbose_name = _("Microcred")
    default_auto_field = "django.db.models.BigAutoField"

    plugin_app: ClassVar[dict[str, Any]] = {
        "url_config": {"lms.djangoapp": _URLS, "cms.djangoapp": _STUDIO_URLS},
        "settings_config": {"lms.djangoapp": _SETTINGS, "cms.djangoapp": _SETTINGS},
    }

    def ready(self) -> None:
        """Connect the rooms that speak by signal, and register the system checks."""
        from . import checks, notices, receivers, statements

        receivers.connect()
        receivers.connect_to_platform()
        notices.register_notices()
        statements.register_statements()
        checks.register_checks()
