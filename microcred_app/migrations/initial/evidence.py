"""What learners hand in, and its care."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import perhaps_person, person, row_id, uuid_id

tables = [
    # evidence
    CreateModel(
        name="Accommodation",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.CASCADE)),
            ("course_key", models.CharField(max_length=255)),
            ("part_usage_key", models.CharField(blank=True, max_length=255)),
            ("extra_days", models.PositiveIntegerField(default=0)),
            ("extra_attempts", models.PositiveIntegerField(default=0)),
            ("reason", models.CharField(max_length=500)),
            ("set_by", perhaps_person()),
            ("set_at", models.DateTimeField()),
            ("ended_at", models.DateTimeField(null=True)),
        ],
        options={
            "indexes": [models.Index(fields=["learner", "course_key"], name="microcred_accommodation_of")]
        },
    ),
    CreateModel(
        name="RetentionPolicy",
        fields=[
            ("id", row_id()),
            ("course_key", models.CharField(max_length=255, unique=True)),
            ("days_after_end", models.PositiveIntegerField(null=True)),
            ("changed_at", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="SavedRubric",
        fields=[
            ("id", uuid_id()),
            ("organisation", models.CharField(db_index=True, max_length=255)),
            ("title", models.CharField(max_length=120)),
            ("content", models.JSONField(default=dict)),
            ("saved_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("organisation", "title"), name="microcred_rubric_title_once")
            ]
        },
    ),
    CreateModel(
        name="Submission",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.CASCADE)),
            ("course_key", models.CharField(db_index=True, max_length=255)),
            ("unit_usage_key", models.CharField(max_length=255)),
            ("part_usage_key", models.CharField(max_length=255)),
            ("unit_title", models.CharField(max_length=255)),
            ("task_title", models.CharField(max_length=255)),
            ("attempt", models.PositiveIntegerField()),
            (
                "state",
                models.CharField(
                    choices=[
                        ("draft", "draft"),
                        ("in_review", "in review"),
                        ("accepted", "accepted"),
                        ("returned", "returned"),
                    ],
                    default="draft",
                    max_length=16,
                ),
            ),
            ("text", models.TextField(blank=True)),
            ("link", models.URLField(blank=True, max_length=500)),
            ("rubric", models.JSONField(default=dict)),
            ("created_at", models.DateTimeField()),
            ("submitted_at", models.DateTimeField(null=True)),
            ("decided_at", models.DateTimeField(null=True)),
            ("outcome_key", models.CharField(blank=True, default="", max_length=150)),
            ("second_marker_percent", models.PositiveSmallIntegerField(default=0)),
            (
                "waits_for",
                models.CharField(
                    choices=[
                        ("first", "first"),
                        ("second", "second"),
                        ("third", "third"),
                        ("nobody", "nobody"),
                    ],
                    default="first",
                    max_length=8,
                ),
            ),
            ("late", models.BooleanField(default=False)),
            ("closes_at", models.DateTimeField(null=True)),
            ("publish_with_credential", models.BooleanField(default=False)),
            ("kept_digests", models.JSONField(default=list)),
        ],
        options={
            "indexes": [
                models.Index(
                    fields=["state", "course_key", "submitted_at"], name="microcred_submission_queue"
                ),
                models.Index(fields=["waits_for", "course_key"], name="microcred_submission_waits"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("learner", "part_usage_key", "attempt"), name="microcred_submission_attempt"
                )
            ],
        },
    ),
    CreateModel(
        name="EvidenceFile",
        fields=[
            ("id", uuid_id()),
            (
                "submission",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="files", to="microcred_app.submission"
                ),
            ),
            ("name", models.CharField(max_length=255)),
            ("media_type", models.CharField(max_length=100)),
            ("size", models.PositiveBigIntegerField()),
            ("sha256", models.CharField(max_length=64)),
            ("stored_as", models.CharField(max_length=255)),
            ("sent_sha256", models.CharField(blank=True, max_length=64)),
            ("removed_at", models.DateTimeField(null=True)),
            ("added_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("submission", "sha256"), name="microcred_file_once_per_submission"
                )
            ]
        },
    ),
    CreateModel(
        name="Review",
        fields=[
            ("id", row_id()),
            (
                "submission",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="reviews", to="microcred_app.submission"
                ),
            ),
            ("reviewer", person(models.PROTECT)),
            (
                "verdict",
                models.CharField(choices=[("passed", "passed"), ("returned", "returned")], max_length=16),
            ),
            ("levels", models.JSONField(default=dict)),
            ("points", models.FloatField(null=True)),
            ("comment", models.TextField(blank=True)),
            ("decided_at", models.DateTimeField()),
            (
                "purpose",
                models.CharField(
                    choices=[
                        ("first", "first"),
                        ("second", "second"),
                        ("third", "third"),
                        ("regrade", "regrade"),
                        ("reset", "reset"),
                    ],
                    default="first",
                    max_length=8,
                ),
            ),
            ("number", models.PositiveIntegerField(default=0)),
            (
                "replaces",
                models.OneToOneField(
                    null=True, on_delete=models.PROTECT, related_name="replaced_by", to="microcred_app.review"
                ),
            ),
            ("role", models.CharField(blank=True, default="", max_length=16)),
            ("reason", models.TextField(blank=True, default="")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("submission", "purpose", "number"), name="microcred_review_once_per_purpose"
                )
            ]
        },
    ),
    CreateModel(
        name="CourseReviewRules",
        fields=[
            ("id", row_id()),
            ("course_key", models.CharField(max_length=255, unique=True)),
            ("both_needed", models.BooleanField(default=False)),
            ("answer_days", models.PositiveSmallIntegerField(null=True)),
            ("issuer_slug", models.SlugField(blank=True, default="", max_length=80)),
            ("changed_by", perhaps_person()),
            ("changed_at", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="Recusal",
        fields=[
            ("id", row_id()),
            ("reviewer", person(models.CASCADE)),
            ("learner", person(models.CASCADE)),
            ("reason", models.TextField(blank=True)),
            ("declared_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("reviewer", "learner"), name="microcred_recusal_once")
            ]
        },
    ),
    CreateModel(
        name="Upload",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.CASCADE)),
            ("course_key", models.CharField(max_length=255)),
            ("unit_usage_key", models.CharField(max_length=255)),
            ("part_usage_key", models.CharField(max_length=255)),
            ("unit_title", models.CharField(max_length=255)),
            ("task", models.JSONField(default=dict)),
            ("name", models.CharField(max_length=255)),
            ("fingerprint", models.CharField(blank=True, max_length=100)),
            ("length", models.PositiveBigIntegerField()),
            ("offset", models.PositiveBigIntegerField(default=0)),
            (
                "state",
                models.CharField(
                    choices=[("open", "open"), ("done", "done"), ("refused", "refused")],
                    default="open",
                    max_length=16,
                ),
            ),
            ("problem", models.CharField(blank=True, max_length=500)),
            ("created_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField(db_index=True)),
        ],
        options={
            "indexes": [
                models.Index(fields=["learner", "part_usage_key", "state"], name="microcred_upload_of_part")
            ]
        },
    ),
    CreateModel(
        name="UploadPart",
        fields=[
            ("id", row_id()),
            (
                "upload",
                models.ForeignKey(on_delete=models.CASCADE, related_name="parts", to="microcred_app.upload"),
            ),
            ("offset", models.PositiveBigIntegerField()),
            ("size", models.PositiveBigIntegerField()),
            ("stored_as", models.CharField(max_length=255)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("upload", "offset"), name="microcred_upload_piece_once")
            ]
        },
    ),
    CreateModel(
        name="StorageUse",
        fields=[
            ("id", row_id()),
            ("scope", models.CharField(max_length=300, unique=True)),
            ("taken", models.BigIntegerField(default=0)),
        ],
    ),
    CreateModel(
        name="EvidenceLink",
        fields=[
            ("id", uuid_id()),
            (
                "file",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="links", to="microcred_app.evidencefile"
                ),
            ),
            ("note", models.CharField(blank=True, max_length=120)),
            ("created_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField()),
            ("revoked_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="EvidencePublication",
        fields=[
            ("id", uuid_id()),
            (
                "submission",
                models.OneToOneField(
                    on_delete=models.CASCADE, related_name="publication", to="microcred_app.submission"
                ),
            ),
            ("published_at", models.DateTimeField()),
            ("withdrawn_at", models.DateTimeField(null=True)),
            ("opened_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="FileAccess",
        fields=[
            ("id", row_id()),
            (
                "file",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="accesses", to="microcred_app.evidencefile"
                ),
            ),
            ("visitor", models.CharField(max_length=60)),
            ("hour", models.DateTimeField()),
            ("first_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("file", "visitor", "hour"), name="microcred_access_once_an_hour"
                )
            ]
        },
    ),
]
