"""Forms that were not saved yet, and the units that prove outcomes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["CourseWalk", "FormDraft", "OutcomeSource"]


class FormDraft(models.Model):
    """What one author has typed into one block's form and not saved. Nobody else sees it, nothing publishes it.

    ``base`` is the fingerprint of the block when the author opened the form: a draft that is older than the
    block's last save is offered with that warning.

    .. pii: What an author wrote and has not saved, and the account it belongs to.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    usage_key = models.CharField(max_length=255)
    values = models.JSONField()
    base = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["author", "usage_key"], name="microcred_form_draft_once"),
        ]


class OutcomeSource(models.Model):
    """A unit that proves an outcome, as its author saved it last; ``retired_at`` once it is gone.

    The outcome is named by its key and may be unknown here: a course that was imported from another site says
    so until somebody re-maps it. Rows are retired and not removed, because attainments name their source.

    .. no_pii:
    """

    usage_key = models.CharField(max_length=255, unique=True)
    course_key = models.CharField(max_length=255, db_index=True)
    outcome_key = models.CharField(max_length=150, db_index=True)
    title = models.CharField(max_length=255)
    minutes = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "microcred_app"


class CourseWalk(models.Model):
    """Marker: units of this course may have come or gone, and the course was not looked through since.

    Removed before the course is read: what changes meanwhile writes a new one.

    .. no_pii:
    """

    course_key = models.CharField(max_length=255, unique=True)
    asked_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        app_label = "microcred_app"

    def __str__(self) -> str:
        return self.course_key
