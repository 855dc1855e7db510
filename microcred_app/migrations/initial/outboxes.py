"""What is told to other places: webhooks, mails, vendors, the platform."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import attempt_row, outbox_row, person, row_id, uuid_id

tables = [
    # webhooks
    CreateModel(
        name="WebhookEndpoint",
        fields=[
            ("id", uuid_id()),
            (
                "issuer",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.issuer"),
            ),
            ("name", models.CharField(max_length=100)),
            ("url", models.CharField(max_length=1000)),
            ("events", models.JSONField(default=list)),
            ("asks_email", models.BooleanField(default=False)),
            ("sealed_secret", models.BinaryField()),
            ("sealed_old_secret", models.BinaryField(blank=True, default=bytes)),
            ("old_secret_until", models.DateTimeField(blank=True, null=True)),
            ("sealed_pseudonym_key", models.BinaryField()),
            ("expiry_seen_until", models.DateTimeField()),
            ("exported_until", models.DateTimeField(blank=True, null=True)),
            ("created_at", models.DateTimeField()),
            ("paused_at", models.DateTimeField(blank=True, null=True)),
            ("paused_because", models.CharField(blank=True, max_length=32)),
            ("removed_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={
            "indexes": [models.Index(fields=["issuer", "removed_at"], name="microcred_endpoint_issuer")]
        },
    ),
    CreateModel(
        name="WebhookMessage",
        fields=[
            ("id", uuid_id()),
            *outbox_row(),
            (
                "endpoint",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="messages", to="microcred_app.webhookendpoint"
                ),
            ),
            (
                "award",
                models.ForeignKey(
                    null=True, on_delete=models.CASCADE, related_name="+", to="microcred_app.award"
                ),
            ),
            ("event", models.CharField(max_length=32)),
            ("place", models.PositiveSmallIntegerField(default=0)),
            ("once_key", models.CharField(editable=False, max_length=90, null=True, unique=True)),
            ("content", models.JSONField()),
        ],
        options={
            "indexes": [
                models.Index(fields=["state", "next_attempt_at"], name="microcred_webhook_due"),
                models.Index(fields=["state", "lease_until"], name="microcred_webhook_lease"),
                models.Index(fields=["endpoint", "created_at"], name="microcred_webhook_log"),
            ]
        },
    ),
    CreateModel(
        name="WebhookAttempt",
        fields=[
            ("id", row_id()),
            *attempt_row(),
            (
                "delivery",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="history", to="microcred_app.webhookmessage"
                ),
            ),
        ],
        options={
            "indexes": [models.Index(fields=["delivery", "started_at"], name="microcred_webhook_tries")]
        },
    ),
    CreateModel(
        name="EmailConsent",
        fields=[
            ("id", row_id()),
            ("learner", person(models.CASCADE)),
            (
                "endpoint",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="+", to="microcred_app.webhookendpoint"
                ),
            ),
            ("given_at", models.DateTimeField()),
            ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("learner", "endpoint"), name="microcred_email_consent_once")
            ]
        },
    ),
    # mailing
    CreateModel(
        name="MailChoice",
        fields=[
            ("id", row_id()),
            ("learner", person(models.CASCADE, kind=models.OneToOneField)),
            ("wanted", models.BooleanField(default=True)),
            ("changed_at", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="BadgeMail",
        fields=[
            ("id", uuid_id()),
            *outbox_row(),
            (
                "credential",
                models.OneToOneField(
                    on_delete=models.CASCADE, related_name="+", to="microcred_app.credential"
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["state", "next_attempt_at"], name="microcred_mail_due"),
                models.Index(fields=["state", "lease_until"], name="microcred_mail_lease"),
            ]
        },
    ),
    CreateModel(
        name="BadgeMailAttempt",
        fields=[
            ("id", row_id()),
            *attempt_row(),
            (
                "delivery",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="history", to="microcred_app.badgemail"
                ),
            ),
        ],
        options={"indexes": [models.Index(fields=["delivery", "started_at"], name="microcred_mail_tries")]},
    ),
    # vendors
    CreateModel(
        name="VendorAccount",
        fields=[
            ("id", uuid_id()),
            (
                "issuer",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.issuer"),
            ),
            ("kind", models.CharField(max_length=16)),
            ("name", models.CharField(max_length=100)),
            ("base_url", models.CharField(max_length=255)),
            ("organisation_key", models.CharField(blank=True, max_length=100)),
            ("sealed_key", models.BinaryField()),
            ("key_version", models.PositiveIntegerField(default=1)),
            ("key_expires_at", models.DateTimeField(blank=True, null=True)),
            ("key_refused_at", models.DateTimeField(blank=True, null=True)),
            ("created_at", models.DateTimeField()),
            ("checked_at", models.DateTimeField(blank=True, null=True)),
            ("synced_at", models.DateTimeField(blank=True, null=True)),
            ("removed_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={"indexes": [models.Index(fields=["issuer", "removed_at"], name="microcred_vendor_issuer")]},
    ),
    CreateModel(
        name="VendorTemplate",
        fields=[
            ("id", row_id()),
            (
                "account",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="templates", to="microcred_app.vendoraccount"
                ),
            ),
            ("external_key", models.CharField(max_length=100)),
            ("name", models.CharField(max_length=200)),
            ("seen_at", models.DateTimeField()),
            ("gone_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("account", "external_key"), name="microcred_vendor_template_once"
                )
            ]
        },
    ),
    CreateModel(
        name="VendorMapping",
        fields=[
            ("id", row_id()),
            (
                "account",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="mappings", to="microcred_app.vendoraccount"
                ),
            ),
            (
                "badge",
                models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="microcred_app.badge"),
            ),
            (
                "template",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="mappings", to="microcred_app.vendortemplate"
                ),
            ),
            ("since", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("account", "badge"), name="microcred_vendor_mapping_once")
            ]
        },
    ),
    CreateModel(
        name="VendorConsent",
        fields=[
            ("id", row_id()),
            ("learner", person(models.CASCADE)),
            (
                "account",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="+", to="microcred_app.vendoraccount"
                ),
            ),
            ("given_at", models.DateTimeField()),
            ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("learner", "account"), name="microcred_vendor_consent_once")
            ]
        },
    ),
    CreateModel(
        name="VendorIssue",
        fields=[
            ("id", uuid_id()),
            *outbox_row(),
            (
                "account",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="issues", to="microcred_app.vendoraccount"
                ),
            ),
            (
                "award",
                models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="microcred_app.award"),
            ),
            ("place", models.PositiveSmallIntegerField(default=0)),
            ("external_key", models.CharField(blank=True, max_length=200)),
        ],
        options={
            "indexes": [
                models.Index(fields=["state", "next_attempt_at"], name="microcred_vendor_due"),
                models.Index(fields=["state", "lease_until"], name="microcred_vendor_lease"),
                models.Index(fields=["account", "created_at"], name="microcred_vendor_log"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("account", "award", "place"), name="microcred_vendor_issue_once"
                )
            ],
        },
    ),
    CreateModel(
        name="VendorAttempt",
        fields=[
            ("id", row_id()),
            *attempt_row(),
            (
                "delivery",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="history", to="microcred_app.vendorissue"
                ),
            ),
        ],
        options={"indexes": [models.Index(fields=["delivery", "started_at"], name="microcred_vendor_tries")]},
    ),
    # announcements
    CreateModel(
        name="NoticeChoice",
        fields=[
            ("id", row_id()),
            ("learner", person(models.CASCADE, kind=models.OneToOneField)),
            ("wanted", models.BooleanField(default=True)),
            ("changed_at", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="Announcement",
        fields=[
            ("id", uuid_id()),
            *outbox_row(),
            (
                "award",
                models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="microcred_app.award"),
            ),
            ("revoked", models.BooleanField(default=False)),
        ],
        options={
            "indexes": [
                models.Index(fields=["state", "next_attempt_at"], name="microcred_announce_due"),
                models.Index(fields=["state", "lease_until"], name="microcred_announce_lease"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("award", "revoked"), name="microcred_announced_once")
            ],
        },
    ),
    CreateModel(
        name="AnnouncementMark",
        fields=[
            ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
            ("upto", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="AnnouncementAttempt",
        fields=[
            ("id", row_id()),
            *attempt_row(),
            (
                "delivery",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="history", to="microcred_app.announcement"
                ),
            ),
        ],
        options={
            "indexes": [models.Index(fields=["delivery", "started_at"], name="microcred_announce_tries")]
        },
    ),
]
