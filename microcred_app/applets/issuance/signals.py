"""What this room tells the room above it. Sent inside the issuing transaction."""

from django.dispatch import Signal

__all__ = ["credential_issued", "credentials_issued"]

#: ``credential_id``, ``learner_id``, ``now``.
credential_issued = Signal()
#: The same for a chunk: ``credentials`` (pairs of credential id and learner id), ``now``, ``hold_until``.
credentials_issued = Signal()
