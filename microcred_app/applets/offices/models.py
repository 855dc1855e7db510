"""The table behind the offices applet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["OrganisationRole"]


class OrganisationRole(models.Model):
    """This person holds this role for this organisation now. Who held it earlier stands in the audit log.

    .. pii: The account that holds a role, and the account that gave it.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    ROLES = [
        ("registrar", "registrar"),
        ("steward", "steward"),
        ("reviewer", "reviewer"),
        ("auditor", "auditor"),
    ]

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    issuer_slug = models.SlugField(max_length=80)
    role = models.CharField(max_length=16, choices=ROLES)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    given_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["user", "issuer_slug", "role"], name="microcred_role_once"),
        ]
