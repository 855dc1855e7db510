"""The table behind the audit applet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel

__all__ = ["AuditEntry"]


class AuditEntry(AppendOnlyModel):
    """One decision somebody answers for.

    .. pii: The account of whoever decided, and free text given as the reason.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    action = models.CharField(max_length=64, db_index=True)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=255)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["object_type", "object_id"], name="microcred_audit_object")]
