"""The stamp by which processes notice changed definitions; databases with definitions get one at once."""

from uuid import uuid4

from django.db import migrations, models


def give_first_stamp(apps, schema_editor):
    stamps = apps.get_model("microcred_app", "DefinitionStamp").objects.using(schema_editor.connection.alias)
    stamps.get_or_create(pk=1, defaults={"value": uuid4().hex})


class Migration(migrations.Migration):
    dependencies = [("microcred_app", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DefinitionStamp",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("value", models.CharField(max_length=32)),
            ],
        ),
        migrations.RunPython(give_first_stamp, migrations.RunPython.noop),
    ]
