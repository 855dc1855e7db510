"""The ledger, and rules that act on many."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import perhaps_person, person, row_id, uuid_id

tables = [
    # awards
    CreateModel(
        name="Award",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.PROTECT, db_index=False)),
            (
                "version",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="awards", to="microcred_app.badgeversion"
                ),
            ),
            ("awarded_at", models.DateTimeField()),
            ("because", models.JSONField()),
            ("idempotency_key", models.CharField(max_length=64, unique=True)),
            ("batch_id", models.UUIDField(db_index=True, null=True)),
            ("expires_at", models.DateTimeField(null=True)),
        ],
        options={
            "indexes": [
                models.Index(fields=["learner", "awarded_at"], name="microcred_award_learner"),
                models.Index(fields=["expires_at"], name="microcred_award_ends"),
                models.Index(fields=["awarded_at"], name="microcred_award_when"),
            ]
        },
    ),
    CreateModel(
        name="Reversal",
        fields=[
            ("id", row_id()),
            (
                "award",
                models.OneToOneField(
                    on_delete=models.PROTECT, related_name="reversal", to="microcred_app.award"
                ),
            ),
            ("actor", perhaps_person()),
            ("reason", models.TextField()),
            ("reversed_at", models.DateTimeField()),
            ("whole_batch", models.BooleanField(default=False)),
            ("cause", models.CharField(blank=True, default="", max_length=12)),
        ],
        options={"indexes": [models.Index(fields=["reversed_at"], name="microcred_reversal_when")]},
    ),
    # backfill
    CreateModel(
        name="Batch",
        fields=[
            ("id", uuid_id()),
            (
                "kind",
                models.CharField(
                    choices=[("grant", "Grant"), ("upgrade", "Upgrade"), ("withdraw", "Withdraw")],
                    default="grant",
                    max_length=10,
                ),
            ),
            ("once_key", models.CharField(editable=False, max_length=40, null=True, unique=True)),
            ("sequel_at", models.DateTimeField(db_index=True, null=True)),
            (
                "version",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to="microcred_app.badgeversion"
                ),
            ),
            (
                "state",
                models.CharField(
                    choices=[
                        ("running", "Running"),
                        ("paused", "Paused"),
                        ("cancelled", "Cancelled"),
                        ("done", "Done"),
                        ("undoing", "Undoing"),
                        ("undone", "Undone"),
                    ],
                    default="running",
                    max_length=10,
                ),
            ),
            ("started_by", perhaps_person()),
            ("started_at", models.DateTimeField()),
            ("finished_at", models.DateTimeField(null=True)),
            ("hold_until", models.DateTimeField()),
            ("total", models.PositiveIntegerField()),
            ("undone_by", perhaps_person()),
            ("undone_at", models.DateTimeField(null=True)),
            ("undo_reason", models.TextField(blank=True)),
        ],
        options={"indexes": [models.Index(fields=["state", "started_at"], name="microcred_batch_state")]},
    ),
    CreateModel(
        name="BatchSpan",
        fields=[
            ("id", row_id()),
            (
                "batch",
                models.ForeignKey(on_delete=models.CASCADE, related_name="spans", to="microcred_app.batch"),
            ),
            ("learner_ids", models.BinaryField(default=bytes)),
            ("cursor", models.BigIntegerField()),
            ("upper", models.BigIntegerField()),
            ("total", models.PositiveIntegerField()),
            ("done", models.PositiveIntegerField(default=0)),
            ("failed", models.PositiveIntegerField(default=0)),
            ("taken", models.PositiveIntegerField(default=0)),
            ("seconds", models.FloatField(default=0.0)),
            ("finished", models.BooleanField(default=False)),
            ("token", models.CharField(blank=True, max_length=32)),
            ("lease_until", models.DateTimeField(null=True)),
        ],
        options={"indexes": [models.Index(fields=["batch", "finished"], name="microcred_span_open")]},
    ),
    CreateModel(
        name="PreviewRun",
        fields=[
            ("id", uuid_id()),
            ("fingerprint", models.CharField(max_length=64)),
            ("stamp", models.CharField(max_length=32)),
            ("badge_key", models.CharField(max_length=255)),
            ("requirement", models.JSONField()),
            (
                "state",
                models.CharField(
                    choices=[("running", "Running"), ("done", "Done"), ("outdated", "Outdated")],
                    default="running",
                    max_length=10,
                ),
            ),
            ("started_by", perhaps_person()),
            ("started_at", models.DateTimeField()),
            ("finished_at", models.DateTimeField(null=True)),
            ("total", models.PositiveIntegerField(null=True)),
        ],
        options={
            "indexes": [
                models.Index(fields=["fingerprint", "started_at"], name="microcred_preview_question"),
                models.Index(fields=["state", "started_at"], name="microcred_preview_state"),
            ]
        },
    ),
    CreateModel(
        name="PreviewPiece",
        fields=[
            ("id", row_id()),
            (
                "run",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="pieces", to="microcred_app.previewrun"
                ),
            ),
            ("learner_ids", models.BinaryField()),
            ("total", models.PositiveIntegerField()),
            ("gains", models.BinaryField(default=bytes)),
            ("keeps", models.BinaryField(default=bytes)),
            ("no_longer", models.BinaryField(default=bytes)),
            ("taken_back", models.BinaryField(default=bytes)),
            ("pushes", models.PositiveIntegerField(default=0)),
            ("stacks", models.JSONField(default=dict)),
            ("finished", models.BooleanField(default=False)),
            ("token", models.CharField(blank=True, max_length=32)),
            ("lease_until", models.DateTimeField(null=True)),
        ],
        options={"indexes": [models.Index(fields=["run", "finished"], name="microcred_preview_open")]},
    ),
    CreateModel(
        name="Recall",
        fields=[
            ("id", uuid_id()),
            (
                "issuer",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.issuer"),
            ),
            ("reason", models.TextField()),
            (
                "state",
                models.CharField(
                    choices=[("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
                    default="running",
                    max_length=10,
                ),
            ),
            ("started_by", perhaps_person()),
            ("started_at", models.DateTimeField()),
            ("finished_at", models.DateTimeField(null=True)),
            ("total", models.PositiveIntegerField()),
            ("done", models.PositiveIntegerField(default=0)),
            ("taken", models.PositiveIntegerField(default=0)),
        ],
        options={"indexes": [models.Index(fields=["state", "started_at"], name="microcred_recall_state")]},
    ),
    CreateModel(
        name="RecallPiece",
        fields=[
            ("id", row_id()),
            (
                "recall",
                models.ForeignKey(on_delete=models.CASCADE, related_name="pieces", to="microcred_app.recall"),
            ),
            ("award_ids", models.BinaryField()),
            ("finished", models.BooleanField(default=False)),
        ],
        options={"indexes": [models.Index(fields=["recall", "finished"], name="microcred_recall_open")]},
    ),
]
