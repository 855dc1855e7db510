"""Microcred is loaded the way the platform loads it: through its entry points, or not at all.

``edx_django_utils.plugins`` finds the apps and their settings. Its two functions that include URLs and
connect receivers import *every* installed plugin, and edx-completion's cannot be imported outside the
platform, so here URLs and receivers are wired for Microcred's own configuration only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, include, re_path
from django.utils.module_loading import import_string
from edx_django_utils.plugins import get_plugin_apps
from edx_django_utils.plugins.registry import get_plugin_app_configs

__all__ = ["PROJECT_TYPES", "connect_receivers", "plugin_apps", "plugin_urls"]

log = logging.getLogger(__name__)

#: One Django process plays both services, as both share one database on the platform too.
PROJECT_TYPES = ("lms.djangoapp", "cms.djangoapp")
APP_NAME = "microcred_app"
#: Packages that exist on the platform only; a receiver of their signals has nobody to listen to here.
PLATFORM_PACKAGES = ("lms.", "cms.", "common.", "openedx.", "xmodule.")


def plugin_apps() -> list[str]:
    """Dotted paths of every plugin app for LMS and Studio, each once.

    Raises ImproperlyConfigured when Microcred's own entry points are missing, because everything would
    start and nothing of the product would be there.
    """
    apps: list[str] = []
    for project_type in PROJECT_TYPES:
        found = get_plugin_apps(project_type)
        if not any(path.startswith(f"{APP_NAME}.") for path in found):
            raise ImproperlyConfigured(
                f"No entry point of {APP_NAME} in the group {project_type!r}. "
                "Install the project into this environment first: pip install -e ."
            )
        apps.extend(path for path in found if path not in apps)
    return apps


def _own_sections(section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(module path of the app, section of its plugin_app) for each project type that declares one."""
    for project_type in PROJECT_TYPES:
        for config in get_plugin_app_configs(project_type):
            if config.name != APP_NAME:
                continue
            declared = getattr(config, "plugin_app", {}).get(section, {}).get(project_type)
            if declared is not None:
                yield config.name, declared


def plugin_urls() -> list[URLResolver]:
    """The URL patterns Microcred declares, each once although both services declare them."""
    patterns: dict[str, URLResolver] = {}
    for package, declared in _own_sections("url_config"):
        regex = declared.get("regex", "")
        module = f"{package}.{declared.get('relative_path', 'urls')}"
        app_name = declared.get("app_name", package)
        namespace = declared.get("namespace", package)
        patterns.setdefault(regex, re_path(regex, include((module, app_name), namespace=namespace)))
    return list(patterns.values())


def connect_receivers() -> None:
    """Connect the receivers Microcred declares to every signal that exists outside the platform."""
    for package, declared in _own_sections("signals_config"):
        module = import_module(f"{package}.{declared.get('relative_path', 'signals')}")
        for receiver in declared.get("receivers", []):
            path = receiver["signal_path"]
            if path.startswith(PLATFORM_PACKAGES):
                log.info("Signal %s exists on the platform only; its receiver stays unconnected.", path)
                continue
            function = getattr(module, receiver["receiver_func_name"])
            sender = receiver.get("sender_path")
            import_string(path).connect(
                function,
                sender=import_string(sender) if sender else None,
                dispatch_uid=receiver.get("dispatch_uid", f"{function.__module__}.{function.__name__}"),
            )
