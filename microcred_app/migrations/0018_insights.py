"""Progress is found by unit, for figures about all of its learners."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("microcred_app", "0017_keys_and_editions")]

    operations = [
        migrations.AddIndex(
            model_name="unitprogress",
            index=models.Index(fields=["unit_usage_key", "started_at"], name="microcred_progress_unit"),
        ),
    ]
