"""Defaults that the plugin adds to the platform's settings; an operator's values always win."""

from __future__ import annotations

from typing import Any

from .platform_pages.placing import place_steps, place_templates
from .tracking import TrackedEvent

__all__ = ["plugin_settings"]


def plugin_settings(settings: Any) -> None:
    """Called by the platform with its settings module, before the operator's file is read."""
    if not hasattr(settings, "MICROCRED"):
        settings.MICROCRED = {}
    place_steps(settings)
    place_templates(settings)
    # event-routing-backends, where it is installed, turns into xAPI and Caliper what stands in these lists. Lists that
    # are there are added to in place: it may have taken them up already.
    for name in (
        "EVENT_TRACKING_BACKENDS_ALLOWED_XAPI_EVENTS",
        "EVENT_TRACKING_BACKENDS_ALLOWED_CALIPER_EVENTS",
    ):
        if not hasattr(settings, name):
            setattr(settings, name, [])
        known = getattr(settings, name)
        known.extend(event for event in map(str, TrackedEvent) if event not in known)
