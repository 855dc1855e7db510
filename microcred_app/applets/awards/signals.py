"""What this room tells the rooms above it. Sent inside the deciding transaction."""

from django.dispatch import Signal

__all__ = ["award_reversed", "awards_reversed"]

#: ``award_id``, ``learner_id``, ``reason``, ``now``.
award_reversed = Signal()
#: The same for many at once, whose caller revokes and keeps the trace: ``award_ids``, ``now``.
awards_reversed = Signal()
