"""What this room tells the rooms above it. Both are sent inside the deciding transaction."""

from django.dispatch import Signal

__all__ = ["award_granted", "award_reversed"]

#: ``award`` (an AwardInfo, so that nobody has to read again what was just written), ``now``.
award_granted = Signal()

#: ``award_id``, ``learner_id``, ``reason``, ``now``.
award_reversed = Signal()
