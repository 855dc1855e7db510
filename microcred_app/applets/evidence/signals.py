"""What this room tells the rooms above it."""

from django.dispatch import Signal

__all__ = ["submission_accepted"]

#: A submission was accepted, by a reviewer or automatically. Sent inside the deciding transaction with
#: ``learner_id``, ``unit_usage_key``, ``part_usage_key``, ``score`` (0 to 1), ``by_reviewer`` and ``now``.
submission_accepted = Signal()
