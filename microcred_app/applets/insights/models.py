"""Counted figures, and sets of skills that jobs ask for."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["InsightFigure", "JobProfile"]


class InsightFigure(models.Model):
    """What was counted about one thing: a unit, a badge, a pathway, a skill, a profile, or all badges together.

    ``mark`` is what stood behind the figures when they were counted (:mod:`.marks`): where it is the same now, nothing
    has to be counted anew. Figures are counts of learners, never who they are, and hold small groups too: whoever reads
    them for a page goes through :mod:`.suppression`. ``started`` stands beside them for the order of lists.

    .. no_pii:
    """

    UNIT = "unit"
    BADGE = "badge"
    PATHWAY = "pathway"
    SKILL = "skill"
    PROFILE = "profile"
    #: No figure: when figures were looked at, and how far (:mod:`.recent`).
    LOOK = "look"

    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=255)
    course_key = models.CharField(max_length=255, blank=True, default="")
    issuer_slug = models.CharField(max_length=80, blank=True, default="")
    title = models.CharField(max_length=255, blank=True, default="")
    started = models.PositiveIntegerField(default=0)
    mark = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="microcred_figure_once")]
        indexes = [models.Index(fields=["kind", "issuer_slug", "started"], name="microcred_figure_list")]


class JobProfile(models.Model):
    """The skills that a job asks for, as an organisation wrote them down; readiness is counted against it.

    .. pii: The account of whoever wrote it.
    .. pii_types: id
    .. pii_retirement: retained
    """

    key = models.SlugField(max_length=100, unique=True)
    issuer_slug = models.CharField(max_length=80, db_index=True)
    title = models.CharField(max_length=255)
    skill_keys = models.JSONField(default=list)
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )

    class Meta:
        app_label = "microcred_app"
