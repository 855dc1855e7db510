"""Holders of older versions, badges of elsewhere that are asked about again, and keys of 255 characters."""

import django
import django.db.models.deletion
from django.db import migrations, models

_CHECK = "condition" if django.VERSION >= (5, 1) else "check"


class Migration(migrations.Migration):

    dependencies = [
        ('microcred_app', '0007_places_and_previews'),
    ]

    operations = [
        migrations.CreateModel(
            name='FactWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.JSONField()),
                ('check_at', models.DateTimeField(db_index=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('unclear_since', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='HolderDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='badgeversion',
            name='microcred_version_holders',
        ),
        migrations.AddField(
            model_name='batch',
            name='kind',
            field=models.CharField(choices=[('grant', 'Grant'), ('upgrade', 'Upgrade'), ('withdraw', 'Withdraw')], default='grant', max_length=10),
        ),
        migrations.AddField(
            model_name='batch',
            name='once_key',
            field=models.CharField(editable=False, max_length=40, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='batch',
            name='sequel_at',
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='batchspan',
            name='taken',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='reversal',
            name='cause',
            field=models.CharField(blank=True, default='', max_length=12),
        ),
        migrations.AlterField(
            model_name='requirementmention',
            name='key',
            field=models.CharField(max_length=255),
        ),
        migrations.AlterField(
            model_name='stage',
            name='key',
            field=models.CharField(max_length=255),
        ),
        migrations.AddConstraint(
            model_name='badgeversion',
            constraint=models.CheckConstraint(**{_CHECK: models.Q(models.Q(('holders_deadline__isnull', False), ('holders_policy', 'redemonstrate')), models.Q(('holders_deadline__isnull', True), ('holders_policy__in', ['keep', 'upgrade', 'replace'])), _connector='OR'), 'name': 'microcred_version_holders'}),
        ),
        migrations.AddField(
            model_name='factwatch',
            name='fact',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='watch', to='microcred_app.reportedfact'),
        ),
        migrations.AddField(
            model_name='holderduty',
            name='version',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='holder_duty', to='microcred_app.badgeversion'),
        ),
    ]
