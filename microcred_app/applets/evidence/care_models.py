"""What surrounds evidence: links, publications, who opened it, exceptions, how long it stays, rubrics to use again."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

__all__ = [
    "Accommodation",
    "EvidenceLink",
    "EvidencePublication",
    "FileAccess",
    "RetentionPolicy",
    "SavedRubric",
]


class EvidenceLink(models.Model):
    """An address by which somebody without an account opens one file, until it ends or its owner ends it.

    .. pii: The owner's note on whom the link is for.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    file = models.ForeignKey("microcred_app.EvidenceFile", on_delete=models.CASCADE, related_name="links")
    note = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class EvidencePublication(models.Model):
    """The address under which a learner's accepted work may be seen with the badge it proves, until they take it back.

    It is made once for a submission: whoever agrees again opens the address that signed credentials carry. Its key is
    made of chance and is told to nobody but through the credential.

    .. no_pii:
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    submission = models.OneToOneField(
        "microcred_app.Submission", on_delete=models.CASCADE, related_name="publication"
    )
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    #: When its words were opened last, as far as the audit log says.
    opened_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class FileAccess(models.Model):
    """Somebody opened a file in some hour. One row an hour, however many pieces of a video were asked for.

    .. pii: Which account opened which file, and when.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    file = models.ForeignKey("microcred_app.EvidenceFile", on_delete=models.CASCADE, related_name="accesses")
    #: ``user:7`` or ``link:<id>``.
    visitor = models.CharField(max_length=60)
    hour = models.DateTimeField()
    first_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["file", "visitor", "hour"], name="microcred_access_once_an_hour"),
        ]


class Accommodation(models.Model):
    """More time or more attempts for one learner, in a course or for one task. Ended, never changed.

    .. pii: That a learner was granted an exception, and why.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    course_key = models.CharField(max_length=255)
    #: Empty: every task of the course.
    part_usage_key = models.CharField(max_length=255, blank=True)
    extra_days = models.PositiveIntegerField(default=0)
    extra_attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"
        indexes = [models.Index(fields=["learner", "course_key"], name="microcred_accommodation_of")]


class RetentionPolicy(models.Model):
    """How long a course keeps the bytes of evidence. Digests and provenance stay in any case.

    .. no_pii:
    """

    course_key = models.CharField(max_length=255, unique=True)
    #: Days after the course's end; empty: until the learner asks.
    days_after_end = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


class SavedRubric(models.Model):
    """A rubric in the catalogue, for any unit of the organisation; units hold copies and do not change with it.

    .. no_pii:
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.CharField(max_length=255, db_index=True)
    title = models.CharField(max_length=120)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title"], name="microcred_rubric_title_once"),
        ]
