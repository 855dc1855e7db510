"""The tables behind offers. Whatever opens something is stored as a digest, or sealed while a page must show it."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from ..awards.models import Award
from ..issuance.models import Credential

__all__ = ["AccessToken", "AuthorisationCode", "Claim", "Offer", "UsedNonce"]


class Offer(models.Model):
    """A learner's press of a button: one wallet may fetch this award, for some minutes.

    ``handle_sha256`` finds the offer by the address in the QR code, ``code_sha256`` by the pre-authorised code. The
    secrets themselves are in ``sealed`` (encrypted with a key that is not in the database) as long as the learner's
    page must show them again, and nowhere afterwards. ``guarded`` offers ask for a code that only the learner sees;
    protocols that cannot ask for one are not offered then.

    .. pii: Which learner offered which badge to a wallet.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    handle_sha256 = models.CharField(max_length=64, unique=True)
    code_sha256 = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(default=bytes)
    guarded = models.BooleanField(default=False)
    replaces = models.BooleanField(default=False)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    redeemed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["learner", "created_at"], name="microcred_offer_learner")]


class AuthorisationCode(models.Model):
    """What a wallet gets after the learner's consent, to be exchanged once for a token, with its PKCE verifier.

    .. no_pii: The offer knows whose it is.
    """

    code_sha256 = models.CharField(max_length=64, unique=True)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="codes")
    client_id = models.CharField(max_length=255)
    redirect_uri = models.CharField(max_length=1000)
    code_challenge = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class AccessToken(models.Model):
    """The right to fetch one offer's credential; only the digest is stored.

    .. no_pii: The offer knows whose it is.
    """

    token_sha256 = models.CharField(max_length=64, unique=True)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="tokens")
    code = models.ForeignKey(AuthorisationCode, null=True, on_delete=models.CASCADE, related_name="tokens")
    client_id = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class Claim(models.Model):
    """One credential that a wallet came for; ``credential`` is null while it has to wait.

    Claims of one answer share ``answer_id``, by which the wallet reports what became of them.

    .. pii: The DID of the holder's wallet, and what the wallet reported.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="claims")
    credential = models.ForeignKey(Credential, null=True, on_delete=models.PROTECT, related_name="+")
    answer_id = models.UUIDField(db_index=True)
    protocol = models.CharField(max_length=16)
    did = models.TextField(blank=True)
    claimed_at = models.DateTimeField()
    event = models.CharField(max_length=32, blank=True)
    event_description = models.CharField(max_length=400, blank=True)
    event_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class UsedNonce(models.Model):
    """A nonce that was used, until it would have expired anyway. Unused ones need no row: they are signed.

    .. no_pii:
    """

    sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "microcred_app"
