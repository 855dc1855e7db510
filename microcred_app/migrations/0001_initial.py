"""All tables of the first release, and the two rows without which the app cannot count.

It stands for the 24 migrations that were there while the app was being written: a database that ran all of them is
at this one without doing anything, for this migration replaces the other 23 and has the name of the first. A
database that ran only some of them is refused by a check (``microcred_app/history_checks.py``).
"""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models

from .initial import (
    awards,
    badges,
    credentials,
    delivery,
    evidence,
    learning,
    outboxes,
    outcomes,
    records,
    reviews,
)
from .initial.tables import CreateTables

_REPLACED = (
    "0002_definition_stamp", "0003_facts_and_batches", "0004_registrar_foundations", "0005_definitions_life",
    "0006_reversal_whole_batch", "0007_places_and_previews", "0008_registrar_half", "0009_item_responses",
    "0010_evidence_care", "0011_reviews", "0012_learning_in_units", "0013_authoring", "0014_wallet_offers",
    "0015_target_health", "0016_webhooks", "0017_keys_and_editions", "0018_insights", "0019_evidence_publications",
    "0020_vendors_and_badge_connect", "0021_tokens_and_recalls", "0022_platform_sources", "0023_accounts", "0024_home",
)  # fmt: skip

#: What the chain of an empty log begins with; as long as a hash.
_GENESIS = "0" * 64


def make_first_rows(apps, schema_editor):
    """The stamp by which processes notice changed definitions, and the head of the log's chain."""
    alias = schema_editor.connection.alias
    stamps = apps.get_model("microcred_app", "DefinitionStamp").objects.using(alias)
    stamps.get_or_create(pk=1, defaults={"value": uuid4().hex})
    heads = apps.get_model("microcred_app", "AuditHead").objects.using(alias)
    heads.get_or_create(pk=1, defaults={"sequence": 0, "entry_hash": _GENESIS})


class Migration(migrations.Migration):
    initial = True
    # Without 0001_initial itself: Django takes what a migration replaces out of its graph.
    replaces = [("microcred_app", name) for name in _REPLACED]
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        CreateTables(
            [
                *records.tables,
                *outcomes.tables,
                *badges.tables,
                *learning.tables,
                *evidence.tables,
                *reviews.tables,
                *awards.tables,
                *credentials.tables,
                *delivery.tables,
                *outboxes.tables,
            ]
        ),
        # Badges and their versions name each other.
        migrations.AddField(
            "badge",
            "current",
            models.OneToOneField(
                null=True,
                on_delete=models.PROTECT,
                related_name="current_of",
                to="microcred_app.badgeversion",
            ),
        ),
        migrations.RunPython(make_first_rows, migrations.RunPython.noop),
    ]
