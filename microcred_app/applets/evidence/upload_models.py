"""Uploads that are under way, their pieces, and how much room is taken."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

__all__ = ["StorageUse", "Upload", "UploadPart"]


class Upload(models.Model):
    """One file on its way: what was promised, how much has arrived, and until when it is waited for.

    .. pii: The account and the name the learner's device gave the file; gone when the upload ends.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    STATES = [(OPEN, "open"), (DONE, "done"), (REFUSED, "refused")]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    course_key = models.CharField(max_length=255)
    unit_usage_key = models.CharField(max_length=255)
    part_usage_key = models.CharField(max_length=255)
    unit_title = models.CharField(max_length=255)
    #: The task's rules as they were when the upload began: they were promised to the learner.
    task = models.JSONField(default=dict)
    name = models.CharField(max_length=255)
    #: What the browser says of the file it sends (its time, say), so that it finds this upload again.
    fingerprint = models.CharField(max_length=100, blank=True)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=16, choices=STATES, default=OPEN)
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["learner", "part_usage_key", "state"], name="microcred_upload_of_part")
        ]


class UploadPart(models.Model):
    """One piece that arrived. No two pieces of an upload begin at the same place: the database says so.

    .. no_pii:
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=255)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="microcred_upload_piece_once"),
        ]


class StorageUse(models.Model):
    """Bytes taken or promised, for a learner (``learner:7``) or a course (``course:…``).

    .. pii: An account's number beside a number of bytes.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    scope = models.CharField(max_length=300, unique=True)
    taken = models.BigIntegerField(default=0)

    class Meta:
        app_label = "microcred_app"
