"""What is pushed to wallets and hosts."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import attempt_row, outbox_row, person, row_id, uuid_id

tables = [
    # delivery
    CreateModel(
        name="Host",
        fields=[
            ("id", row_id()),
            ("base_url", models.CharField(max_length=255, unique=True)),
            ("name", models.CharField(max_length=255)),
            ("description_document", models.JSONField(default=dict)),
            ("description_etag", models.CharField(blank=True, max_length=255)),
            ("description_fresh_until", models.DateTimeField()),
            ("authorisation_url", models.CharField(max_length=1000)),
            ("token_url", models.CharField(max_length=1000)),
            ("registration_url", models.CharField(max_length=1000)),
            ("scopes_offered", models.JSONField(default=list)),
            ("terms_url", models.CharField(blank=True, max_length=1000)),
            ("privacy_url", models.CharField(blank=True, max_length=1000)),
            ("image_url", models.TextField(blank=True)),
            (
                "protocol",
                models.CharField(
                    choices=[("ob3", "Open Badges"), ("bc21", "Badge Connect")], default="ob3", max_length=8
                ),
            ),
            ("api_base", models.CharField(blank=True, max_length=1000)),
            ("revocation_url", models.CharField(blank=True, max_length=1000)),
        ],
    ),
    CreateModel(
        name="ClientRegistration",
        fields=[
            ("id", row_id()),
            (
                "host",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="registrations", to="microcred_app.host"
                ),
            ),
            ("redirect_uri", models.CharField(max_length=255)),
            ("client_id", models.CharField(max_length=255)),
            ("sealed_secret", models.BinaryField()),
            ("secret_expires_at", models.DateTimeField(blank=True, null=True)),
            ("registered_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("host", "redirect_uri"), name="microcred_registration_once_per_host"
                )
            ]
        },
    ),
    CreateModel(
        name="Connection",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.CASCADE)),
            (
                "host",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="connections", to="microcred_app.host"
                ),
            ),
            (
                "registration",
                models.ForeignKey(
                    null=True,
                    on_delete=models.SET_NULL,
                    related_name="+",
                    to="microcred_app.clientregistration",
                ),
            ),
            ("open_key", models.CharField(editable=False, max_length=64, null=True, unique=True)),
            ("sealed_access_token", models.BinaryField(default=bytes)),
            ("sealed_refresh_token", models.BinaryField(blank=True, default=bytes)),
            ("token_version", models.PositiveIntegerField(default=1)),
            ("access_expires_at", models.DateTimeField(blank=True, null=True)),
            ("refresh_lease_until", models.DateTimeField(blank=True, null=True)),
            ("scopes", models.JSONField(default=list)),
            ("account_id", models.CharField(blank=True, max_length=255)),
            ("account_name", models.CharField(blank=True, max_length=255)),
            ("auto_send", models.BooleanField(default=False)),
            ("connected_at", models.DateTimeField()),
            ("broken_at", models.DateTimeField(blank=True, null=True)),
            ("disconnected_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={
            "indexes": [models.Index(fields=["learner", "disconnected_at"], name="microcred_conn_learner")]
        },
    ),
    CreateModel(
        name="AuthorisationRequest",
        fields=[
            ("id", row_id()),
            ("state_sha256", models.CharField(max_length=64, unique=True)),
            ("learner", person(models.CASCADE)),
            (
                "registration",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="+", to="microcred_app.clientregistration"
                ),
            ),
            ("sealed_code_verifier", models.BinaryField()),
            ("scopes", models.JSONField(default=list)),
            ("credential_id", models.UUIDField(blank=True, null=True)),
            ("created_at", models.DateTimeField(db_index=True)),
            ("used_at", models.DateTimeField(blank=True, null=True)),
        ],
    ),
    CreateModel(
        name="Delivery",
        fields=[
            ("id", uuid_id()),
            *outbox_row(),
            (
                "credential",
                models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="microcred_app.credential"),
            ),
            (
                "connection",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="deliveries", to="microcred_app.connection"
                ),
            ),
        ],
        options={
            "indexes": [
                models.Index(fields=["state", "next_attempt_at"], name="microcred_delivery_due"),
                models.Index(fields=["state", "lease_until"], name="microcred_delivery_lease"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    fields=("credential", "connection"), name="microcred_delivery_once_per_wallet"
                )
            ],
        },
    ),
    CreateModel(
        name="DeliveryAttempt",
        fields=[
            ("id", row_id()),
            *attempt_row(),
            (
                "delivery",
                models.ForeignKey(
                    on_delete=models.CASCADE, related_name="history", to="microcred_app.delivery"
                ),
            ),
        ],
        options={
            "indexes": [models.Index(fields=["delivery", "started_at"], name="microcred_attempt_history")]
        },
    ),
    CreateModel(
        name="HostedAssertion",
        fields=[
            ("id", row_id()),
            (
                "credential",
                models.OneToOneField(
                    on_delete=models.CASCADE, related_name="hosted_assertion", to="microcred_app.credential"
                ),
            ),
            ("handle", models.CharField(max_length=43, unique=True)),
            ("created_at", models.DateTimeField()),
            ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
        ],
    ),
    CreateModel(
        name="TargetHealth",
        fields=[
            ("id", row_id()),
            ("target", models.CharField(max_length=100, unique=True)),
            ("failures_in_row", models.PositiveIntegerField(default=0)),
            ("paused_until", models.DateTimeField(blank=True, db_index=True, null=True)),
            ("last_code", models.CharField(blank=True, max_length=64)),
            ("changed_at", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="WorkerSign",
        fields=[
            ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
            ("seen_at", models.DateTimeField()),
        ],
    ),
]
