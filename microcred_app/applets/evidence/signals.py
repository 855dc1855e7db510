"""What this room tells the rooms above it."""

from django.dispatch import Signal

__all__ = ["submission_accepted", "submission_rejudged"]

#: A submission was accepted, by a reviewer or automatically. Sent inside the deciding transaction with
#: ``learner_id``, ``unit_usage_key``, ``part_usage_key``, ``score`` (0 to 1), ``by_reviewer`` and ``now``.
submission_accepted = Signal()

#: A decided submission was judged anew. Sent inside the deciding transaction with ``learner_id``,
#: ``unit_usage_key``, ``part_usage_key``, ``score`` (0 to 1, or none when it no longer passes), ``review_id`` and
#: ``now``.
submission_rejudged = Signal()
