"""What this room tells the rooms above it."""

from django.dispatch import Signal

__all__ = ["batch_waiting", "preview_waiting"]

#: ``batch_id``: a back-fill can go on. Sent after the commit.
batch_waiting = Signal()

#: ``run_id``: a preview can be computed. Sent after the commit.
preview_waiting = Signal()
