"""What learners do in units: progress, attainments, reported facts, answers to quick checks."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import check_constraint, perhaps_person, person, row_id, uuid_id

tables = [
    # attainments
    CreateModel(
        name="UnitProgress",
        fields=[
            ("id", row_id()),
            ("learner", person(models.CASCADE)),
            ("unit_usage_key", models.CharField(max_length=255)),
            ("course_key", models.CharField(db_index=True, max_length=255)),
            ("outcome_key", models.CharField(max_length=150)),
            ("title", models.CharField(max_length=255)),
            ("minutes", models.PositiveIntegerField(default=0)),
            ("parts", models.JSONField(default=list)),
            ("started_at", models.DateTimeField()),
            ("completed_at", models.DateTimeField(null=True)),
            ("closes_at", models.DateTimeField(null=True)),
            ("completed_late", models.BooleanField(default=False)),
        ],
        options={
            "indexes": [
                models.Index(fields=["unit_usage_key", "started_at"], name="microcred_progress_unit")
            ],
            "constraints": [
                models.UniqueConstraint(fields=("learner", "unit_usage_key"), name="microcred_progress_once")
            ],
        },
    ),
    CreateModel(
        name="PartResult",
        fields=[
            ("id", row_id()),
            (
                "progress",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="results", to="microcred_app.unitprogress"
                ),
            ),
            ("part_usage_key", models.CharField(max_length=255)),
            ("score", models.FloatField()),
            ("by_reviewer", models.BooleanField(default=False)),
            ("done_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("progress", "part_usage_key"), name="microcred_part_once"),
                check_constraint(
                    models.Q(("score__gte", 0), ("score__lte", 1)), name="microcred_part_score_range"
                ),
            ]
        },
    ),
    CreateModel(
        name="StepVisit",
        fields=[
            ("id", row_id()),
            (
                "progress",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="visits", to="microcred_app.unitprogress"
                ),
            ),
            ("part_usage_key", models.CharField(max_length=255)),
            ("first_seen_at", models.DateTimeField()),
            ("last_seen_at", models.DateTimeField()),
            ("seconds", models.PositiveIntegerField(default=0)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("progress", "part_usage_key"), name="microcred_visit_once")
            ]
        },
    ),
    CreateModel(
        name="Attainment",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.PROTECT)),
            (
                "outcome",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="attainments", to="microcred_app.outcome"
                ),
            ),
            ("score", models.FloatField()),
            ("attained_at", models.DateTimeField()),
            ("course_key", models.CharField(db_index=True, max_length=255)),
            ("source_usage_key", models.CharField(max_length=255)),
            ("source_title", models.CharField(max_length=255)),
            ("minutes", models.PositiveIntegerField(default=0)),
            ("evidence", models.JSONField(default=list)),
            ("results", models.JSONField(default=list)),
            ("by_reviewer", models.BooleanField(default=False)),
            ("refresher", models.BooleanField(default=False)),
            ("counts", models.BooleanField(default=True)),
            ("idempotency_key", models.CharField(max_length=64, unique=True)),
            (
                "corrects",
                models.ForeignKey(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="corrections",
                    to="microcred_app.attainment",
                ),
            ),
        ],
        options={
            "indexes": [models.Index(fields=["learner", "outcome"], name="microcred_attainment_lookup")],
            "constraints": [
                check_constraint(
                    models.Q(("score__gte", 0), ("score__lte", 1)), name="microcred_attainment_score_range"
                )
            ],
        },
    ),
    CreateModel(
        name="ReportedFact",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.PROTECT)),
            ("kind", models.CharField(max_length=8)),
            ("key", models.CharField(max_length=255)),
            ("number", models.FloatField(null=True)),
            ("role", models.CharField(blank=True, max_length=50)),
            ("counts", models.BooleanField(default=True)),
            ("at", models.DateTimeField()),
            ("until", models.DateTimeField(null=True)),
            ("source", models.CharField(blank=True, max_length=255)),
            ("reason", models.TextField(blank=True)),
            ("recorded_at", models.DateTimeField()),
            ("recorded_by", perhaps_person()),
            ("idempotency_key", models.CharField(max_length=64, unique=True)),
            (
                "corrects",
                models.OneToOneField(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="correction",
                    to="microcred_app.reportedfact",
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["learner", "kind", "key"], name="microcred_fact_lookup"),
                models.Index(fields=["kind", "key", "learner"], name="microcred_fact_by_thing"),
            ]
        },
    ),
    CreateModel(
        name="FactWatch",
        fields=[
            ("id", row_id()),
            (
                "fact",
                models.OneToOneField(
                    on_delete=models.CASCADE, related_name="watch", to="microcred_app.reportedfact"
                ),
            ),
            ("subject", models.JSONField()),
            ("check_at", models.DateTimeField(db_index=True)),
            ("checked_at", models.DateTimeField(null=True)),
            ("unclear_since", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="DueEvaluation",
        fields=[
            ("id", row_id()),
            ("learner", person(models.CASCADE)),
            ("kind", models.CharField(max_length=8)),
            ("key", models.CharField(max_length=255)),
            ("created_at", models.DateTimeField()),
            ("tries", models.PositiveIntegerField(default=0)),
            ("last_error", models.CharField(blank=True, max_length=500)),
        ],
        options={"indexes": [models.Index(fields=["tries", "created_at"], name="microcred_due_order")]},
    ),
    # responses
    CreateModel(
        name="ItemResponse",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.CASCADE)),
            ("part_usage_key", models.CharField(max_length=255)),
            ("course_key", models.CharField(max_length=255)),
            ("attempt", models.PositiveIntegerField()),
            ("check_type", models.CharField(max_length=10)),
            ("question", models.CharField(max_length=16)),
            ("given", models.JSONField(default=list)),
            ("score", models.FloatField()),
            ("passed", models.BooleanField()),
            ("hints", models.PositiveSmallIntegerField(default=0)),
            ("at", models.DateTimeField()),
        ],
        options={
            "indexes": [models.Index(fields=["part_usage_key", "at", "id"], name="microcred_response_part")],
            "constraints": [
                models.UniqueConstraint(
                    fields=("learner", "part_usage_key", "attempt"), name="microcred_response_once"
                ),
                check_constraint(
                    models.Q(("score__gte", 0), ("score__lte", 1)), name="microcred_response_score_range"
                ),
            ],
        },
    ),
    CreateModel(
        name="AttemptGrant",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.CASCADE)),
            ("part_usage_key", models.CharField(max_length=255)),
            ("course_key", models.CharField(max_length=255)),
            ("attempts", models.PositiveSmallIntegerField()),
            ("reason", models.CharField(blank=True, max_length=500)),
            ("given_by", perhaps_person()),
            ("at", models.DateTimeField()),
        ],
        options={
            "indexes": [models.Index(fields=["learner", "part_usage_key"], name="microcred_grant_lookup")]
        },
    ),
    # sources
    CreateModel(
        name="SourceReplay",
        fields=[
            ("id", row_id()),
            ("course_key", models.CharField(max_length=255, unique=True)),
            ("asked", models.CharField(max_length=64)),
            ("part", models.CharField(blank=True, max_length=20)),
            ("after", models.CharField(blank=True, max_length=255)),
            ("read", models.PositiveIntegerField(default=0)),
            ("news", models.PositiveIntegerField(default=0)),
            ("refused", models.PositiveIntegerField(default=0)),
            ("started_at", models.DateTimeField()),
            ("lease_until", models.DateTimeField(null=True)),
            ("finished_at", models.DateTimeField(null=True)),
        ],
    ),
]
