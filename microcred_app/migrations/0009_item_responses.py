"""Answers to quick checks, attempt by attempt, and attempts given to single learners."""

import django
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

# Django 5.1 renamed the argument; 4.2 knows only the old name.
_CHECK = "condition" if django.VERSION >= (5, 1) else "check"


class Migration(migrations.Migration):

    dependencies = [
        ('microcred_app', '0008_registrar_half'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AttemptGrant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('part_usage_key', models.CharField(max_length=255)),
                ('course_key', models.CharField(max_length=255)),
                ('attempts', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('given_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['learner', 'part_usage_key'], name='microcred_grant_lookup')],
            },
        ),
        migrations.CreateModel(
            name='ItemResponse',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('part_usage_key', models.CharField(max_length=255)),
                ('course_key', models.CharField(max_length=255)),
                ('attempt', models.PositiveIntegerField()),
                ('check_type', models.CharField(max_length=10)),
                ('question', models.CharField(max_length=16)),
                ('given', models.JSONField(default=list)),
                ('score', models.FloatField()),
                ('passed', models.BooleanField()),
                ('hints', models.PositiveSmallIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('learner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['part_usage_key', 'at', 'id'], name='microcred_response_part')],
                'constraints': [models.UniqueConstraint(fields=('learner', 'part_usage_key', 'attempt'), name='microcred_response_once'), models.CheckConstraint(**{_CHECK: models.Q(('score__gte', 0), ('score__lte', 1)), 'name': 'microcred_response_score_range'})],
            },
        ),
    ]
