"""Accounts with vendors, what can be issued there, which badge becomes what, who agreed, and the outbox."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..delivery.outbox_row import OutboxAttempt, OutboxRow

__all__ = [
    "VendorAccount",
    "VendorAttempt",
    "VendorConsent",
    "VendorIssue",
    "VendorMapping",
    "VendorTemplate",
]


class VendorAccount(models.Model):
    """One account of an organisation. Vendor and address never change, so that a learner's agreement cannot be carried
    to another recipient. The key is sealed; ``key_version`` counts the keys, so that a refusal of an old key says
    nothing about the new one.

    .. no_pii:
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey("microcred_app.Issuer", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=100)
    base_url = models.CharField(max_length=255)
    organisation_key = models.CharField(max_length=100, blank=True)
    sealed_key = models.BinaryField()
    key_version = models.PositiveIntegerField(default=1)
    key_expires_at = models.DateTimeField(null=True, blank=True)
    key_refused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["issuer", "removed_at"], name="microcred_vendor_issuer")]

    def __str__(self) -> str:
        return self.name


class VendorTemplate(models.Model):
    """Something that can be issued with an account, as it was read last; ``gone_at`` when it was not there any more.

    .. no_pii:
    """

    account = models.ForeignKey(VendorAccount, on_delete=models.CASCADE, related_name="templates")
    external_key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["account", "external_key"], name="microcred_vendor_template_once")
        ]

    def __str__(self) -> str:
        return self.name


class VendorMapping(models.Model):
    """Awards of this badge are issued with this account as this template.

    .. no_pii:
    """

    account = models.ForeignKey(VendorAccount, on_delete=models.CASCADE, related_name="mappings")
    badge = models.ForeignKey("microcred_app.Badge", on_delete=models.CASCADE, related_name="+")
    template = models.ForeignKey(VendorTemplate, on_delete=models.CASCADE, related_name="mappings")
    since = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["account", "badge"], name="microcred_vendor_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.badge_id} as {self.template_id}"


class VendorConsent(models.Model):
    """A learner agreed that one account is told their name and e-mail address; over when ``withdrawn_at`` is set.

    .. pii: Who agreed to be named to which vendor, and when.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    account = models.ForeignKey(VendorAccount, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["learner", "account"], name="microcred_vendor_consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} to {self.account_id}"


class VendorIssue(OutboxRow):
    """One outbox row: issue this award with this account (``place`` 0), or revoke it there (1).

    ``external_key`` is the vendor's name for what was issued. One row for each account, award and place, however often
    it is reported; a revocation is not claimed before the issue has ended.

    .. pii: Which award of which learner a vendor was given.
    .. pii_types: id
    .. pii_retirement: third_party
    """

    account = models.ForeignKey(VendorAccount, on_delete=models.CASCADE, related_name="issues")
    award = models.ForeignKey("microcred_app.Award", on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(default=0)
    external_key = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["account", "award", "place"], name="microcred_vendor_issue_once")
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="microcred_vendor_due"),
            models.Index(fields=["state", "lease_until"], name="microcred_vendor_lease"),
            models.Index(fields=["account", "created_at"], name="microcred_vendor_log"),
        ]


class VendorAttempt(AppendOnlyModel, OutboxAttempt):
    """What one try came to.

    .. no_pii: The note is what the vendor said, with key, name and address removed.
    """

    delivery = models.ForeignKey(VendorIssue, on_delete=models.CASCADE, related_name="history")

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["delivery", "started_at"], name="microcred_vendor_tries")]
