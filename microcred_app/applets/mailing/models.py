"""Who wants new badges by e-mail, and the outbox of such mails."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..delivery.outbox_row import OutboxAttempt, OutboxRow

__all__ = ["BadgeMail", "BadgeMailAttempt", "MailChoice"]


class MailChoice(models.Model):
    """A learner's choice to get new badges by e-mail; a learner without a row has not chosen it.

    .. pii: Who wants mail.
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


class BadgeMail(OutboxRow):
    """One outbox row: this credential to its learner's address, as the platform knows it when it is sent.

    .. pii: Which badge was mailed to whom.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    credential = models.OneToOneField("microcred_app.Credential", on_delete=models.CASCADE, related_name="+")

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="microcred_mail_due"),
            models.Index(fields=["state", "lease_until"], name="microcred_mail_lease"),
        ]


class BadgeMailAttempt(AppendOnlyModel, OutboxAttempt):
    """What one try at a mail came to.

    .. no_pii: Nothing of what a mail server says is kept but the kind of failure.
    """

    delivery = models.ForeignKey(BadgeMail, on_delete=models.CASCADE, related_name="history")

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["delivery", "started_at"], name="microcred_mail_tries")]
