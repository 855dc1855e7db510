"""Reservations, drafts, saved comments and messages of reviewers. Judgements themselves are ``evidence.Review``."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ..append_only import AppendOnlyModel
from ..evidence.models import Submission

__all__ = ["FeedbackMessage", "ReviewClaim", "SavedComment", "VerdictDraft"]


class ReviewClaim(models.Model):
    """This person is judging this submission until then. Whoever comes later may take it over only after that.

    .. pii: The reviewer's account.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="claim")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


class VerdictDraft(models.Model):
    """What a reviewer has chosen and written so far about a submission; kept until they decide.

    .. pii: The reviewer's account and free text about a learner's work.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    levels = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["submission", "reviewer"], name="microcred_draft_once"),
        ]


class SavedComment(models.Model):
    """A sentence that reviewers use again: one person's own, or shared by all reviewers of a course.

    .. pii: The account that wrote it.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    #: The course that shares it; empty for one's own.
    course_key = models.CharField(max_length=255, blank=True, default="")
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        indexes = [
            models.Index(fields=["owner", "course_key"], name="microcred_saved_comment"),
            models.Index(fields=["course_key"], name="microcred_course_comment"),
        ]


class FeedbackMessage(AppendOnlyModel):
    """One message between a learner and the reviewers about one submission.

    .. pii: The author's account and what they wrote.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    by_reviewer = models.BooleanField()
    #: The message that this one answers.
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
