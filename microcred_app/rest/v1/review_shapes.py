"""What the interface answers about reviews."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from .shapes import Shape

__all__ = [
    "ClaimShape",
    "DraftVerdictShape",
    "MessageShape",
    "ReviewItemShape",
    "ReviewShape",
    "SavedCommentShape",
    "SavedCommentsShape",
]


class ClaimShape(Shape):
    """Who is judging a submission, and until when it is reserved for them."""

    reviewer = serializers.IntegerField(source="reviewer_id")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class ReviewItemShape(Shape):
    """One submission of the queue."""

    id = serializers.UUIDField(source="submission_id")
    learner = serializers.IntegerField(source="learner_id")
    learner_name = serializers.CharField(allow_blank=True)
    course = serializers.CharField(source="course_key")
    unit = serializers.CharField(source="unit_title", allow_blank=True)
    task = serializers.CharField(source="task_title", allow_blank=True)
    outcome = serializers.CharField(source="outcome_key", allow_blank=True)
    attempt = serializers.IntegerField()
    handed_in_at = serializers.DateTimeField(source="submitted_at")
    promised_by = serializers.DateTimeField(source="due_at", allow_null=True)
    state = serializers.ChoiceField(choices=["in_review", "accepted", "returned"])
    waits_for = serializers.ChoiceField(choices=["first", "second", "third", "nobody"])
    claim = ClaimShape(allow_null=True)


class FileShape(Shape):
    """One file that was handed in."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.CharField()


class LevelShape(Shape):
    """One level of a criterion."""

    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    points = serializers.FloatField()


class CriterionShape(Shape):
    """One criterion of the rubric."""

    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    levels = LevelShape(many=True)


class DraftVerdictShape(Shape):
    """The caller's own draft."""

    levels = serializers.DictField(child=serializers.CharField())
    comment = serializers.CharField(allow_blank=True)
    saved_at = serializers.DateTimeField(allow_null=True)


class MarkShape(Shape):
    """One judgement."""

    purpose = serializers.ChoiceField(choices=["first", "second", "third", "regrade", "reset"])
    reviewer_name = serializers.CharField()
    passed = serializers.BooleanField()
    points = serializers.FloatField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    decides = serializers.BooleanField()


class MessageShape(Shape):
    """One message of the conversation with the learner."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    text = serializers.CharField()
    by_reviewer = serializers.BooleanField()
    author = serializers.CharField(allow_blank=True)
    answers = serializers.IntegerField(allow_null=True)


class ReviewShape(Shape):
    """One submission in front of the caller. ``why_not`` says why there is nothing to judge; empty when there is."""

    item = ReviewItemShape()
    files = FileShape(many=True, source="submission.files")
    text = serializers.CharField(source="submission.text", allow_blank=True)
    link = serializers.CharField(source="submission.link", allow_blank=True)
    criteria = CriterionShape(many=True, source="rubric.criteria")
    pass_points = serializers.FloatField(source="rubric.pass_points")
    draft = DraftVerdictShape()
    blind = serializers.BooleanField()
    why_not = serializers.CharField(allow_blank=True)
    marks = MarkShape(many=True)
    messages = MessageShape(many=True, source="lines")


class SavedCommentShape(Shape):
    """A saved comment; ``course`` is empty for one's own."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    course = serializers.CharField(source="course_key", allow_blank=True)
    mine = serializers.BooleanField()


class SavedCommentsShape(Shape):
    """All comments the caller may use."""

    items = SavedCommentShape(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Under one name, so that more can stand beside it later."""
        return {"items": SavedCommentShape(instance, many=True).data}
