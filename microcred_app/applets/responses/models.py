"""Answers to quick checks, and attempts that staff gave to single learners."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import django
from django.conf import settings
from django.db import models
from django.db.models import Q

from ..append_only import AppendOnlyModel

__all__ = ["AttemptGrant", "ItemResponse"]

# Django 5.1 renamed the argument; 4.2 knows only the old name.
_CHECK = "condition" if django.VERSION >= (5, 1) else "check"


def _score_in_range(name: str) -> models.CheckConstraint:
    """Scores are from 0 to 1, whoever writes them."""
    arguments: dict[str, Any] = {_CHECK: Q(score__gte=0, score__lte=1), "name": name}
    return models.CheckConstraint(**arguments)


class ItemResponse(AppendOnlyModel):
    """Immutable fact: this learner gave this answer at this attempt, and it was marked so.

    ``given`` holds pairs of part and answer: ids of options, what was chosen for a line, or normalised text, all
    of it short. ``question`` is a digest of the question with its key, so that answers to another wording are not
    counted together. The unique key is what makes the number of attempts exact: of two answers sent at once as
    the same attempt, one is the attempt and the other is told so.

    .. pii: The learner's account, and what the learner wrote.
    .. pii_types: id,other
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    part_usage_key = models.CharField(max_length=255)
    course_key = models.CharField(max_length=255)
    attempt = models.PositiveIntegerField()
    check_type = models.CharField(max_length=10)
    question = models.CharField(max_length=16)
    given = models.JSONField(default=list)
    score = models.FloatField()
    passed = models.BooleanField()
    hints = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "part_usage_key", "attempt"], name="microcred_response_once"
            ),
            _score_in_range("microcred_response_score_range"),
        ]
        indexes = [models.Index(fields=["part_usage_key", "at", "id"], name="microcred_response_part")]


class AttemptGrant(AppendOnlyModel):
    """Immutable fact: staff gave this learner more attempts at this check.

    .. pii: The accounts of the learner and of whoever gave the attempts, and the reason that was written.
    .. pii_types: id,other
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    part_usage_key = models.CharField(max_length=255)
    course_key = models.CharField(max_length=255)
    attempts = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["learner", "part_usage_key"], name="microcred_grant_lookup")]
