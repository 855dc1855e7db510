"""How far the reading of a course's tables has come."""

from __future__ import annotations

from django.db import models

__all__ = ["SourceReplay"]


class SourceReplay(models.Model):
    """One row for each course whose tables were read: where the last reading stands, or that it is done.

    ``part`` and ``after`` are where to go on; ``asked`` is the digest of what was asked for when it began, because a
    reading that began for other things cannot be gone on with. ``lease_until`` keeps two from reading at once.

    .. no_pii:
    """

    course_key = models.CharField(max_length=255, unique=True)
    asked = models.CharField(max_length=64)
    part = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=255, blank=True)
    read = models.PositiveIntegerField(default=0)
    news = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return self.course_key
