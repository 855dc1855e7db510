"""Credentials made out to wallets, and offers that wallets come and fetch."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('microcred_app', '0013_authoring'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('client_id', models.CharField(blank=True, max_length=255)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AuthorisationCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_sha256', models.CharField(max_length=64, unique=True)),
                ('client_id', models.CharField(max_length=255)),
                ('redirect_uri', models.CharField(max_length=1000)),
                ('code_challenge', models.CharField(max_length=128)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer_id', models.UUIDField(db_index=True)),
                ('protocol', models.CharField(max_length=16)),
                ('did', models.TextField(blank=True)),
                ('claimed_at', models.DateTimeField()),
                ('event', models.CharField(blank=True, max_length=32)),
                ('event_description', models.CharField(blank=True, max_length=400)),
                ('event_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('handle_sha256', models.CharField(max_length=64, unique=True)),
                ('code_sha256', models.CharField(max_length=64, unique=True)),
                ('sealed', models.BinaryField(default=bytes)),
                ('guarded', models.BooleanField(default=False)),
                ('replaces', models.BooleanField(default=False)),
                ('wrong_codes', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('redeemed_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='UsedNonce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='credential',
            name='microcred_credential_binding',
        ),
        migrations.AddField(
            model_name='credential',
            name='replaced_as',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='credential',
            name='replaced_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='credential',
            name='replaced_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='microcred_app.credential'),
        ),
        migrations.AlterField(
            model_name='credential',
            name='holder_binding',
            field=models.CharField(default='email', max_length=80),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.UniqueConstraint(fields=('award', 'holder_binding', 'replaced_as'), name='microcred_credential_binding'),
        ),
        migrations.AddField(
            model_name='accesstoken',
            name='code',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='microcred_app.authorisationcode'),
        ),
        migrations.AddField(
            model_name='claim',
            name='credential',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='microcred_app.credential'),
        ),
        migrations.AddField(
            model_name='offer',
            name='award',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='microcred_app.award'),
        ),
        migrations.AddField(
            model_name='offer',
            name='learner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='offer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='microcred_app.offer'),
        ),
        migrations.AddField(
            model_name='authorisationcode',
            name='offer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='microcred_app.offer'),
        ),
        migrations.AddField(
            model_name='accesstoken',
            name='offer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='microcred_app.offer'),
        ),
        migrations.AddIndex(
            model_name='offer',
            index=models.Index(fields=['learner', 'created_at'], name='microcred_offer_learner'),
        ),
    ]
