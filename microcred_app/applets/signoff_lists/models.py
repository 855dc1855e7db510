"""Lists of sign-offs, and their rows."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

__all__ = ["SignOffEntry", "SignOffList"]


class SignOffList(models.Model):
    """One thing to be signed off for many people, from one file, for one reason.

    It is checked first, row by row; until somebody starts it nothing is signed off. ``cursor`` is the number of the
    last row that was checked, or, once it was started, done. ``id`` stands in the awards it led to as their batch, and
    in the facts it wrote as their source.

    .. pii: The accounts of whoever handed it in and whoever took it back, and reasons in their words.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    class State(models.TextChoices):
        """Where it stands. What was looked at can be started, what runs paused or cancelled, what ended undone."""

        CHECKING = "checking"
        READY = "ready"
        RUNNING = "running"
        PAUSED = "paused"
        CANCELLED = "cancelled"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=255)
    role = models.CharField(max_length=50)
    issuer_slugs = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    handed_in_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    total = models.PositiveIntegerField()
    cursor = models.PositiveIntegerField(default=0)
    chosen = models.PositiveIntegerField(default=0)
    signed = models.PositiveIntegerField(default=0)
    passed_over = models.PositiveIntegerField(default=0)
    granted = models.PositiveIntegerField(default=0)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["state", "handed_in_at"], name="microcred_list_state"),
            models.Index(fields=["key", "role", "handed_in_at"], name="microcred_list_thing"),
        ]


class SignOffEntry(models.Model):
    """One row of a list: whom it names, and what came of it. ``number`` is the line of the file it begins in.

    Rows go a month after their list has ended; what was signed off stays as facts.

    .. pii: Whom the row names, their account, and what is said of them.
    .. pii_types: id, username, email_address, other
    .. pii_retirement: local_api
    """

    class Verdict(models.TextChoices):
        """What is to be done with the row, or why nothing can be."""

        UNCHECKED = "unchecked"
        EARNS = "earns"
        LACKS = "lacks"
        SIGNED = "signed"
        HOLDS = "holds"
        UNKNOWN = "unknown"
        SEVERAL = "several"
        ONESELF = "oneself"
        TWICE = "twice"
        BAD_DAY = "bad_day"
        BAD_LINK = "bad_link"
        BROKEN = "broken"
        DONE = "done"
        FAILED = "failed"

    list = models.ForeignKey(SignOffList, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    who = models.CharField(max_length=254, blank=True)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    day = models.CharField(max_length=40, blank=True)
    seen_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.UNCHECKED)
    details = models.JSONField(default=dict)

    class Meta:
        app_label = "microcred_app"
        constraints = [models.UniqueConstraint(fields=["list", "number"], name="microcred_list_row_once")]
        indexes = [
            models.Index(fields=["list", "verdict", "number"], name="microcred_list_verdict"),
            models.Index(fields=["list", "learner"], name="microcred_list_learner"),
        ]
