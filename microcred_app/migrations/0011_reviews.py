"""Reviews: queue, reservations, drafts, second marks, conversation, corrections of attainments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill_outcomes(apps, schema_editor):
    """Submissions from before learn their outcome from the progress of their learner in the unit."""
    Submission = apps.get_model("microcred_app", "Submission")
    Progress = apps.get_model("microcred_app", "UnitProgress")
    for row in Submission.objects.filter(outcome_key="").iterator():
        found = Progress.objects.filter(learner_id=row.learner_id, unit_usage_key=row.unit_usage_key).first()
        if found is not None:
            row.outcome_key = found.outcome_key
            row.save(update_fields=["outcome_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('microcred_app', '0010_evidence_care'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CourseReviewRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('course_key', models.CharField(max_length=255, unique=True)),
                ('both_needed', models.BooleanField(default=False)),
                ('answer_days', models.PositiveSmallIntegerField(null=True)),
                ('issuer_slug', models.SlugField(blank=True, default='', max_length=80)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='FeedbackMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_reviewer', models.BooleanField()),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True)),
                ('declared_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReviewClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SavedComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('course_key', models.CharField(blank=True, default='', max_length=255)),
                ('text', models.TextField()),
                ('saved_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='VerdictDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('levels', models.JSONField(default=dict)),
                ('comment', models.TextField(blank=True)),
                ('saved_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='attainment',
            name='counts',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='attainment',
            name='results',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='review',
            name='number',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='review',
            name='purpose',
            field=models.CharField(choices=[('first', 'first'), ('second', 'second'), ('third', 'third'), ('regrade', 'regrade'), ('reset', 'reset')], default='first', max_length=8),
        ),
        migrations.AddField(
            model_name='review',
            name='reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='review',
            name='replaces',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='microcred_app.review'),
        ),
        migrations.AddField(
            model_name='review',
            name='role',
            field=models.CharField(blank=True, default='', max_length=16),
        ),
        migrations.AddField(
            model_name='submission',
            name='outcome_key',
            field=models.CharField(blank=True, default='', max_length=150),
        ),
        migrations.AddField(
            model_name='submission',
            name='waits_for',
            field=models.CharField(choices=[('first', 'first'), ('second', 'second'), ('third', 'third'), ('nobody', 'nobody')], default='first', max_length=8),
        ),
        migrations.AlterField(
            model_name='review',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='microcred_app.submission'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['waits_for', 'course_key'], name='microcred_submission_waits'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('submission', 'purpose', 'number'), name='microcred_review_once_per_purpose'),
        ),
        migrations.AddField(
            model_name='coursereviewrules',
            name='changed_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='feedbackmessage',
            name='answers',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='microcred_app.feedbackmessage'),
        ),
        migrations.AddField(
            model_name='feedbackmessage',
            name='author',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='feedbackmessage',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='microcred_app.submission'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='learner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recusal',
            name='reviewer',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewclaim',
            name='reviewer',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewclaim',
            name='submission',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='claim', to='microcred_app.submission'),
        ),
        migrations.AddField(
            model_name='savedcomment',
            name='owner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verdictdraft',
            name='reviewer',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verdictdraft',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='microcred_app.submission'),
        ),
        migrations.AddConstraint(
            model_name='recusal',
            constraint=models.UniqueConstraint(fields=('reviewer', 'learner'), name='microcred_recusal_once'),
        ),
        migrations.AddIndex(
            model_name='savedcomment',
            index=models.Index(fields=['owner', 'course_key'], name='microcred_saved_comment'),
        ),
        migrations.AddIndex(
            model_name='savedcomment',
            index=models.Index(fields=['course_key'], name='microcred_course_comment'),
        ),
        migrations.AddConstraint(
            model_name='verdictdraft',
            constraint=models.UniqueConstraint(fields=('submission', 'reviewer'), name='microcred_draft_once'),
        ),
        migrations.RunPython(fill_outcomes, migrations.RunPython.noop),
    ]
