"""Skill frameworks with relations and clusters, the chain of the audit log, and roles for organisations.

Entries that the audit log holds already get their place in the chain here, in the order in which they were written:
a few thousand at a time, so that memory stays the same however long the log is. A run that was interrupted goes on
behind the last entry that has its place.
"""

from uuid import uuid4

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The form of an entry's hash is frozen, so a migration may rely on it (tests hold a golden entry).
from microcred_app.applets.audit.chain import GENESIS, content_of, digest, entry_hash, plain_details

PAGE = 2_000
COLUMNS = ("pk", "at", "actor_id", "action", "object_type", "object_id", "reason", "details")
UPDATE = (
    "UPDATE microcred_app_auditentry SET actor_reference = %s, digest = %s, sequence = %s, previous_hash = %s, "
    "entry_hash = %s WHERE id = %s"
)


def chain_old_entries(apps, schema_editor):
    alias = schema_editor.connection.alias
    entries = apps.get_model("microcred_app", "AuditEntry")._base_manager.using(alias)
    actors = apps.get_model("microcred_app", "AuditActor")._base_manager.using(alias)
    heads = apps.get_model("microcred_app", "AuditHead")._base_manager.using(alias)
    last = entries.exclude(sequence=None).order_by("-sequence").first()
    sequence, previous = (last.sequence, last.entry_hash) if last else (0, GENESIS)
    references = dict(actors.exclude(user_id=None).values_list("user_id", "reference"))
    after = 0
    while page := list(
        entries.filter(sequence=None, pk__gt=after).order_by("pk").values_list(*COLUMNS)[:PAGE]
    ):
        updates = []
        for pk, at, actor_id, action, object_type, object_id, reason, details in page:
            if actor_id is not None and actor_id not in references:
                references[actor_id] = actors.create(user_id=actor_id, reference=uuid4().hex).reference
            content = content_of(
                at=at,
                actor=references.get(actor_id, ""),
                issuer="",
                action=action,
                object_type=object_type,
                object_id=object_id,
                reason=reason,
                details=plain_details(details),
            )
            sequence += 1
            own = entry_hash(content, sequence=sequence, previous=previous)
            updates.append((content["actor"], digest(content), sequence, previous, own, pk))
            previous = own
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(UPDATE, updates)
        after = page[-1][0]
    heads.update_or_create(pk=1, defaults={"sequence": sequence, "entry_hash": previous})


class Migration(migrations.Migration):

    dependencies = [
        ('microcred_app', "0003_facts_and_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditActor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=32, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('sequence', models.BigIntegerField()),
                ('entry_hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='OrganisationRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer_slug', models.SlugField(max_length=80)),
                ('role', models.CharField(choices=[('registrar', 'registrar'), ('steward', 'steward'), ('reviewer', 'reviewer'), ('auditor', 'auditor')], max_length=16)),
                ('given_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SkillCluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100, unique=True)),
                ('name', models.CharField(max_length=255)),
            ],
        ),
        migrations.CreateModel(
            name='SkillRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('broader', 'broader'), ('requires', 'requires'), ('equivalent', 'equivalent'), ('related', 'related')], max_length=10)),
                ('imported', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name='auditentry',
            name='actor_reference',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='digest',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='entry_hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='issuer_slug',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='previous_hash',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='sequence',
            field=models.BigIntegerField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name='skill',
            name='category',
            field=models.CharField(blank=True, choices=[('technical', 'technical'), ('transversal', 'transversal'), ('compliance', 'compliance'), ('language', 'language')], default='', max_length=16),
        ),
        migrations.AddField(
            model_name='skill',
            name='language',
            field=models.CharField(blank=True, default='', max_length=35),
        ),
        migrations.AddField(
            model_name='skill',
            name='level',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='skill',
            name='level_scheme',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='skill',
            name='retired_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='skill',
            name='successor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='predecessors', to='microcred_app.skill'),
        ),
        migrations.AddField(
            model_name='skillframework',
            name='imported_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='skillframework',
            name='language',
            field=models.CharField(blank=True, default='', max_length=35),
        ),
        migrations.AddField(
            model_name='skillframework',
            name='source',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='skillframework',
            name='version',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['issuer_slug', 'at'], name='microcred_audit_issuer'),
        ),
        migrations.AddField(
            model_name='auditactor',
            name='user',
            field=models.OneToOneField(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='organisationrole',
            name='given_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='organisationrole',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='skill',
            name='clusters',
            field=models.ManyToManyField(related_name='skills', to='microcred_app.skillcluster'),
        ),
        migrations.AddField(
            model_name='skillrelation',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations_from', to='microcred_app.skill'),
        ),
        migrations.AddField(
            model_name='skillrelation',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations_to', to='microcred_app.skill'),
        ),
        migrations.AddConstraint(
            model_name='organisationrole',
            constraint=models.UniqueConstraint(fields=('user', 'issuer_slug', 'role'), name='microcred_role_once'),
        ),
        migrations.AddConstraint(
            model_name='skillrelation',
            constraint=models.UniqueConstraint(fields=('source', 'kind', 'target'), name='microcred_relation_once'),
        ),
        migrations.RunPython(chain_old_entries, migrations.RunPython.noop),
    ]
