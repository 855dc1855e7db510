"""Documents that are valid for some days at a time, and suspensions.

Everything is new and empty; nothing that is there is read or changed.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from .initial.columns import check_constraint


class Migration(migrations.Migration):
    dependencies = [
        ("microcred_app", "0002_copies_read_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lifting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("lifted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("told", models.TextField(blank=True, default="")),
                ("suspended_at", models.DateTimeField()),
                ("planned_end", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SuspensionNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lifted", models.BooleanField()),
                ("sent", models.BooleanField()),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="badgeversion",
            name="document_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="document_ends",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="renew_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="suspended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="recall",
            name="kind",
            field=models.CharField(
                choices=[("revoke", "Revoke"), ("suspend", "Suspend"), ("lift", "Lift")],
                default="revoke",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="recall",
            name="planned_end",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="recall",
            name="told",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(fields=["renew_at"], name="microcred_credential_renewal"),
        ),
        migrations.AddConstraint(
            model_name="badgeversion",
            constraint=check_constraint(
                models.Q(("document_days__isnull", True), ("document_days__gt", 0), _connector="OR"),
                "microcred_version_days",
            ),
        ),
        migrations.AddField(
            model_name="lifting",
            name="actor",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="actor",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="award",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suspensions",
                to="microcred_app.award",
            ),
        ),
        migrations.AddField(
            model_name="lifting",
            name="suspension",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lifting",
                to="microcred_app.suspension",
            ),
        ),
        migrations.AddField(
            model_name="suspensionnotice",
            name="suspension",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="microcred_app.suspension",
            ),
        ),
        migrations.AddIndex(
            model_name="suspension",
            index=models.Index(fields=["suspended_at"], name="microcred_suspension_when"),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(fields=("award", "number"), name="microcred_suspension_once"),
        ),
        migrations.AddIndex(
            model_name="lifting",
            index=models.Index(fields=["lifted_at"], name="microcred_lifting_when"),
        ),
        migrations.AddConstraint(
            model_name="suspensionnotice",
            constraint=models.UniqueConstraint(
                fields=("suspension", "lifted"), name="microcred_suspension_told"
            ),
        ),
    ]
