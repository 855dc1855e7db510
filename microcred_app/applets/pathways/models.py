"""Pathways, their stages, and who follows them."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.db import models
from django.db.models import Q

from ..badges.models import Badge

__all__ = ["Following", "Pathway", "Stage"]

# Django 5.1 renamed the argument; 4.2 knows only the old name.
_CHECK = "condition" if django.VERSION >= (5, 1) else "check"
_STATE: dict[str, Any] = {
    _CHECK: Q(state__in=["draft", "published", "retired"]),
    "name": "microcred_pathway_state",
}


class Pathway(models.Model):
    """A road for learners over the requirement of a macro badge.

    .. pii: The owner is an office, but nothing stops a registrar from writing a person's name.
    .. pii_types: name
    .. pii_retirement: retained
    """

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"

    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, related_name="pathways")
    state = models.CharField(max_length=12, default=PUBLISHED)
    owner = models.CharField(max_length=255, blank=True, default="")
    occupations = models.JSONField(default=list)
    level = models.CharField(max_length=100, blank=True, default="")
    language = models.CharField(max_length=35, default="en")
    leads_to = models.ManyToManyField("self", symmetrical=False, related_name="reached_from")

    class Meta:
        app_label = "microcred_app"
        constraints = [models.CheckConstraint(**_STATE)]


class Stage(models.Model):
    """One step of the road: a badge or an outcome.

    .. no_pii:
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=255)

    class Meta:
        app_label = "microcred_app"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "position"], name="microcred_stage_position")
        ]


class Following(models.Model):
    """That a learner follows a pathway, perhaps with a pause; leaving keeps the row and every badge earned.

    .. pii: The learner's account.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="followings")
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    followed_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["pathway", "learner"], name="microcred_following_once")
        ]
