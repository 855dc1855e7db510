"""Tables of the demo LMS and Studio. Keys of courses and blocks are stored as the strings people see in URLs."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["Branch", "ContentBlock", "CourseRole", "Enrolment", "Grade", "LearnerState", "Role"]

KEY_LENGTH = 255


class Branch(models.TextChoices):
    """Authors change the draft; learners see what was published."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Role(models.TextChoices):
    """What somebody other than a learner may do in one course."""

    STAFF = "staff"
    REVIEWER = "reviewer"


class ContentBlock(models.Model):
    """One block in one branch: its place in the tree and the fields its author set.

    .. no_pii:
    """

    branch = models.CharField(max_length=10, choices=Branch.choices)
    course_key = models.CharField(max_length=KEY_LENGTH)
    usage_key = models.CharField(max_length=KEY_LENGTH)
    block_type = models.CharField(max_length=64)
    parent = models.CharField(max_length=KEY_LENGTH, blank=True)
    position = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "usage_key"], name="one_block_per_branch")]
        indexes = [models.Index(fields=["course_key", "branch"], name="content_of_course")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.usage_key} ({self.branch})"


class LearnerState(models.Model):
    """What one user-scoped or shared field store of blocks holds, as one JSON object.

    ``subject`` is the usage key, the block type or nothing, as the field's scope demands. ``user_id`` is 0
    in scopes that belong to nobody: a NULL would let the unique constraint pass duplicates.

    .. pii: answers of learners
    .. pii_types: other
    .. pii_retirement: retained
    """

    scope = models.CharField(max_length=32)
    user_id = models.PositiveBigIntegerField(default=0)
    subject = models.CharField(max_length=KEY_LENGTH, blank=True)
    fields = models.JSONField(default=dict)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "user_id", "subject"], name="one_state_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.scope} of user {self.user_id} in {self.subject}"


class Grade(models.Model):
    """The points one learner has in one block.

    .. no_pii:
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course_key = models.CharField(max_length=KEY_LENGTH)
    usage_key = models.CharField(max_length=KEY_LENGTH)
    earned = models.FloatField()
    possible = models.FloatField()
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "usage_key"], name="one_grade_per_block")]

    def __str__(self) -> str:
        return f"{self.earned}/{self.possible} in {self.usage_key}"


class Enrolment(models.Model):
    """Somebody learns in a course.

    .. no_pii:
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course_key = models.CharField(max_length=KEY_LENGTH)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course_key"], name="one_enrolment_per_course")
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} in {self.course_key}"


class CourseRole(models.Model):
    """Somebody authors or reviews in a course.

    .. no_pii:
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course_key = models.CharField(max_length=KEY_LENGTH)
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course_key", "role"], name="one_role_each")]

    def __str__(self) -> str:
        return f"user {self.user_id} is {self.role} in {self.course_key}"
