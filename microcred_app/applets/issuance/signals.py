"""What this room tells the room above it. Sent inside the issuing transaction."""

from django.dispatch import Signal

__all__ = ["credential_issued"]

#: ``credential_id``, ``learner_id``, ``now``.
credential_issued = Signal()
