"""Back-fills, previews and recalls, and the pieces they are done in."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from ..badges.models import BadgeVersion, Issuer

__all__ = ["Batch", "BatchSpan", "PreviewPiece", "PreviewRun", "Recall", "RecallPiece"]


class Batch(models.Model):
    """One job on many learners: a badge version is granted to them, or older versions of it are taken from them.

    ``once_key`` is set where a job may exist once only (what a version says to holders is done once): a unique column
    that admits many nulls. From ``sequel_at`` on, what follows from the job is started.

    .. pii: The accounts of whoever started it and whoever took it back, and the reason in their words.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    class State(models.TextChoices):
        """Where it stands. What is running can be paused or cancelled; what is done can be undone."""

        RUNNING = "running"
        PAUSED = "paused"
        CANCELLED = "cancelled"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    class Kind(models.TextChoices):
        """Grant it to all who met its rule; give it to holders of older versions; take older versions back."""

        GRANT = "grant"
        UPGRADE = "upgrade"
        WITHDRAW = "withdraw"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.GRANT)
    once_key = models.CharField(max_length=40, null=True, unique=True, editable=False)
    sequel_at = models.DateTimeField(null=True, db_index=True)
    version = models.ForeignKey(BadgeVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField()
    total = models.PositiveIntegerField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["state", "started_at"], name="microcred_batch_state")]


class BatchSpan(models.Model):
    """A piece of a back-fill that one worker does at a time: learners from ``cursor`` (done) to ``upper``.

    The cursor moves once everything it passes is committed, and only for the worker whose token the span carries.
    ``learner_ids`` are the learners of the piece as they were found when it was cut, eight bytes each, ascending.

    .. pii: The accounts of the learners that are looked at.
    .. pii_types: id
    .. pii_retirement: retained
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="spans")
    learner_ids = models.BinaryField(default=bytes)
    cursor = models.BigIntegerField()
    upper = models.BigIntegerField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    finished = models.BooleanField(default=False)
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["batch", "finished"], name="microcred_span_open")]


class PreviewRun(models.Model):
    """One preview: what a rule would do to everybody it concerns, computed in pieces.

    ``fingerprint`` tells previews of the same question apart from others: rule, badge, and the stamp of the
    definitions. ``total`` is unknown until the pieces are cut. Runs are removed a day after they began.

    .. pii: The account of whoever asked; the pieces name learners.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    class State(models.TextChoices):
        """Where it stands. A run whose definitions changed while it was computed is outdated: it says nothing."""

        RUNNING = "running"
        DONE = "done"
        OUTDATED = "outdated"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    fingerprint = models.CharField(max_length=64)
    stamp = models.CharField(max_length=32)
    badge_key = models.CharField(max_length=255)
    requirement = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["fingerprint", "started_at"], name="microcred_preview_question"),
            models.Index(fields=["state", "started_at"], name="microcred_preview_state"),
        ]


class PreviewPiece(models.Model):
    """Some learners of a preview, and what the rule would do to them; ids as :func:`~.population.pack_ids` does.

    .. pii: The accounts of learners.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    run = models.ForeignKey(PreviewRun, on_delete=models.CASCADE, related_name="pieces")
    learner_ids = models.BinaryField()
    total = models.PositiveIntegerField()
    gains = models.BinaryField(default=bytes)
    keeps = models.BinaryField(default=bytes)
    no_longer = models.BinaryField(default=bytes)
    taken_back = models.BinaryField(default=bytes)
    pushes = models.PositiveIntegerField(default=0)
    stacks = models.JSONField(default=dict)
    finished = models.BooleanField(default=False)
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["run", "finished"], name="microcred_preview_open")]


class Recall(models.Model):
    """Many awards of one organisation of which a person decides one thing; done in pieces by a worker.

    ``kind`` says what: they are taken back, suspended, or their suspension is lifted. Which awards is fixed when it
    begins (the pieces name them). To ``taken`` of them it was done; the rest of what was looked at had changed
    meanwhile. ``told`` are the words for the holders of what is suspended.

    .. pii: The account of whoever decided it, and the reason in their words.
    .. pii_types: id, other
    .. pii_retirement: retained
    """

    class State(models.TextChoices):
        """Where it stands. What was taken back stays revoked, also when the rest is cancelled."""

        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        """What is done to the awards."""

        REVOKE = "revoke"
        SUSPEND = "suspend"
        LIFT = "lift"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.REVOKE)
    told = models.TextField(blank=True, default="")
    planned_end = models.DateField(null=True)
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["state", "started_at"], name="microcred_recall_state")]


class RecallPiece(models.Model):
    """Some of the awards of a recall, 16 bytes each; taken back in one transaction.

    .. no_pii:
    """

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="pieces")
    award_ids = models.BinaryField()
    finished = models.BooleanField(default=False)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["recall", "finished"], name="microcred_recall_open")]
