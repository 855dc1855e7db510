"""What is signed from the ledger, and wallets that come and fetch it."""

from django.db import models
from django.db.migrations import CreateModel

from .columns import person, row_id, uuid_id

tables = [
    # issuance
    CreateModel(
        name="IssuerKey",
        fields=[
            ("id", row_id()),
            (
                "issuer",
                models.ForeignKey(on_delete=models.PROTECT, related_name="keys", to="microcred_app.issuer"),
            ),
            ("did", models.CharField(max_length=255)),
            ("multikey", models.CharField(max_length=100, unique=True)),
            ("sealed_secret", models.BinaryField()),
            ("token_uri", models.CharField(blank=True, default="", max_length=500)),
            (
                "state",
                models.CharField(
                    choices=[("active", "active"), ("retired", "retired"), ("revoked", "revoked")],
                    db_index=True,
                    default="active",
                    max_length=8,
                ),
            ),
            ("created_at", models.DateTimeField()),
            ("ended_at", models.DateTimeField(blank=True, null=True)),
        ],
    ),
    CreateModel(
        name="StatusList",
        fields=[
            ("id", uuid_id()),
            (
                "issuer",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="status_lists", to="microcred_app.issuer"
                ),
            ),
            ("did", models.CharField(max_length=255)),
            ("purpose", models.CharField(default="revocation", max_length=16)),
            ("bits", models.BinaryField()),
            ("document", models.BinaryField()),
            ("seed", models.BinaryField(default=bytes)),
            ("taken", models.PositiveIntegerField(default=0)),
            ("created_at", models.DateTimeField()),
            ("signed_at", models.DateTimeField()),
        ],
    ),
    CreateModel(
        name="Credential",
        fields=[
            ("id", uuid_id()),
            (
                "award",
                models.ForeignKey(
                    db_index=False,
                    on_delete=models.PROTECT,
                    related_name="credentials",
                    to="microcred_app.award",
                ),
            ),
            ("learner", person(models.PROTECT)),
            (
                "issuer_key",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="credentials", to="microcred_app.issuerkey"
                ),
            ),
            (
                "status_list",
                models.ForeignKey(
                    db_index=False,
                    on_delete=models.PROTECT,
                    related_name="credentials",
                    to="microcred_app.statuslist",
                ),
            ),
            ("status_index", models.PositiveIntegerField()),
            ("uri", models.URLField(max_length=500, unique=True)),
            ("document", models.BinaryField()),
            ("sha256", models.CharField(max_length=64)),
            ("holder_binding", models.CharField(default="email", max_length=80)),
            ("edition", models.PositiveIntegerField(default=1)),
            ("issued_at", models.DateTimeField()),
            ("shared_at", models.DateTimeField(null=True)),
            ("revoked_at", models.DateTimeField(null=True)),
            ("replaced_as", models.PositiveIntegerField(default=0)),
            ("replaced_at", models.DateTimeField(null=True)),
            (
                "replaced_by",
                models.ForeignKey(
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="replaces",
                    to="microcred_app.credential",
                ),
            ),
            ("erased_at", models.DateTimeField(null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("award", "holder_binding", "replaced_as"), name="microcred_credential_binding"
                ),
                models.UniqueConstraint(
                    fields=("status_list", "status_index"), name="microcred_status_place_once"
                ),
            ]
        },
    ),
    CreateModel(
        name="PastEdition",
        fields=[
            ("id", row_id()),
            (
                "credential",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="past_editions", to="microcred_app.credential"
                ),
            ),
            ("edition", models.PositiveIntegerField()),
            (
                "award",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.award"),
            ),
            (
                "issuer_key",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.issuerkey"),
            ),
            (
                "status_list",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.statuslist"),
            ),
            ("status_index", models.PositiveIntegerField()),
            ("document", models.BinaryField()),
            ("sha256", models.CharField(max_length=64)),
            ("cause", models.CharField(max_length=12)),
            ("ended_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("credential", "edition"), name="microcred_past_edition_once")
            ]
        },
    ),
    CreateModel(
        name="ExpiryReminder",
        fields=[
            ("id", row_id()),
            (
                "award",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.award"),
            ),
            ("days", models.PositiveSmallIntegerField()),
            ("sent", models.BooleanField()),
            ("noted_at", models.DateTimeField()),
        ],
        options={
            "constraints": [models.UniqueConstraint(fields=("award", "days"), name="microcred_reminder_once")]
        },
    ),
    CreateModel(
        name="ReminderOptOut",
        fields=[
            ("id", row_id()),
            ("learner", person(models.CASCADE, kind=models.OneToOneField)),
            ("chosen_at", models.DateTimeField()),
        ],
    ),
    # offers
    CreateModel(
        name="Offer",
        fields=[
            ("id", uuid_id()),
            ("learner", person(models.CASCADE)),
            (
                "award",
                models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="microcred_app.award"),
            ),
            ("handle_sha256", models.CharField(max_length=64, unique=True)),
            ("code_sha256", models.CharField(max_length=64, unique=True)),
            ("sealed", models.BinaryField(default=bytes)),
            ("guarded", models.BooleanField(default=False)),
            ("replaces", models.BooleanField(default=False)),
            ("wrong_codes", models.PositiveSmallIntegerField(default=0)),
            ("created_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField(db_index=True)),
            ("read_at", models.DateTimeField(null=True)),
            ("redeemed_at", models.DateTimeField(null=True)),
            ("cancelled_at", models.DateTimeField(null=True)),
        ],
        options={"indexes": [models.Index(fields=["learner", "created_at"], name="microcred_offer_learner")]},
    ),
    CreateModel(
        name="AuthorisationCode",
        fields=[
            ("id", row_id()),
            ("code_sha256", models.CharField(max_length=64, unique=True)),
            (
                "offer",
                models.ForeignKey(on_delete=models.CASCADE, related_name="codes", to="microcred_app.offer"),
            ),
            ("client_id", models.CharField(max_length=255)),
            ("redirect_uri", models.CharField(max_length=1000)),
            ("code_challenge", models.CharField(max_length=128)),
            ("created_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField()),
            ("used_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="AccessToken",
        fields=[
            ("id", row_id()),
            ("token_sha256", models.CharField(max_length=64, unique=True)),
            (
                "offer",
                models.ForeignKey(on_delete=models.CASCADE, related_name="tokens", to="microcred_app.offer"),
            ),
            (
                "code",
                models.ForeignKey(
                    null=True,
                    on_delete=models.CASCADE,
                    related_name="tokens",
                    to="microcred_app.authorisationcode",
                ),
            ),
            ("client_id", models.CharField(blank=True, max_length=255)),
            ("created_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField(db_index=True)),
            ("revoked_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="Claim",
        fields=[
            ("id", row_id()),
            (
                "offer",
                models.ForeignKey(on_delete=models.CASCADE, related_name="claims", to="microcred_app.offer"),
            ),
            (
                "credential",
                models.ForeignKey(
                    null=True, on_delete=models.PROTECT, related_name="+", to="microcred_app.credential"
                ),
            ),
            ("answer_id", models.UUIDField(db_index=True)),
            ("protocol", models.CharField(max_length=16)),
            ("did", models.TextField(blank=True)),
            ("claimed_at", models.DateTimeField()),
            ("event", models.CharField(blank=True, max_length=32)),
            ("event_description", models.CharField(blank=True, max_length=400)),
            ("event_at", models.DateTimeField(null=True)),
        ],
    ),
    CreateModel(
        name="UsedNonce",
        fields=[
            ("id", row_id()),
            ("sha256", models.CharField(max_length=64, unique=True)),
            ("expires_at", models.DateTimeField(db_index=True)),
        ],
    ),
]
