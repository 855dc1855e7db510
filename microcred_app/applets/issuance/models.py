"""Keys, status lists, credentials."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..awards.models import Award, Suspension
from ..badges.models import Issuer

__all__ = [
    "Credential",
    "ExpiryReminder",
    "IssuerKey",
    "PastEdition",
    "ReminderOptOut",
    "StatusList",
    "SuspensionNotice",
]


class IssuerKey(models.Model):
    """A signing key of an issuer; the secret is sealed with a key that is not in the database, or is in a token.

    ``token_uri`` says where in a token the secret is (:mod:`.token_keys`); ``sealed_secret`` is empty then.

    ``ended_at`` is when it signed no more: it was retired (what it signed still verifies), or revoked (nothing does).

    .. no_pii:
    """

    ACTIVE = "active"
    RETIRED = "retired"
    REVOKED = "revoked"

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="keys")
    did = models.CharField(max_length=255)
    multikey = models.CharField(max_length=100, unique=True)
    sealed_secret = models.BinaryField()
    token_uri = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(
        max_length=8,
        choices=[(ACTIVE, "active"), (RETIRED, "retired"), (REVOKED, "revoked")],
        default=ACTIVE,
        db_index=True,
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "microcred_app"


class StatusList(models.Model):
    """One Bitstring Status List: the raw bits, and the credential that publishes them as it was signed last.

    Places are given out in an order that only ``seed`` tells (:mod:`.places`); ``taken`` of them were given out.

    .. no_pii:
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="status_lists")
    did = models.CharField(max_length=255)
    purpose = models.CharField(max_length=16, default="revocation")
    bits = models.BinaryField()
    document = models.BinaryField()
    seed = models.BinaryField(default=bytes)
    taken = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


class Credential(models.Model):
    """The signed document of an award, stored as the exact bytes that were signed.

    ``document`` is served byte for byte; ``shared_at`` and ``revoked_at`` are about it, not in it. A signed document
    never changes: where it is signed anew under the same id (:mod:`.editions`), ``edition`` counts and the bytes
    before are kept as a :class:`PastEdition`. Its place in a status list is its own: no other credential can have it.
    ``holder_binding`` says to whom it is made out (:mod:`.binding`). ``replaced_as`` is 0 while it is the
    current one of its award and binding, and counts the replaced ones: a number instead of a condition, because
    not every database can make a condition unique. Since ``erased_at`` the holder's account is closed and
    ``document`` is empty: this site keeps no copy, and whoever has one can go on verifying it.

    Where documents of a badge are valid for some days at a time, ``document_ends`` is when this one ends before its
    award does, and from ``renew_at`` on it is renewed (:mod:`.prolonging`). Since ``suspended_at`` its award is
    suspended: it is not renewed and goes nowhere.

    .. pii: The document names its holder and holds a salted hash of the e-mail address, or the DID of a wallet.
    .. pii_types: id, name, email_address
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="credentials", db_index=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    issuer_key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="credentials")
    status_list = models.ForeignKey(
        StatusList, on_delete=models.PROTECT, related_name="credentials", db_index=False
    )
    status_index = models.PositiveIntegerField()
    uri = models.URLField(max_length=500, unique=True)
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    holder_binding = models.CharField(max_length=80, default="email")
    edition = models.PositiveIntegerField(default=1)
    issued_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_as = models.PositiveIntegerField(default=0)
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    erased_at = models.DateTimeField(null=True)
    document_ends = models.DateTimeField(null=True)
    renew_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["renew_at"], name="microcred_credential_renewal")]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "holder_binding", "replaced_as"], name="microcred_credential_binding"
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="microcred_status_place_once"
            ),
        ]


class PastEdition(AppendOnlyModel):
    """The bytes of a credential before it was signed anew under the same id, and where its status stood then.

    ``cause`` is ``key`` (its key was revoked), ``renewed`` (its holder met the rule again) or ``prolonged``: the same
    words with later dates. Of the last only the digest is kept, because there is one every few weeks: ``document`` is
    empty.

    .. pii: The document names its holder and holds a salted hash of the e-mail address, or the DID of a wallet.
    .. pii_types: id, name, email_address
    .. pii_retirement: local_api
    """

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="past_editions")
    edition = models.PositiveIntegerField()
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    issuer_key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="+")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField()
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    cause = models.CharField(max_length=12)
    ended_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["credential", "edition"], name="microcred_past_edition_once")
        ]


class ExpiryReminder(AppendOnlyModel):
    """A holder was told, or chose not to be, that an award ends in at most ``days`` days. Once for each number.

    .. pii: Points at an award of a learner.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    sent = models.BooleanField()
    noted_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [models.UniqueConstraint(fields=["award", "days"], name="microcred_reminder_once")]


class SuspensionNotice(AppendOnlyModel):
    """A holder was told by mail that an award is suspended, or that this was ``lifted``; once each.

    Not ``sent`` says that there was nothing to tell: no address, or it was lifted before anybody was told.

    .. pii: Points at a suspension of an award of a learner.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    suspension = models.ForeignKey(Suspension, on_delete=models.PROTECT, related_name="notices")
    lifted = models.BooleanField()
    sent = models.BooleanField()
    noted_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["suspension", "lifted"], name="microcred_suspension_told")
        ]


class ReminderOptOut(models.Model):
    """This learner wants no reminders of badges that end.

    .. pii: The learner's account.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    chosen_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
