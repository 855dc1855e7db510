"""What this room tells the rooms above it."""

from django.dispatch import Signal

__all__ = ["evaluation_due"]

#: ``due`` (a DueEvaluationInfo), ``now``. Sent after the commit of what changed.
evaluation_due = Signal()
