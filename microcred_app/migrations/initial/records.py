"""What is kept about the site itself: the log, roles, accounts that ended, figures, imports."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import perhaps_person, person, row_id, uuid_id

tables = [
    # audit
    CreateModel(
        name="AuditActor",
        fields=[
            ("id", row_id()),
            ("reference", models.CharField(max_length=32, unique=True)),
            ("user", perhaps_person(kind=models.OneToOneField)),
        ],
    ),
    CreateModel(
        name="AuditEntry",
        fields=[
            ("id", row_id()),
            ("at", models.DateTimeField(db_index=True)),
            ("actor", perhaps_person()),
            ("actor_reference", models.CharField(blank=True, default="", max_length=32)),
            ("issuer_slug", models.CharField(blank=True, default="", max_length=80)),
            ("action", models.CharField(db_index=True, max_length=64)),
            ("object_type", models.CharField(max_length=64)),
            ("object_id", models.CharField(max_length=255)),
            ("reason", models.TextField(blank=True)),
            ("details", models.JSONField(default=dict)),
            ("digest", models.CharField(blank=True, default="", max_length=64)),
            ("sequence", models.BigIntegerField(null=True, unique=True)),
            ("previous_hash", models.CharField(blank=True, default="", max_length=64)),
            ("entry_hash", models.CharField(blank=True, default="", max_length=64)),
        ],
        options={
            "indexes": [
                models.Index(fields=["object_type", "object_id"], name="microcred_audit_object"),
                models.Index(fields=["issuer_slug", "at"], name="microcred_audit_issuer"),
            ]
        },
    ),
    CreateModel(
        name="AuditHead",
        fields=[
            ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
            ("sequence", models.BigIntegerField()),
            ("entry_hash", models.CharField(max_length=64)),
        ],
    ),
    # offices
    CreateModel(
        name="OrganisationRole",
        fields=[
            ("id", row_id()),
            ("user", person(models.CASCADE)),
            ("issuer_slug", models.SlugField(max_length=80)),
            (
                "role",
                models.CharField(
                    choices=[
                        ("registrar", "registrar"),
                        ("steward", "steward"),
                        ("reviewer", "reviewer"),
                        ("auditor", "auditor"),
                    ],
                    max_length=16,
                ),
            ),
            ("given_by", perhaps_person()),
            ("given_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("user", "issuer_slug", "role"), name="microcred_role_once")
            ]
        },
    ),
    # accounts
    CreateModel(
        name="RetiredAccount",
        fields=[
            ("id", row_id()),
            ("account", person(models.CASCADE, kind=models.OneToOneField)),
            ("first_at", models.DateTimeField()),
            ("last_at", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="AccountMerge",
        fields=[
            ("id", row_id()),
            ("source", person(models.CASCADE)),
            ("target", person(models.CASCADE)),
            ("merged_at", models.DateTimeField()),
        ],
    ),
    # insights
    CreateModel(
        name="InsightFigure",
        fields=[
            ("id", row_id()),
            ("kind", models.CharField(max_length=8)),
            ("key", models.CharField(max_length=255)),
            ("course_key", models.CharField(blank=True, default="", max_length=255)),
            ("issuer_slug", models.CharField(blank=True, default="", max_length=80)),
            ("title", models.CharField(blank=True, default="", max_length=255)),
            ("started", models.PositiveIntegerField(default=0)),
            ("mark", models.CharField(max_length=64)),
            ("figures", models.JSONField(default=dict)),
            ("counted_at", models.DateTimeField()),
        ],
        options={
            "indexes": [
                models.Index(fields=["kind", "issuer_slug", "started"], name="microcred_figure_list")
            ],
            "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="microcred_figure_once")],
        },
    ),
    CreateModel(
        name="JobProfile",
        fields=[
            ("id", row_id()),
            ("key", models.SlugField(max_length=100, unique=True)),
            ("issuer_slug", models.CharField(db_index=True, max_length=80)),
            ("title", models.CharField(max_length=255)),
            ("skill_keys", models.JSONField(default=list)),
            ("edited_at", models.DateTimeField()),
            ("edited_by", perhaps_person()),
        ],
    ),
    # imports
    CreateModel(
        name="ImportRun",
        fields=[
            ("id", uuid_id()),
            ("issuer_slug", models.CharField(db_index=True, max_length=80)),
            ("formats", models.CharField(max_length=100)),
            ("files", models.JSONField(default=list)),
            ("imported_at", models.DateTimeField()),
            ("imported_by", perhaps_person()),
            ("definitions", models.PositiveIntegerField(default=0)),
            ("awards", models.PositiveIntegerField(default=0)),
            ("already", models.PositiveIntegerField(default=0)),
        ],
    ),
    CreateModel(
        name="ImportedDefinition",
        fields=[
            ("id", row_id()),
            ("issuer_slug", models.CharField(max_length=80)),
            ("origin_sha256", models.CharField(max_length=64)),
            ("origin", models.CharField(max_length=500)),
            ("name", models.CharField(max_length=255)),
            ("description", models.TextField(blank=True)),
            ("criteria", models.TextField(blank=True)),
            ("issuer_name", models.CharField(blank=True, max_length=255)),
            ("draft_key", models.CharField(blank=True, default="", max_length=100)),
            (
                "run",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.importrun"),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("issuer_slug", "origin_sha256"), name="microcred_imported_badge_once"
                )
            ]
        },
    ),
    CreateModel(
        name="ImportedAward",
        fields=[
            ("id", row_id()),
            (
                "definition",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="awards", to="microcred_app.importeddefinition"
                ),
            ),
            (
                "run",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.importrun"),
            ),
            ("learner", perhaps_person()),
            ("email", models.CharField(blank=True, db_index=True, max_length=255)),
            ("email_hash", models.CharField(blank=True, max_length=255)),
            ("salt", models.CharField(blank=True, max_length=200)),
            ("identity", models.CharField(max_length=64)),
            ("origin", models.CharField(blank=True, max_length=500)),
            ("sha256", models.CharField(max_length=64)),
            ("issued_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField(null=True)),
            ("revoked_at", models.DateTimeField(null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("definition", "identity"), name="microcred_imported_award_once"
                )
            ]
        },
    ),
]
