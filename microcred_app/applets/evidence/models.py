"""Submissions, their files, and reviews."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel

__all__ = ["EvidenceFile", "Review", "Submission"]


class Submission(models.Model):
    """One hand-in of one learner for one evidence task; a resubmission is a new row with the next attempt.

    .. pii: What a learner wrote or linked, and the account it belongs to.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    STATES = [(DRAFT, "draft"), (IN_REVIEW, "in review"), (ACCEPTED, "accepted"), (RETURNED, "returned")]

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    NOBODY = "nobody"
    WAITS_FOR = [(FIRST, "first"), (SECOND, "second"), (THIRD, "third"), (NOBODY, "nobody")]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    course_key = models.CharField(max_length=255, db_index=True)
    unit_usage_key = models.CharField(max_length=255)
    part_usage_key = models.CharField(max_length=255)
    unit_title = models.CharField(max_length=255)
    task_title = models.CharField(max_length=255)
    attempt = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=STATES, default=DRAFT)
    text = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    rubric = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    outcome_key = models.CharField(max_length=150, blank=True, default="")
    #: Of a hundred submissions of this task, how many a second reviewer judges too; as it was at hand-in.
    second_marker_percent = models.PositiveSmallIntegerField(default=0)
    #: Whose judgement is missing. ``first`` says something only while the state is *in review*.
    waits_for = models.CharField(max_length=8, choices=WAITS_FOR, default=FIRST)
    #: Handed in after the due date, where the task takes late work.
    late = models.BooleanField(default=False)
    #: Until when the next attempt may be handed in, as the task said when this one was.
    closes_at = models.DateTimeField(null=True)
    #: The learner wants this evidence published with the credential it proves.
    publish_with_credential = models.BooleanField(default=False)
    #: What was told about words and links before they were removed: ``[kind, media type, size, SHA-256]``.
    kept_digests = models.JSONField(default=list)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "part_usage_key", "attempt"], name="microcred_submission_attempt"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "course_key", "submitted_at"], name="microcred_submission_queue"),
            models.Index(fields=["waits_for", "course_key"], name="microcred_submission_waits"),
        ]


class EvidenceFile(models.Model):
    """One stored file. Its name in storage is random; its digest is what a credential carries.

    .. pii: The name the learner's device gave the file; the file itself is in private storage.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=255)
    #: Digest of the bytes as they were sent, where they were written anew without the picture's hidden data.
    sent_sha256 = models.CharField(max_length=64, blank=True)
    #: The bytes are gone since then; digest, size and type stay.
    removed_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "sha256"], name="microcred_file_once_per_submission"
            ),
        ]


class Review(AppendOnlyModel):
    """A human judgement of one submission. A submission has one first judgement; a new attempt is judged anew.

    A *second* judgement is made blind, for a sample, and only compared. A *third* decides where the two disagree
    about passing. A *regrade* or a *reset* is a later decision of course staff. What decides is the first judgement,
    or whatever replaced it: ``replaces`` names the judgement that this one takes the place of.

    .. pii: The reviewer's account and free text about a learner's work.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    PASSED = "passed"
    RETURNED = "returned"

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    REGRADE = "regrade"
    RESET = "reset"
    PURPOSES = [
        (FIRST, "first"),
        (SECOND, "second"),
        (THIRD, "third"),
        (REGRADE, "regrade"),
        (RESET, "reset"),
    ]

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    verdict = models.CharField(max_length=16, choices=[(PASSED, "passed"), (RETURNED, "returned")])
    levels = models.JSONField(default=dict)
    points = models.FloatField(null=True)
    comment = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    purpose = models.CharField(max_length=8, choices=PURPOSES, default=FIRST)
    #: Counts the regrades and resets of a submission; 0 for every other purpose, of which there is one each.
    number = models.PositiveIntegerField(default=0)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    #: In which role the reviewer judged: ``staff``, ``reviewer`` (of the course) or ``organisation``.
    role = models.CharField(max_length=16, blank=True, default="")
    #: Why it was judged anew; for staff, not for the learner.
    reason = models.TextField(blank=True, default="")

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "purpose", "number"], name="microcred_review_once_per_purpose"
            ),
        ]
