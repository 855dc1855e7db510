"""Defaults that the plugin adds to the platform's settings; an operator's values always win."""

from __future__ import annotations

from typing import Any

__all__ = ["plugin_settings"]


def plugin_settings(settings: Any) -> None:
    """Called by the platform with its settings module, before the operator's file is read."""
    if not hasattr(settings, "MICROCRED"):
        settings.MICROCRED = {}
