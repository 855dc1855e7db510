"""What was read in from other systems, and from which file."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel

__all__ = ["ImportRun", "ImportedAward", "ImportedDefinition"]


class ImportRun(AppendOnlyModel):
    """One import: which files, of which system, for which organisation, and who vouches for them.

    .. pii: The account of whoever imported.
    .. pii_types: id
    .. pii_retirement: retained
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    issuer_slug = models.CharField(max_length=80, db_index=True)
    formats = models.CharField(max_length=100)
    files = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    definitions = models.PositiveIntegerField(default=0)
    awards = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "microcred_app"


class ImportedDefinition(models.Model):
    """A badge of another system. It is no badge of this site; ``draft_key`` names a draft that was made of it.

    .. no_pii:
    """

    issuer_slug = models.CharField(max_length=80)
    origin_sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=500)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    criteria = models.TextField(blank=True)
    issuer_name = models.CharField(max_length=255, blank=True)
    draft_key = models.CharField(max_length=100, blank=True, default="")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer_slug", "origin_sha256"], name="microcred_imported_badge_once"
            )
        ]


class ImportedAward(models.Model):
    """That another system gave somebody a badge. It is in no ledger here and nothing was signed for it.

    ``learner`` is whoever has the address; none where nobody has yet. ``identity`` is the same for the same award, in
    whichever file it comes again. ``sha256`` is of the document or row it was read from.

    .. pii: Who received the badge: an account, an e-mail address or its hash.
    .. pii_types: id, email_address
    .. pii_retirement: local_api
    """

    definition = models.ForeignKey(ImportedDefinition, on_delete=models.PROTECT, related_name="awards")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    email = models.CharField(max_length=255, blank=True, db_index=True)
    email_hash = models.CharField(max_length=255, blank=True)
    salt = models.CharField(max_length=200, blank=True)
    identity = models.CharField(max_length=64)
    origin = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["definition", "identity"], name="microcred_imported_award_once")
        ]
