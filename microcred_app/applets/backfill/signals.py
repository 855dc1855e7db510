"""What this room tells the rooms above it."""

from django.dispatch import Signal

__all__ = ["batch_waiting"]

#: ``batch_id``: a back-fill can go on. Sent after the commit.
batch_waiting = Signal()
