"""The columns of every outbox table: what claiming, leases and retries need, whatever is sent."""

from __future__ import annotations

import uuid

from django.db import models

__all__ = ["OutboxAttempt", "OutboxRow"]


class OutboxRow(models.Model):
    """One thing to be sent to one place. Each lane has a table of its own with these columns.

    A table that inherits needs two indexes, or claiming reads all of it: ``(state, next_attempt_at)`` and
    ``(state, lease_until)``.

    .. no_pii: Columns only; what is sent to whom stands in the tables that inherit.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        DELIVERED = "delivered"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    #: When to try (again); null while it waits for a person.
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    claim_token = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=128, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_code = models.CharField(max_length=64, blank=True)
    last_detail = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class OutboxAttempt(models.Model):
    """The columns of every table of tries; the one that inherits names its row as ``delivery``.

    .. no_pii: The note is what the place said, with secrets removed.
    """

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    worker = models.CharField(max_length=128, blank=True)
    outcome = models.CharField(max_length=32)
    code = models.CharField(max_length=64, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.outcome} at {self.started_at}"
