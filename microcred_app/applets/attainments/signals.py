"""What this room tells the rooms above it."""

from django.dispatch import Signal

__all__ = ["attainment_recorded"]

#: A new attainment is stored. Sent in the transaction's ``on_commit`` with ``attainment_id``, ``learner_id``,
#: ``outcome_key`` and ``now``: whatever a receiver does, the attainment stands.
attainment_recorded = Signal()
