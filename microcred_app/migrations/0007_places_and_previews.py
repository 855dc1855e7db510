"""A credential's place in a status list stands with the credential; previews of rules are kept in pieces.

A list tells by a counter how many places it gave out.

Lists that gave their places out by drawing are closed: what they hold stays as it is, new credentials go into new
lists. On the way back every credential gets its entry again, and lists stay closed.
"""

import uuid
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _move_places(apps: Any, _schema_editor: Any) -> None:
    rows = apps.get_model("microcred_app", "Credential").objects
    places = apps.get_model("microcred_app", "StatusEntry").objects.filter(
        pk=models.OuterRef("status_entry_id")
    )
    rows.update(
        status_list_id=models.Subquery(places.values("status_list_id")[:1]),
        status_index=models.Subquery(places.values("index")[:1]),
    )
    lists = apps.get_model("microcred_app", "StatusList").objects
    lists.update(taken=131_072)


def _give_back_entries(apps: Any, _schema_editor: Any) -> None:
    entries = apps.get_model("microcred_app", "StatusEntry").objects
    for credential in apps.get_model("microcred_app", "Credential").objects.defer("document").iterator():
        entry = entries.create(status_list_id=credential.status_list_id, index=credential.status_index)
        credential.status_entry_id = entry.pk
        credential.save(update_fields=["status_entry"])


def _drop_stand_in_index(apps, schema_editor):
    """On the way back: MySQL wants an index for every foreign key, so taking away the constraint that served as one
    (0014) left an index under the name that the field's own is about to get."""
    connection = schema_editor.connection
    if connection.vendor != "mysql":
        return
    table = apps.get_model("microcred_app", "Credential")._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    for name, kind in found.items():
        if kind["columns"] == ["award_id"] and kind["index"] and not kind["unique"] and not kind["foreign_key"]:
            quote = connection.ops.quote_name
            schema_editor.execute(f"DROP INDEX {quote(name)} ON {quote(table)}")


class Migration(migrations.Migration):
    dependencies = [
        ("microcred_app", "0006_reversal_whole_batch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("statuslist", "seed", models.BinaryField(default=bytes)),
        migrations.AddField(
            "credential",
            "status_list",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="microcred_app.statuslist",
            ),
        ),
        migrations.AddField("credential", "status_index", models.PositiveIntegerField(null=True)),
        migrations.AlterField(
            "credential",
            "status_entry",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credential",
                to="microcred_app.statusentry",
            ),
        ),
        migrations.RunPython(_move_places, _give_back_entries),
        migrations.AlterField(
            "credential",
            "status_list",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="microcred_app.statuslist",
            ),
        ),
        migrations.AlterField("credential", "status_index", models.PositiveIntegerField()),
        migrations.AddConstraint(
            "credential",
            models.UniqueConstraint(
                fields=("status_list", "status_index"), name="microcred_status_place_once"
            ),
        ),
        migrations.RemoveField("credential", "status_entry"),
        migrations.DeleteModel("StatusEntry"),
        migrations.AlterField(
            "credential",
            "award",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="microcred_app.award",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, _drop_stand_in_index, atomic=False),
        migrations.AddField("batchspan", "learner_ids", models.BinaryField(default=bytes)),
        migrations.AlterField(
            "award",
            "learner",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="PreviewRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
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
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PreviewPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="microcred_app.previewrun",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "previewrun",
            models.Index(fields=["fingerprint", "started_at"], name="microcred_preview_question"),
        ),
        migrations.AddIndex(
            "previewrun",
            models.Index(fields=["state", "started_at"], name="microcred_preview_state"),
        ),
        migrations.AddIndex(
            "previewpiece",
            models.Index(fields=["run", "finished"], name="microcred_preview_open"),
        ),
    ]
