"""Endpoints of organisations, what they are told (an outbox), and which learners agreed to be named to them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..delivery.outbox_row import OutboxAttempt, OutboxRow

__all__ = ["EmailConsent", "WebhookAttempt", "WebhookEndpoint", "WebhookMessage"]


class WebhookEndpoint(models.Model):
    """One address of an organisation's system. Secrets are sealed; an address never changes, so that a learner's
    agreement cannot be carried to another recipient.

    ``sealed_pseudonym_key`` makes the names under which this endpoint knows learners and awards; it is made once and
    kept for good. ``expiry_seen_until`` is how far the endpoint was told of awards that ended, ``exported_until`` how
    far its last list went.

    .. no_pii:
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey("microcred_app.Issuer", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=1000)
    events = models.JSONField(default=list)
    asks_email = models.BooleanField(default=False)
    sealed_secret = models.BinaryField()
    sealed_old_secret = models.BinaryField(default=bytes, blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    sealed_pseudonym_key = models.BinaryField()
    expiry_seen_until = models.DateTimeField()
    exported_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.CharField(max_length=32, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["issuer", "removed_at"], name="microcred_endpoint_issuer")]

    def __str__(self) -> str:
        return self.name


class WebhookMessage(OutboxRow):
    """One outbox row: this endpoint is told this about this award. The id is the ``webhook-id`` of every try.

    ``content`` holds no personal data; an e-mail address is added when a message is sent, if the learner agrees at
    that moment. ``place`` orders the messages of one award. ``once_key`` makes writing the same twice impossible;
    test events have none.

    .. pii: Which award of which learner an organisation's system was told of.
    .. pii_types: id
    .. pii_retirement: retained
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="messages")
    award = models.ForeignKey("microcred_app.Award", null=True, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=32)
    place = models.PositiveSmallIntegerField(default=0)
    once_key = models.CharField(max_length=90, null=True, unique=True, editable=False)
    content = models.JSONField()

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="microcred_webhook_due"),
            models.Index(fields=["state", "lease_until"], name="microcred_webhook_lease"),
            models.Index(fields=["endpoint", "created_at"], name="microcred_webhook_log"),
        ]


class WebhookAttempt(AppendOnlyModel, OutboxAttempt):
    """What one try at a message came to.

    .. no_pii: Nothing of an answer is kept but its status.
    """

    delivery = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="history")

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["delivery", "started_at"], name="microcred_webhook_tries")]


class EmailConsent(models.Model):
    """A learner agreed that one endpoint is told their e-mail address; withdrawn when ``withdrawn_at`` is set.

    .. pii: Who agreed to be named to which system, and when.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["learner", "endpoint"], name="microcred_email_consent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} to {self.endpoint_id}"
