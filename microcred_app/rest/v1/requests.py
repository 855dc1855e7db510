"""What may come in: parameters of addresses and members of bodies, each within bounds.

Whether a thing exists and whether the caller may do it is asked of the applets; here it is only read.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from microcred_app.applets.reviews import api as reviews

__all__ = [
    "AuditQuery",
    "AwardQuery",
    "BackfillBody",
    "BadgeQuery",
    "CommentTextBody",
    "CourseInsightsQuery",
    "FigureListQuery",
    "FigureQuery",
    "ListQuery",
    "MessageBody",
    "PageQuery",
    "PathwayQuery",
    "PreviewBody",
    "ReasonBody",
    "RequirementBody",
    "ReviewQuery",
    "SavedCommentBody",
    "SignOffBody",
    "SignOffQuery",
    "SkillQuery",
    "Strict",
    "SuspensionBody",
    "UnitInsightsQuery",
    "VerdictBody",
    "VerdictDraftBody",
    "VisibilityBody",
]

MAX_ID = 2**31 - 1


def _narrowing(longest: int, help_text: str = "") -> serializers.CharField:
    """A text that narrows a list, and does not when it is empty or left out."""
    return serializers.CharField(
        required=False, default="", allow_blank=True, max_length=longest, help_text=help_text or None
    )


class Strict(serializers.Serializer[Any]):
    """Refuses members that it does not know: a typing error must not silently change what is asked."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what is no object or has members of other names, before anything else is read."""
        if not hasattr(data, "keys"):
            raise serializers.ValidationError({"body": ["Send a JSON object."]})
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            known = ", ".join(sorted(self.fields))
            raise serializers.ValidationError({str(name)[:100]: [f"Known are: {known}."] for name in unknown})
        return super().to_internal_value(data)


class ListQuery(Strict):
    """Which part of a list."""

    cursor = _narrowing(1000, "The ``next`` of the page before.")
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class SkillQuery(ListQuery):
    """Skills."""

    framework = _narrowing(100, "Key of a framework.")
    q = _narrowing(100, "Words of the name.")


class BadgeQuery(ListQuery):
    """Badges."""

    issuer = _narrowing(80, "Key of an issuer.")
    skill = _narrowing(200, "Key of a skill.")
    kind = serializers.ChoiceField(choices=["micro", "macro"], required=False)


class PathwayQuery(ListQuery):
    """Pathways."""

    skill = _narrowing(200, "Key of a skill.")
    level = _narrowing(100)
    language = _narrowing(35)
    max_minutes = serializers.IntegerField(required=False, min_value=1, max_value=1_000_000)


class AwardQuery(ListQuery):
    """Awards."""

    badge = _narrowing(100, "Key of a badge.")
    learner = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    state = serializers.ChoiceField(choices=["standing", "suspended", "reversed"], required=False)


class AuditQuery(ListQuery):
    """The audit log."""

    action = _narrowing(64)
    object_type = _narrowing(64)
    object_id = _narrowing(255)


class SignOffQuery(ListQuery):
    """Sign-offs."""

    key = _narrowing(255)
    learner = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)


class ReviewQuery(ListQuery):
    """Submissions to judge."""

    state = serializers.ChoiceField(choices=list(reviews.STATES), required=False, default="waiting")
    course = _narrowing(255, "Key of a course.")
    outcome = _narrowing(150, "Key of an outcome.")
    reviewer = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    min_days = serializers.IntegerField(required=False, min_value=0, max_value=3650)
    q = _narrowing(100, "Words of the learner, the unit or the task.")
    sort = serializers.ChoiceField(choices=list(reviews.SORTS), required=False, default="oldest")


class CourseInsightsQuery(Strict):
    """A course."""

    course = serializers.CharField(max_length=255, help_text="Key of a course.")


class UnitInsightsQuery(CourseInsightsQuery):
    """A unit of a course."""

    unit = serializers.CharField(max_length=255, help_text="Usage key of a micro-unit.")


class PageQuery(Strict):
    """Which part of a list of figures."""

    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)
    offset = serializers.IntegerField(required=False, default=0, min_value=0, max_value=1_000_000)


class FigureListQuery(PageQuery):
    """Badges or pathways."""

    kind = serializers.ChoiceField(choices=["badge", "pathway"], required=False, default="badge")


class FigureQuery(Strict):
    """One badge or pathway."""

    kind = serializers.ChoiceField(choices=["badge", "pathway"])
    key = serializers.CharField(max_length=100)


class VerdictDraftBody(Strict):
    """A verdict so far."""

    levels = serializers.DictField(
        child=serializers.CharField(max_length=100, allow_blank=True),
        required=False,
        help_text="The level chosen for each criterion, by their ids.",
    )
    comment = serializers.CharField(required=False, default="", allow_blank=True, max_length=20_000)


class VerdictBody(VerdictDraftBody):
    """A verdict."""

    verdict = serializers.ChoiceField(choices=["passed", "returned"])


class MessageBody(Strict):
    """A message to the learner."""

    text = serializers.CharField(max_length=4_000)
    answers = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_ID, help_text="Id of the message it answers."
    )


class SavedCommentBody(Strict):
    """A comment to keep."""

    text = serializers.CharField(max_length=2_000)
    course = _narrowing(255, "Key of the course that shares it; one's own when left out.")


class CommentTextBody(Strict):
    """New words of a saved comment."""

    text = serializers.CharField(max_length=2_000)


class ReasonBody(Strict):
    """Why somebody decides."""

    reason = serializers.CharField(max_length=2000)


class SuspensionBody(ReasonBody):
    """Why an award is suspended, what its holder reads, and when somebody means to look again."""

    told = _narrowing(2000, "Words for the holder; may be left out.")
    planned_end = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="A day after today. Lifts nothing by itself."
    )


class BackfillBody(Strict):
    """A back-fill to start."""

    badge = serializers.CharField(max_length=100, help_text="Key of a published badge.")
    confirm_reach = serializers.BooleanField(
        default=False, help_text="Start although everybody, or nobody, would be awarded."
    )


class SignOffBody(Strict):
    """A sign-off to give."""

    learner = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    key = serializers.CharField(max_length=255)
    role = serializers.CharField(max_length=50)
    reason = serializers.CharField(max_length=2000, help_text="What was seen.")
    seen_on = serializers.DateField(required=False, help_text="The day it was seen, if not today.")


class VisibilityBody(Strict):
    """Who may see a badge."""

    shared = serializers.BooleanField(help_text="Whether whoever has the link can see it.")


class RequirementBody(Strict):
    """A requirement as a tree, or as text in YAML or JSON."""

    requirement = serializers.DictField(
        required=False, help_text="The tree; see the reference of requirements."
    )
    text = serializers.CharField(required=False, max_length=200_000, trim_whitespace=False, help_text="YAML.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if ("requirement" in attrs) is ("text" in attrs):
            raise serializers.ValidationError({"requirement": ["Send either requirement or text."]})
        return attrs


class PreviewBody(RequirementBody):
    """A requirement, and the badge that it would be the rule of."""

    badge = serializers.SlugField(max_length=100, help_text="Key of the badge; it need not exist yet.")
    issuer = _narrowing(80, "Its organisation, where the badge does not exist yet.")
