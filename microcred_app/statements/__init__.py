"""Our tracking events as xAPI statements and Caliper events, where event-routing-backends is installed.

The platform's own package does the sending; here is only what each of our events means in both languages. Without it
nothing of this is imported.
"""

from __future__ import annotations

from django.apps import apps

__all__ = ["register_statements"]


def register_statements() -> bool:
    """Register a transformer for every event; whether there is something to register with."""
    if not apps.is_installed("event_routing_backends"):
        return False
    from . import caliper, xapi

    return bool(xapi.TRANSFORMERS and caliper.TRANSFORMERS)
