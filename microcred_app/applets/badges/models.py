"""Issuers, badges, versions, and the index of who mentions what."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..skills.models import Skill

__all__ = ["Badge", "BadgeImage", "BadgeVersion", "Issuer", "RequirementMention"]


class Issuer(models.Model):
    """An organisation that answers for badges.

    .. no_pii: Addresses of an organisation, not of a person.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=255)
    url = models.URLField(max_length=500)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True)
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
    """Something that can be earned; what it means stands in its versions.

    .. no_pii:
    """

    MICRO = "micro"
    MACRO = "macro"

    key = models.SlugField(max_length=100, unique=True)
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="badges")
    kind = models.CharField(max_length=8, choices=[(MICRO, "micro"), (MACRO, "macro")])
    current = models.OneToOneField(
        "BadgeVersion", null=True, on_delete=models.PROTECT, related_name="current_of"
    )
    created_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


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
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["badge", "number"], name="microcred_version_number"),
        ]


class RequirementMention(AppendOnlyModel):
    """Inverted index: which versions mention an outcome or a badge, so that one event asks one question.

    .. no_pii:
    """

    version = models.ForeignKey(BadgeVersion, on_delete=models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=200)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "version"], name="microcred_mention_once"),
        ]
