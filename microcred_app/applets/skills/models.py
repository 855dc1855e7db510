"""Skills and outcomes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["DefinitionStamp", "Outcome", "Skill", "SkillFramework"]


class SkillFramework(models.Model):
    """A published vocabulary of skills, for example an employer's or ESCO.

    .. no_pii:
    """

    key = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=255)
    url = models.URLField(max_length=500, blank=True)

    class Meta:
        app_label = "microcred_app"


class Skill(models.Model):
    """One entry of a framework; outcomes and badges align to it.

    .. no_pii:
    """

    key = models.CharField(max_length=150, unique=True)
    framework = models.ForeignKey(SkillFramework, on_delete=models.PROTECT, related_name="skills")
    name = models.CharField(max_length=255)
    statement = models.TextField(blank=True)
    uri = models.URLField(max_length=500, blank=True)

    class Meta:
        app_label = "microcred_app"


class Outcome(models.Model):
    """One measurable statement. Shared by every block that proves it, in any course.

    .. pii: The account of the author who wrote the statement.
    .. pii_types: id
    .. pii_retirement: retained
    """

    key = models.CharField(max_length=150, unique=True)
    statement = models.CharField(max_length=500)
    skill = models.ForeignKey(Skill, null=True, on_delete=models.PROTECT, related_name="outcomes")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


class DefinitionStamp(models.Model):
    """One row that is new whenever a definition (issuer, outcome, badge) changed, in the same transaction.

    A process that keeps definitions in memory compares this one value instead of reading them again.

    .. no_pii:
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.CharField(max_length=32)

    class Meta:
        app_label = "microcred_app"
