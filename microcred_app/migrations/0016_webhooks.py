"""Webhooks and mails: outboxes, who agreed to be named, who wants mail; awards by the moment they end."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('microcred_app', '0015_target_health'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BadgeMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('claimed', 'Claimed'), ('delivered', 'Delivered'), ('dead', 'Dead')], default='pending', max_length=16)),
                ('created_at', models.DateTimeField()),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('claim_token', models.CharField(blank=True, max_length=32)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('claimed_by', models.CharField(blank=True, max_length=128)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('last_code', models.CharField(blank=True, max_length=64)),
                ('last_detail', models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name='BadgeMailAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('worker', models.CharField(blank=True, max_length=128)),
                ('outcome', models.CharField(max_length=32)),
                ('code', models.CharField(blank=True, max_length=64)),
                ('http_status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name='EmailConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('worker', models.CharField(blank=True, max_length=128)),
                ('outcome', models.CharField(max_length=32)),
                ('code', models.CharField(blank=True, max_length=64)),
                ('http_status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('url', models.CharField(max_length=1000)),
                ('events', models.JSONField(default=list)),
                ('asks_email', models.BooleanField(default=False)),
                ('sealed_secret', models.BinaryField()),
                ('sealed_old_secret', models.BinaryField(blank=True, default=bytes)),
                ('old_secret_until', models.DateTimeField(blank=True, null=True)),
                ('sealed_pseudonym_key', models.BinaryField()),
                ('expiry_seen_until', models.DateTimeField()),
                ('exported_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('paused_because', models.CharField(blank=True, max_length=32)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('claimed', 'Claimed'), ('delivered', 'Delivered'), ('dead', 'Dead')], default='pending', max_length=16)),
                ('created_at', models.DateTimeField()),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('claim_token', models.CharField(blank=True, max_length=32)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('claimed_by', models.CharField(blank=True, max_length=128)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('last_code', models.CharField(blank=True, max_length=64)),
                ('last_detail', models.CharField(blank=True, max_length=400)),
                ('event', models.CharField(max_length=32)),
                ('place', models.PositiveSmallIntegerField(default=0)),
                ('once_key', models.CharField(editable=False, max_length=90, null=True, unique=True)),
                ('content', models.JSONField()),
            ],
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(fields=['expires_at'], name='microcred_award_ends'),
        ),
        migrations.AddField(
            model_name='badgemail',
            name='credential',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='microcred_app.credential'),
        ),
        migrations.AddField(
            model_name='badgemailattempt',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='microcred_app.badgemail'),
        ),
        migrations.AddField(
            model_name='emailconsent',
            name='learner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mailchoice',
            name='learner',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='webhookendpoint',
            name='issuer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='microcred_app.issuer'),
        ),
        migrations.AddField(
            model_name='emailconsent',
            name='endpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='microcred_app.webhookendpoint'),
        ),
        migrations.AddField(
            model_name='webhookmessage',
            name='award',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='microcred_app.award'),
        ),
        migrations.AddField(
            model_name='webhookmessage',
            name='endpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='microcred_app.webhookendpoint'),
        ),
        migrations.AddField(
            model_name='webhookattempt',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='microcred_app.webhookmessage'),
        ),
        migrations.AddIndex(
            model_name='badgemail',
            index=models.Index(fields=['state', 'next_attempt_at'], name='microcred_mail_due'),
        ),
        migrations.AddIndex(
            model_name='badgemail',
            index=models.Index(fields=['state', 'lease_until'], name='microcred_mail_lease'),
        ),
        migrations.AddIndex(
            model_name='badgemailattempt',
            index=models.Index(fields=['delivery', 'started_at'], name='microcred_mail_tries'),
        ),
        migrations.AddIndex(
            model_name='webhookendpoint',
            index=models.Index(fields=['issuer', 'removed_at'], name='microcred_endpoint_issuer'),
        ),
        migrations.AddConstraint(
            model_name='emailconsent',
            constraint=models.UniqueConstraint(fields=('learner', 'endpoint'), name='microcred_email_consent_once'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['state', 'next_attempt_at'], name='microcred_webhook_due'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['state', 'lease_until'], name='microcred_webhook_lease'),
        ),
        migrations.AddIndex(
            model_name='webhookmessage',
            index=models.Index(fields=['endpoint', 'created_at'], name='microcred_webhook_log'),
        ),
        migrations.AddIndex(
            model_name='webhookattempt',
            index=models.Index(fields=['delivery', 'started_at'], name='microcred_webhook_tries'),
        ),
    ]
