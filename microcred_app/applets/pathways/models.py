"""Pathways, their stages, and who follows them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..badges.models import Badge

__all__ = ["Following", "Pathway", "Stage"]


class Pathway(models.Model):
    """A road for learners over the requirement of a macro badge.

    .. no_pii:
    """

    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, related_name="pathways")

    class Meta:
        app_label = "microcred_app"


class Stage(models.Model):
    """One step of the road: a badge or an outcome.

    .. no_pii:
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=200)

    class Meta:
        app_label = "microcred_app"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "position"], name="microcred_stage_position")
        ]


class Following(models.Model):
    """That a learner follows a pathway; leaving keeps the row and every badge earned.

    .. pii: The learner's account.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="followings")
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    followed_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["pathway", "learner"], name="microcred_following_once")
        ]
