"""Who judges where, and whom somebody does not judge."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["CourseReviewRules", "Recusal"]


class CourseReviewRules(models.Model):
    """How evidence of one course is judged, as its staff decided. A course without a row goes by the defaults.

    .. pii: The account that changed the rules last.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    course_key = models.CharField(max_length=255, unique=True)
    #: Whether a sampled submission waits for its second judgement; else the first counts at once.
    both_needed = models.BooleanField(default=False)
    #: Days within which learners are told to expect an answer; none when nothing is promised.
    answer_days = models.PositiveSmallIntegerField(null=True)
    #: The organisation whose reviewers may judge here too; nobody's when empty.
    issuer_slug = models.SlugField(max_length=80, blank=True, default="")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"


class Recusal(models.Model):
    """This person does not judge this learner's work, because they said so themselves.

    .. pii: Two accounts, and what one of them wrote about why they do not judge the other.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    reason = models.TextField(blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        app_label = "microcred_app"
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "learner"], name="microcred_recusal_once"),
        ]
