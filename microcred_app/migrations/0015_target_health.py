"""How places that are pushed to have answered lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("microcred_app", "0014_wallet_offers")]

    operations = [
        migrations.CreateModel(
            name="TargetHealth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.CharField(max_length=100, unique=True)),
                ("failures_in_row", models.PositiveIntegerField(default=0)),
                ("paused_until", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("last_code", models.CharField(blank=True, max_length=64)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
    ]
