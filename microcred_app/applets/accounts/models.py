"""The tables behind the accounts applet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["AccountMerge", "RetiredAccount"]


class RetiredAccount(models.Model):
    """This account was retired: nothing is awarded to it, signed for it or sent for it any more.

    The platform keeps the account's row with a name that means nobody. The number alone stays, so that an event that
    arrives late finds out.

    .. pii: The number of an account that has no name any more.
    .. pii_types: id
    .. pii_retirement: retained
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


class AccountMerge(models.Model):
    """What one account had earned was moved to another of the same person. The audit log says who did it and why.

    .. pii: The numbers of two accounts of one person.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    source = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    target = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    merged_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
