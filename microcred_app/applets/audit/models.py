"""The tables behind the audit applet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel

__all__ = ["AuditActor", "AuditEntry", "AuditHead"]


class AuditActor(models.Model):
    """The random reference under which a person stands in the log's hashes.

    When the account goes, the connection goes with it and the reference stays: nobody can be named any more,
    and the log still verifies and still says which decisions were one person's.

    .. pii: Which account a reference means.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    reference = models.CharField(max_length=32, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )

    class Meta:
        app_label = "microcred_app"


class AuditEntry(AppendOnlyModel):
    """One decision somebody answers for.

    What it says is written once, together with the digest of it. ``sequence``, ``previous_hash`` and
    ``entry_hash`` are its place in the chain; it gets them once, right after the decision is committed.

    .. pii: The account of whoever decided, and free text given as the reason.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    actor_reference = models.CharField(max_length=32, blank=True, default="")
    issuer_slug = models.CharField(max_length=80, blank=True, default="")
    action = models.CharField(max_length=64, db_index=True)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=255)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    entry_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="microcred_audit_object"),
            models.Index(fields=["issuer_slug", "at"], name="microcred_audit_issuer"),
        ]


class AuditHead(models.Model):
    """One row: where the chain ends. Whoever lengthens the chain locks it first.

    .. no_pii:
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField()
    entry_hash = models.CharField(max_length=64)

    class Meta:
        app_label = "microcred_app"
