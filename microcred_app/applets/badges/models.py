"""Issuers, badges, versions, drafts, and the index of who mentions what."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.db import models
from django.db.models import Q

from ..append_only import AppendOnlyModel
from ..skills.models import Skill

__all__ = [
    "Badge",
    "BadgeDraft",
    "BadgeImage",
    "BadgeVersion",
    "DraftComment",
    "DraftRevision",
    "HolderDuty",
    "Issuer",
    "RequirementMention",
    "ScheduledVersion",
]

# Django 5.1 renamed the argument; 4.2 knows only the old name.
_CHECK = "condition" if django.VERSION >= (5, 1) else "check"


def _always(condition: Q, name: str) -> models.CheckConstraint:
    """What is true of every row, whoever writes it."""
    arguments: dict[str, Any] = {_CHECK: condition, "name": name}
    return models.CheckConstraint(**arguments)


def _account() -> models.ForeignKey[Any, Any]:
    """A person's account; the row outlives it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )


class Issuer(models.Model):
    """An organisation that answers for badges.

    .. no_pii: Addresses of an organisation, not of a person.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=255)
    url = models.URLField(max_length=500)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    colour = models.CharField(max_length=7, blank=True, default="")
    image = models.ForeignKey("BadgeImage", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "microcred_app"


class BadgeImage(AppendOnlyModel):
    """A picture, addressed by the digest of its bytes, so that a version's picture can never change.

    .. no_pii:
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=50)
    content = models.BinaryField()

    class Meta:
        app_label = "microcred_app"


class Badge(models.Model):
    """Something that can be earned; what it means stands in its versions, how it lives stands here.

    ``current`` is the version that is awarded now: none before the first takes effect, none after retirement.

    .. pii: Owner and steward are offices, but nothing stops a registrar from writing a person's name.
    .. pii_types: name
    .. pii_retirement: retained
    """

    MICRO = "micro"
    MACRO = "macro"
    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    RETIRED = "retired"

    key = models.SlugField(max_length=100, unique=True)
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="badges")
    kind = models.CharField(max_length=8, choices=[(MICRO, "micro"), (MACRO, "macro")])
    current = models.OneToOneField(
        "BadgeVersion", null=True, on_delete=models.PROTECT, related_name="current_of"
    )
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=PUBLISHED)
    sunset_at = models.DateTimeField(null=True, db_index=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")
    notice = models.TextField(blank=True, default="")
    owner = models.CharField(max_length=255, blank=True, default="")
    steward = models.CharField(max_length=255, blank=True, default="")
    purpose = models.TextField(blank=True, default="")
    review_due = models.DateField(null=True, db_index=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            _always(Q(state__in=["published", "deprecated", "retired"]), "microcred_badge_state"),
            _always(Q(state="deprecated") | Q(sunset_at__isnull=True), "microcred_badge_sunset"),
        ]


class BadgeVersion(AppendOnlyModel):
    """One published, immutable statement of what a badge means and requires.

    .. pii: The account of whoever published it.
    .. pii_types: id
    .. pii_retirement: retained
    """

    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    description = models.TextField()
    achievement_type = models.CharField(max_length=100)
    criteria_intro = models.TextField(blank=True)
    language = models.CharField(max_length=35, default="en")
    minutes = models.PositiveIntegerField(default=0)
    image = models.ForeignKey(BadgeImage, on_delete=models.PROTECT, related_name="+")
    image_alt = models.CharField(max_length=500)
    requirement = models.JSONField()
    skills = models.ManyToManyField(Skill, related_name="badge_versions")
    published_at = models.DateTimeField()
    published_by = _account()
    effective_at = models.DateTimeField()
    credits = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    credit_unit = models.CharField(max_length=20, blank=True, default="")
    level = models.CharField(max_length=100, blank=True, default="")
    expires_on = models.DateField(null=True)
    expires_after = models.CharField(max_length=30, blank=True, default="")
    cap = models.PositiveIntegerField(null=True)
    holders_policy = models.CharField(max_length=16, default="keep")
    holders_deadline = models.DateField(null=True)
    accepts = models.JSONField(default=list)
    proof_type = models.CharField(max_length=16, default="recognition")
    document_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["badge", "number"], name="microcred_version_number"),
            _always(Q(cap__isnull=True) | Q(cap__gt=0), "microcred_version_cap"),
            _always(Q(document_days__isnull=True) | Q(document_days__gt=0), "microcred_version_days"),
            _always(Q(expires_on__isnull=True) | Q(expires_after=""), "microcred_version_one_expiry"),
            _always(
                Q(holders_policy="redemonstrate", holders_deadline__isnull=False)
                | Q(holders_policy__in=["keep", "upgrade", "replace"], holders_deadline__isnull=True),
                "microcred_version_holders",
            ),
        ]


class ScheduledVersion(models.Model):
    """Marker: this version is published and waits for its date. Removed when it comes into force.

    .. no_pii:
    """

    version = models.OneToOneField(BadgeVersion, on_delete=models.CASCADE, related_name="scheduled")
    effective_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "microcred_app"


class HolderDuty(models.Model):
    """Marker: what this version says to holders of older ones is to be done from ``due_at`` on. Removed when it begins.

    .. no_pii:
    """

    version = models.OneToOneField(BadgeVersion, on_delete=models.CASCADE, related_name="holder_duty")
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "microcred_app"


class RequirementMention(AppendOnlyModel):
    """Inverted index: which versions mention an outcome or a badge, so that one event asks one question.

    .. no_pii:
    """

    version = models.ForeignKey(BadgeVersion, on_delete=models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=255)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "version"], name="microcred_mention_once"),
        ]


class BadgeDraft(models.Model):
    """What somebody is about to publish: one row for each badge, opened again for its next version.

    .. pii: The accounts of whoever edited, submitted and approved.
    .. pii_types: id
    .. pii_retirement: retained
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"

    key = models.SlugField(max_length=100, unique=True)
    state = models.CharField(max_length=12, default=DRAFT)
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    edited_by = _account()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = _account()
    approved_at = models.DateTimeField(null=True)
    approved_by = _account()
    published = models.ForeignKey(BadgeVersion, null=True, on_delete=models.PROTECT, related_name="drafts")

    class Meta:
        app_label = "microcred_app"
        constraints = [
            _always(
                Q(state__in=["draft", "in_review", "approved", "published", "discarded"]),
                "microcred_draft_state",
            ),
        ]


class DraftRevision(AppendOnlyModel):
    """What a draft said at one revision, and who wrote it: the ground on which edits are compared.

    .. pii: The account of the editor.
    .. pii_types: id
    .. pii_retirement: retained
    """

    draft = models.ForeignKey(BadgeDraft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    edited_at = models.DateTimeField()
    edited_by = _account()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="microcred_draft_revision"),
        ]


class DraftComment(AppendOnlyModel):
    """What somebody said about a draft, and about which revision.

    .. pii: The account of the writer, and their words.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    draft = models.ForeignKey(BadgeDraft, on_delete=models.PROTECT, related_name="comments")
    revision = models.PositiveIntegerField()
    written_at = models.DateTimeField()
    written_by = _account()
    text = models.TextField()

    class Meta:
        app_label = "microcred_app"
