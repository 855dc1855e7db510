"""The ledger."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..badges.models import BadgeVersion

__all__ = ["Award", "Lifting", "Reversal", "Suspension"]


class Award(AppendOnlyModel):
    """This learner holds this badge version, because of these attainments.

    ``because`` answers "why" without any other table: the requirement as it was, the leaves that were met, and
    for each the attainments or the award behind it. ``batch_id`` names the back-fill it was granted in, if any. From
    ``expires_at`` on it counts for nothing; a renewal is another award.

    .. pii: The learner's account.
    .. pii_types: id
    .. pii_retirement: retained
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,  # the index below begins with it
    )
    version = models.ForeignKey(BadgeVersion, on_delete=models.PROTECT, related_name="awards")
    awarded_at = models.DateTimeField()
    because = models.JSONField()
    idempotency_key = models.CharField(max_length=64, unique=True)
    batch_id = models.UUIDField(null=True, db_index=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["learner", "awarded_at"], name="microcred_award_learner"),
            models.Index(fields=["expires_at"], name="microcred_award_ends"),
            models.Index(fields=["awarded_at"], name="microcred_award_when"),
        ]


class Reversal(AppendOnlyModel):
    """The award named here does not count any more. The award itself stays in the ledger.

    With ``whole_batch`` it was taken back with its back-fill: the rule was wrong, not the learner. ``cause`` says that
    no person judged the learner either: ``lapsed`` (it was to be shown again by a date, and was not) or ``replaced``
    (by the newer version that the learner received). ``wrong_list`` says that it was taken back with a list of
    sign-offs: the same version may be granted again. A newer version may be granted after any of these.

    .. pii: The account of whoever reversed it, and the reason in their words.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="reversal")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    reason = models.TextField()
    reversed_at = models.DateTimeField()
    whole_batch = models.BooleanField(default=False)
    cause = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["reversed_at"], name="microcred_reversal_when")]


class Suspension(AppendOnlyModel):
    """The award named here does not count until a :class:`Lifting` names this row.

    ``reason`` is for the log, ``told`` for the holder; ``planned_end`` is when somebody means to look again and ends
    nothing by itself. ``number`` counts the suspensions of one award, so that the database admits one open one.

    .. pii: The account of whoever suspended it, and words about the person.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="suspensions", db_index=False)
    number = models.PositiveSmallIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    reason = models.TextField()
    told = models.TextField(blank=True, default="")
    suspended_at = models.DateTimeField()
    planned_end = models.DateField(null=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="microcred_suspension_once"),
        ]
        indexes = [models.Index(fields=["suspended_at"], name="microcred_suspension_when")]


class Lifting(AppendOnlyModel):
    """The suspension named here is over: the award counts again.

    .. pii: The account of whoever lifted it, and the reason in their words.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    suspension = models.OneToOneField(Suspension, on_delete=models.PROTECT, related_name="lifting")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    reason = models.TextField()
    lifted_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["lifted_at"], name="microcred_lifting_when")]
