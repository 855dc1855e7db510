"""The tables behind delivery: hosts, permissions to push to them, and the outbox."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from .outbox_row import OutboxAttempt, OutboxRow

__all__ = [
    "AuthorisationRequest",
    "ClientRegistration",
    "Connection",
    "Delivery",
    "DeliveryAttempt",
    "Host",
    "HostedAssertion",
    "LostCopy",
    "TargetHealth",
    "WalletReading",
    "WorkerSign",
]


class Host(models.Model):
    """One host of wallets, with what its service description or manifest said when it was last read.

    .. no_pii:
    """

    class Protocol(models.TextChoices):
        OPEN_BADGES = "ob3"
        BADGE_CONNECT = "bc21"

    base_url = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=255)
    description_document = models.JSONField(default=dict)
    description_etag = models.CharField(max_length=255, blank=True)
    description_fresh_until = models.DateTimeField()
    authorisation_url = models.CharField(max_length=1000)
    token_url = models.CharField(max_length=1000)
    registration_url = models.CharField(max_length=1000)
    scopes_offered = models.JSONField(default=list)
    terms_url = models.CharField(max_length=1000, blank=True)
    privacy_url = models.CharField(max_length=1000, blank=True)
    image_url = models.TextField(blank=True)
    protocol = models.CharField(max_length=8, choices=Protocol.choices, default=Protocol.OPEN_BADGES)
    api_base = models.CharField(max_length=1000, blank=True)
    revocation_url = models.CharField(max_length=1000, blank=True)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return self.base_url


class ClientRegistration(models.Model):
    """This issuer as one host knows it (RFC 7591); the secret is encrypted.

    .. no_pii:
    """

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="registrations")
    redirect_uri = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    sealed_secret = models.BinaryField()
    secret_expires_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(
                fields=["host", "redirect_uri"], name="microcred_registration_once_per_host"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} at {self.host_id}"


class Connection(models.Model):
    """A learner's permission to put credentials into one wallet of theirs.

    ``open_key`` is ``learner:host`` while the connection is open and null afterwards: a unique column that
    admits many nulls is the way to say "one open connection" that every supported database enforces.
    A wallet account is a copy of the learner's data at a third party, which is why closing a connection cannot
    take back what was sent.

    .. pii: Tokens for the learner's wallet (encrypted) and the name of their account there.
    .. pii_types: id, name, other
    .. pii_retirement: third_party
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="connections")
    registration = models.ForeignKey(
        ClientRegistration, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    open_key = models.CharField(max_length=64, null=True, unique=True, editable=False)
    sealed_access_token = models.BinaryField(default=bytes)
    sealed_refresh_token = models.BinaryField(default=bytes, blank=True)
    token_version = models.PositiveIntegerField(default=1)
    access_expires_at = models.DateTimeField(null=True, blank=True)
    refresh_lease_until = models.DateTimeField(null=True, blank=True)
    scopes = models.JSONField(default=list)
    account_id = models.CharField(max_length=255, blank=True)
    account_name = models.CharField(max_length=255, blank=True)
    auto_send = models.BooleanField(default=False)
    connected_at = models.DateTimeField()
    broken_at = models.DateTimeField(null=True, blank=True)
    disconnected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["learner", "disconnected_at"], name="microcred_conn_learner")]

    def __str__(self) -> str:
        return str(self.pk)


class AuthorisationRequest(models.Model):
    """One trip of a learner to a host's consent page; its ``state`` works once, for ten minutes, for them only.

    Only the digest of the state is stored, so reading the table does not allow finishing somebody's trip.

    .. pii: Which learner set out to connect which wallet.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    state_sha256 = models.CharField(max_length=64, unique=True)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    registration = models.ForeignKey(ClientRegistration, on_delete=models.CASCADE, related_name="+")
    sealed_code_verifier = models.BinaryField()
    scopes = models.JSONField(default=list)
    credential_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return self.state_sha256[:12]


class Delivery(OutboxRow):
    """One outbox row: this credential into this wallet, exactly once as far as the learner can see.

    .. pii: Which learner sent which credential where.
    .. pii_types: id, other
    .. pii_retirement: third_party
    """

    #: ``last_code`` of a delivered row whose copy is lost in the wallet and not sent there again by itself.
    LEFT_ALONE = ("gone_again", "kept_other")

    credential = models.ForeignKey("microcred_app.Credential", on_delete=models.CASCADE, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="deliveries")

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "connection"], name="microcred_delivery_once_per_wallet"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="microcred_delivery_due"),
            models.Index(fields=["state", "lease_until"], name="microcred_delivery_lease"),
        ]


class DeliveryAttempt(AppendOnlyModel, OutboxAttempt):
    """What one try at a delivery came to; the history an operator reads.

    .. no_pii: The note is what the host said, with tokens removed.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="history")

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["delivery", "started_at"], name="microcred_attempt_history")]


class WalletReading(models.Model):
    """When a wallet is read back next, and what came of the last time; goes when nothing in it is looked for any more.

    .. pii: Leads to a learner's wallet.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="reading")
    next_at = models.DateTimeField(db_index=True)
    begun_at = models.DateTimeField(null=True, blank=True, db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    #: Why it could not be read to its end; empty where it could.
    last_code = models.CharField(max_length=64, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return str(self.connection_id)


class LostCopy(models.Model):
    """A copy that a wallet did not hold when it was read back, and that was sent again for it: once and never twice.

    .. pii: Leads to what a learner was sent.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    class Kind(models.TextChoices):
        MISSING = "missing"
        OTHER = "other"

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="lost_copy")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    noticed_at = models.DateTimeField()
    left_alone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return str(self.delivery_id)


class HostedAssertion(models.Model):
    """The public address of one credential in the form of Open Badges 2.0, for backpacks that take no other.

    There is one only where the holder sent the credential into such a backpack. The address cannot be guessed; after
    ``withdrawn_at`` it answers nothing, until the holder sends the credential again.

    .. pii: Leads to a credential, of which it shows the salted hash of an e-mail address.
    .. pii_types: id, email_address
    .. pii_retirement: local_api
    """

    credential = models.OneToOneField(
        "microcred_app.Credential", on_delete=models.CASCADE, related_name="hosted_assertion"
    )
    handle = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return str(self.credential_id)


class TargetHealth(models.Model):
    """How one place that is pushed to has answered lately; all workers read it, so that a host that is down is
    asked by one of them now and then and not by each for each row.

    ``target`` is the lane and the place in it, such as ``wallet:12``.

    .. no_pii:
    """

    target = models.CharField(max_length=100, unique=True)
    failures_in_row = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True, db_index=True)
    last_code = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return self.target


class WorkerSign(models.Model):
    """One row: when a worker was at work last.

    .. no_pii:
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return str(self.seen_at)
