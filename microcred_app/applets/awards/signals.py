"""What this room tells the rooms above it. Both are sent inside the deciding transaction."""

from django.dispatch import Signal

__all__ = ["award_reversed", "awards_granted"]

#: ``awards`` (a tuple of AwardInfo, so that nobody has to read again what was just written), ``now``,
#: ``hold_until`` (wallets are not told before; None for at once).
awards_granted = Signal()

#: ``award_id``, ``learner_id``, ``reason``, ``now``.
award_reversed = Signal()
