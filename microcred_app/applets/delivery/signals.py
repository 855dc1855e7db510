"""What delivery tells the rooms above it."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["deliveries_waiting"]

#: Sent after the commit that made outbox rows due; keyword: ``count``. A hint to start a worker at once and no
#: more: workers find due rows without it.
deliveries_waiting = Signal()
