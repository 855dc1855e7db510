"""Drafts and their review, the life of published badges, terms of versions, the life of pathways.

What is published stays published, current, and in force since the moment of its publication.
"""

import django
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Django 5.1 renamed the argument; 4.2 knows only the old name.
_CHECK = "condition" if django.VERSION >= (5, 1) else "check"


def take_effect_when_published(apps, schema_editor):
    versions = apps.get_model("microcred_app", "BadgeVersion").objects.using(schema_editor.connection.alias)
    versions.filter(effective_at__isnull=True).update(effective_at=models.F("published_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('microcred_app', "0004_registrar_foundations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BadgeDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=100, unique=True)),
                ('state', models.CharField(default='draft', max_length=12)),
                ('content', models.JSONField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='DraftComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('written_at', models.DateTimeField()),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='DraftRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('edited_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ScheduledVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name='badge',
            name='notice',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='badge',
            name='owner',
            field=models.CharField(blank=True, default='', max_length=255),
        ),
        migrations.AddField(
            model_name='badge',
            name='purpose',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='badge',
            name='review_due',
            field=models.DateField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='badge',
            name='state',
            field=models.CharField(default='published', max_length=12),
        ),
        migrations.AddField(
            model_name='badge',
            name='steward',
            field=models.CharField(blank=True, default='', max_length=255),
        ),
        migrations.AddField(
            model_name='badge',
            name='successor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='microcred_app.badge'),
        ),
        migrations.AddField(
            model_name='badge',
            name='sunset_at',
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='accepts',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='cap',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='credit_unit',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='credits',
            field=models.DecimalField(decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='effective_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(take_effect_when_published, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='badgeversion',
            name='effective_at',
            field=models.DateTimeField(),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='expires_after',
            field=models.CharField(blank=True, default='', max_length=30),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='expires_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='holders_deadline',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='holders_policy',
            field=models.CharField(default='keep', max_length=16),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='level',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='badgeversion',
            name='proof_type',
            field=models.CharField(default='recognition', max_length=16),
        ),
        migrations.AddField(
            model_name='following',
            name='paused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='issuer',
            name='colour',
            field=models.CharField(blank=True, default='', max_length=7),
        ),
        migrations.AddField(
            model_name='pathway',
            name='language',
            field=models.CharField(default='en', max_length=35),
        ),
        migrations.AddField(
            model_name='pathway',
            name='leads_to',
            field=models.ManyToManyField(related_name='reached_from', to='microcred_app.pathway'),
        ),
        migrations.AddField(
            model_name='pathway',
            name='level',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='pathway',
            name='occupations',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='pathway',
            name='owner',
            field=models.CharField(blank=True, default='', max_length=255),
        ),
        migrations.AddField(
            model_name='pathway',
            name='state',
            field=models.CharField(default='published', max_length=12),
        ),
        migrations.AlterField(
            model_name='requirementmention',
            name='kind',
            field=models.CharField(max_length=20),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(('state__in', ['published', 'deprecated', 'retired'])), 'name': 'microcred_badge_state'}),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(('state', 'deprecated'), ('sunset_at__isnull', True), _connector='OR'), 'name': 'microcred_badge_sunset'}),
        ),
        migrations.AddConstraint(
            model_name='badgeversion',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(('cap__isnull', True), ('cap__gt', 0), _connector='OR'), 'name': 'microcred_version_cap'}),
        ),
        migrations.AddConstraint(
            model_name='badgeversion',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(('expires_on__isnull', True), ('expires_after', ''), _connector='OR'), 'name': 'microcred_version_one_expiry'}),
        ),
        migrations.AddConstraint(
            model_name='badgeversion',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(models.Q(('holders_deadline__isnull', False), ('holders_policy', 'redemonstrate')), models.Q(('holders_deadline__isnull', True), ('holders_policy__in', ['keep', 'upgrade'])), _connector='OR'), 'name': 'microcred_version_holders'}),
        ),
        migrations.AddConstraint(
            model_name='pathway',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(('state__in', ['draft', 'published', 'retired'])), 'name': 'microcred_pathway_state'}),
        ),
        migrations.AddField(
            model_name='badgedraft',
            name='approved_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='badgedraft',
            name='edited_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='badgedraft',
            name='published',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='microcred_app.badgeversion'),
        ),
        migrations.AddField(
            model_name='badgedraft',
            name='submitted_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='draftcomment',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='microcred_app.badgedraft'),
        ),
        migrations.AddField(
            model_name='draftcomment',
            name='written_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='draftrevision',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='microcred_app.badgedraft'),
        ),
        migrations.AddField(
            model_name='draftrevision',
            name='edited_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scheduledversion',
            name='version',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='scheduled', to='microcred_app.badgeversion'),
        ),
        migrations.AddConstraint(
            model_name='badgedraft',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(('state__in', ['draft', 'in_review', 'approved', 'published', 'discarded'])), 'name': 'microcred_draft_state'}),
        ),
        migrations.AddConstraint(
            model_name='draftrevision',
            constraint=models.UniqueConstraint(fields=('draft', 'number'), name='microcred_draft_revision'),
        ),
    ]
