"""Evidence in custody: uploads in pieces, links, access, accommodations, retention, saved rubrics."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("microcred_app", "0009_item_responses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("course_key", models.CharField(max_length=255, unique=True)),
                ("days_after_end", models.PositiveIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="StorageUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=300, unique=True)),
                ("taken", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="evidencefile",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="evidencefile",
            name="sent_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="submission",
            name="closes_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="submission",
            name="kept_digests",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="submission",
            name="late",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="submission",
            name="publish_with_credential",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="submission",
            name="second_marker_percent",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("note", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="microcred_app.evidencefile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedRubric",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("organisation", models.CharField(db_index=True, max_length=255)),
                ("title", models.CharField(max_length=120)),
                ("content", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "title"), name="microcred_rubric_title_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
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
                (
                    "learner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("offset", models.PositiveBigIntegerField()),
                ("size", models.PositiveBigIntegerField()),
                ("stored_as", models.CharField(max_length=255)),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="microcred_app.upload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Accommodation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("course_key", models.CharField(max_length=255)),
                ("part_usage_key", models.CharField(blank=True, max_length=255)),
                ("extra_days", models.PositiveIntegerField(default=0)),
                ("extra_attempts", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(max_length=500)),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "learner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["learner", "course_key"], name="microcred_accommodation_of")
                ],
            },
        ),
        migrations.CreateModel(
            name="FileAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visitor", models.CharField(max_length=60)),
                ("hour", models.DateTimeField()),
                ("first_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accesses",
                        to="microcred_app.evidencefile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "visitor", "hour"), name="microcred_access_once_an_hour"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(
                fields=["learner", "part_usage_key", "state"], name="microcred_upload_of_part"
            ),
        ),
        migrations.AddConstraint(
            model_name="uploadpart",
            constraint=models.UniqueConstraint(
                fields=("upload", "offset"), name="microcred_upload_piece_once"
            ),
        ),
    ]
