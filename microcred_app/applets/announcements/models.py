"""The outbox of what the platform is told, and who does not want to be notified."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..delivery.outbox_row import OutboxAttempt, OutboxRow

__all__ = ["Announcement", "AnnouncementAttempt", "AnnouncementMark", "NoticeChoice"]


class NoticeChoice(models.Model):
    """A learner's choice about notifications of badges; a learner without a row gets them.

    .. pii: Who wants to be notified.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    wanted = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return str(self.learner_id)


class Announcement(OutboxRow):
    """One outbox row: this award, that it was made or that it was taken back. Once for each, however often reported.

    .. no_pii: Belongs to an award, which is annotated.
    """

    award = models.ForeignKey("microcred_app.Award", on_delete=models.CASCADE, related_name="+")
    revoked = models.BooleanField(default=False)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["award", "revoked"], name="microcred_announced_once"),
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="microcred_announce_due"),
            models.Index(fields=["state", "lease_until"], name="microcred_announce_lease"),
        ]


class AnnouncementMark(models.Model):
    """Up to when the ledger was looked through (:mod:`.gathering`); one row.

    .. no_pii: A moment.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    upto = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


class AnnouncementAttempt(AppendOnlyModel, OutboxAttempt):
    """What one try to tell the platform came to.

    .. no_pii: Nothing but the kind of failure.
    """

    delivery = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="history")

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["delivery", "started_at"], name="microcred_announce_tries")]
