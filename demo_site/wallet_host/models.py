"""The tables of the wallet."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

__all__ = ["ClientDetails", "KeptBadge", "OwnerProfile"]


class ClientDetails(models.Model):
    """What an issuer said about itself when it registered, to be shown on the consent page.

    .. no_pii:
    """

    objects: ClassVar[models.Manager[ClientDetails]] = models.Manager()
    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.CASCADE, related_name="details"
    )
    metadata = models.JSONField()

    class Meta:
        app_label = "wallet_host"

    def __str__(self) -> str:
        return str(self.metadata.get("client_name", ""))


class KeptBadge(models.Model):
    """One badge in one person's wallet, as the bytes that arrived.

    .. pii: A badge names its holder.
    .. pii_types: name, email_address
    .. pii_retirement: local_api
    """

    objects: ClassVar[models.Manager[KeptBadge]] = models.Manager()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="badges")
    identity_sha256 = models.CharField(max_length=64)
    issuer_id = models.TextField()
    credential_id = models.TextField()
    document = models.BinaryField()
    valid_from = models.DateTimeField()
    received_at = models.DateTimeField()
    pushes = models.PositiveIntegerField(default=1)
    sent_by = models.CharField(max_length=255, blank=True)
    finding = models.JSONField(default=dict)

    class Meta:
        app_label = "wallet_host"
        constraints = [
            models.UniqueConstraint(fields=["owner", "identity_sha256"], name="satchel_one_per_credential"),
        ]

    def __str__(self) -> str:
        return self.credential_id


class OwnerProfile(models.Model):
    """What the owner, or somebody they allowed to, wrote over their profile.

    .. pii: The owner's own profile.
    .. pii_types: name, email_address, other
    .. pii_retirement: local_api
    """

    objects: ClassVar[models.Manager[OwnerProfile]] = models.Manager()
    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    document = models.JSONField()

    class Meta:
        app_label = "wallet_host"

    def __str__(self) -> str:
        return str(self.owner)
