"""What this room tells the rooms above it. Sent inside the deciding transaction."""

from django.dispatch import Signal

__all__ = ["award_reversed", "awards_reinstated", "awards_reversed", "awards_suspended"]

#: ``award_id``, ``learner_id``, ``reason``, ``now``.
award_reversed = Signal()
#: The same for many at once, whose caller revokes and keeps the trace: ``award_ids``, ``now``.
awards_reversed = Signal()
#: These count no more until they are reinstated: ``award_ids``, ``now``. Receivers hold back what was signed.
awards_suspended = Signal()
#: Their suspension was lifted: ``award_ids``, ``learners`` (pairs of learner and badge key), ``now``.
awards_reinstated = Signal()
