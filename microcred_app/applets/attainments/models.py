"""Progress of learners in units, and attainments."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import django
from django.conf import settings
from django.db import models
from django.db.models import Q

from ..append_only import AppendOnlyModel
from ..skills.models import Outcome

__all__ = [
    "Attainment",
    "DueEvaluation",
    "FactWatch",
    "PartResult",
    "ReportedFact",
    "StepVisit",
    "UnitProgress",
]

# Django 5.1 renamed the argument; 4.2 knows only the old name.
_CHECK = "condition" if django.VERSION >= (5, 1) else "check"


def _score_in_range(name: str) -> models.CheckConstraint:
    """Scores are from 0 to 1, whoever writes them."""
    arguments: dict[str, Any] = {_CHECK: Q(score__gte=0, score__lte=1), "name": name}
    return models.CheckConstraint(**arguments)


class UnitProgress(models.Model):
    """How far one learner is in one unit, with the parts that this learner has to do.

    Kept in the app, not in the block's state, so that a reviewer's verdict can complete a unit while nobody
    has it open, and because block state is one row written without locks.

    .. pii: The learner's account.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    unit_usage_key = models.CharField(max_length=255)
    course_key = models.CharField(max_length=255, db_index=True)
    outcome_key = models.CharField(max_length=150)
    title = models.CharField(max_length=255)
    minutes = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=list)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    completed_late = models.BooleanField(default=False)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["learner", "unit_usage_key"], name="microcred_progress_once"),
        ]
        indexes = [models.Index(fields=["unit_usage_key", "started_at"], name="microcred_progress_unit")]


class PartResult(models.Model):
    """A part of a unit that the learner has done, with the best score so far (0 to 1).

    .. no_pii: Belongs to a UnitProgress, which is annotated.
    """

    progress = models.ForeignKey(UnitProgress, on_delete=models.CASCADE, related_name="results")
    part_usage_key = models.CharField(max_length=255)
    score = models.FloatField()
    by_reviewer = models.BooleanField(default=False)
    done_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["progress", "part_usage_key"], name="microcred_part_once"),
            _score_in_range("microcred_part_score_range"),
        ]


class StepVisit(models.Model):
    """When a learner first and last was at a step of a unit, and for about how long in all.

    One row for each step that the learner opened: it says where people stop and what takes them long, and it is
    where a returning learner's last visit is read. ``seconds`` leaves out breaks.

    .. no_pii: Belongs to a UnitProgress, which is annotated.
    """

    progress = models.ForeignKey(UnitProgress, on_delete=models.CASCADE, related_name="visits")
    part_usage_key = models.CharField(max_length=255)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["progress", "part_usage_key"], name="microcred_visit_once"),
        ]


class Attainment(AppendOnlyModel):
    """Immutable fact: this learner met this outcome, this well, at this time, from this source.

    ``refresher`` marks one that was shown again after the unit was completed: it says when the learner could still do
    it, and changes neither grade nor what is held.
    A correction is a new row that names the old one; a row without ``counts`` takes the old one back and puts nothing
    in its place. ``results`` is what reviewers found, by the rubrics as they were.

    .. pii: The learner's account.
    .. pii_types: id
    .. pii_retirement: retained
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="attainments")
    score = models.FloatField()
    attained_at = models.DateTimeField()
    course_key = models.CharField(max_length=255, db_index=True)
    source_usage_key = models.CharField(max_length=255)
    source_title = models.CharField(max_length=255)
    minutes = models.PositiveIntegerField(default=0)
    evidence = models.JSONField(default=list)
    results = models.JSONField(default=list)
    by_reviewer = models.BooleanField(default=False)
    refresher = models.BooleanField(default=False)
    counts = models.BooleanField(default=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")

    class Meta:
        app_label = "microcred_app"
        constraints = [
            _score_in_range("microcred_attainment_score_range"),
        ]
        indexes = [models.Index(fields=["learner", "outcome"], name="microcred_attainment_lookup")]


class ReportedFact(AppendOnlyModel):
    """Something else than an attainment that requirements may ask about: this learner, this thing, at this time.

    ``kind`` and ``key`` are those of the requirement's leaf: ``grade`` (course key; ``number`` from 0 to 1),
    ``block`` (usage key), ``credits`` (skill key; ``number`` of credits), ``signoff`` (what was signed off;
    ``role`` of the person), ``standing`` (course key; ``role`` says how:
    passed, certified, in which cohort), ``external`` (key of the achievement of another issuer). A correction is a new
    row that names the old one; a row without ``counts`` takes the old one back and puts nothing in its place.

    .. pii: The learner's account, and the account of whoever signed off.
    .. pii_types: id
    .. pii_retirement: retained
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=255)
    number = models.FloatField(null=True)
    role = models.CharField(max_length=50, blank=True)
    counts = models.BooleanField(default=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    source = models.CharField(max_length=255, blank=True)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    idempotency_key = models.CharField(max_length=64, unique=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="correction")

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["learner", "kind", "key"], name="microcred_fact_lookup"),
            models.Index(fields=["kind", "key", "learner"], name="microcred_fact_by_thing"),
        ]


class FactWatch(models.Model):
    """What has to be asked again about a reported fact, and when: whether its issuer revoked it meanwhile.

    ``subject`` is no more of the document than that question needs: its id, its issuer, its status entries.
    ``unclear_since`` is set while the question could not be answered.

    .. pii: The id that another issuer gave to the learner's credential.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    fact = models.OneToOneField(ReportedFact, on_delete=models.CASCADE, related_name="watch")
    subject = models.JSONField()
    check_at = models.DateTimeField(db_index=True)
    checked_at = models.DateTimeField(null=True)
    unclear_since = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class DueEvaluation(models.Model):
    """Marker: something about this learner changed and was not evaluated yet.

    Written with the change, removed with the evaluation: a worker that dies in between finds it again, so no
    badge can be missed. ``kind`` and ``key`` say what changed, in the words of requirements.

    .. pii: The learner's account.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["tries", "created_at"], name="microcred_due_order")]
