"""What this room tells the room above it. Sent inside the issuing transaction."""

from django.dispatch import Signal

__all__ = [
    "credential_issued",
    "credentials_issued",
    "credentials_prolonged",
    "credentials_renewed",
    "expiry_near",
]

#: ``credential_id``, ``learner_id``, ``now``.
credential_issued = Signal()
#: The same for a chunk: ``credentials`` (pairs of credential id and learner id), ``now``, ``hold_until``.
credentials_issued = Signal()
#: Signed anew under the same id: ``credential_ids``, ``now``. Every place that keeps a copy gets the new one.
credentials_renewed = Signal()
#: The same words with later dates: ``credential_ids``, ``now``. For places that keep a copy, and nobody else.
credentials_prolonged = Signal()
#: A holder is told that a badge ends: ``award_id``, ``learner_id``, ``days``, ``now``. For other channels than e-mail.
expiry_near = Signal()
