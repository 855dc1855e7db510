"""Whether an award was taken back by itself or with its whole back-fill."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("microcred_app", "0005_definitions_life")]

    operations = [
        migrations.AddField(
            model_name="reversal",
            name="whole_batch",
            field=models.BooleanField(default=False),
        ),
    ]
