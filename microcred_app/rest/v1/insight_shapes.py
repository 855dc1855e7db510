"""What the interface answers about insights. A number of null is hidden, so that small groups stay unknown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from .shapes import Shape

__all__ = ["CourseInsightsShape", "UnitInsightsShape"]


class HowManyShape(Shape):
    """A count. Where only a share may be told, it is rounded to whole percent."""

    number = serializers.IntegerField(allow_null=True, help_text="Null: hidden.")
    share = serializers.FloatField(allow_null=True, help_text="Of the whole it belongs to, from 0 to 1.")


class UnitLineShape(Shape):
    """One unit of a course."""

    unit = serializers.CharField(source="usage_key")
    title = serializers.CharField()
    started = HowManyShape()
    completed = HowManyShape()


class CourseInsightsShape(Shape):
    """The units of a course."""

    course = serializers.CharField(source="course_key")
    smallest_group = serializers.IntegerField(source="group")
    units = UnitLineShape(many=True)


class StepShape(Shape):
    """One step of a unit."""

    part = serializers.CharField(source="usage_key")
    kind = serializers.CharField()
    title = serializers.CharField()
    opened = HowManyShape()
    done = HowManyShape()
    left = HowManyShape(help_text="Opened it, have not done it, have not completed the unit.")
    median_seconds = serializers.FloatField(source="seconds.median", allow_null=True)
    p90_seconds = serializers.FloatField(source="seconds.p90", allow_null=True)


class FunnelShape(Shape):
    """From starting a unit to its badge."""

    watched = serializers.IntegerField(help_text="How many of those who started last the steps are about.")
    started = HowManyShape()
    completed = HowManyShape()
    earned = HowManyShape()
    steps = StepShape(many=True)


class CohortShape(Shape):
    """Learners who started in these months."""

    first_month = serializers.DateField(source="first")
    last_month = serializers.DateField(source="last")
    started = HowManyShape()
    completed = HowManyShape()
    earned = HowManyShape()


class AnswerLineShape(Shape):
    """One answer."""

    label = serializers.CharField(allow_blank=True)
    right = serializers.BooleanField(allow_null=True)
    other = serializers.BooleanField(help_text="Sums up answers that few gave.")
    given = HowManyShape()


class AnswerTableShape(Shape):
    """First answers to a check, or to one line or gap of it."""

    label = serializers.CharField(allow_blank=True)
    lines = AnswerLineShape(many=True)


class CheckShape(Shape):
    """One check, in the wording that is counted."""

    part = serializers.CharField(source="usage_key")
    title = serializers.CharField()
    prompt = serializers.CharField(allow_blank=True)
    check_type = serializers.CharField(allow_blank=True)
    wording = serializers.CharField(allow_blank=True)
    earlier_wordings = HowManyShape(source="earlier")
    newest_only = serializers.BooleanField(help_text="Older answers are left out.")
    answered = HowManyShape()
    right_first = HowManyShape()
    passed = HowManyShape()
    hinted = HowManyShape()
    attempts = HowManyShape(many=True, help_text="One, two, three or more.")
    difficulty = serializers.FloatField(allow_null=True)
    discrimination = serializers.FloatField(allow_null=True)
    not_told = serializers.ChoiceField(choices=["", "few", "alone", "same", "attest"])
    tables = AnswerTableShape(many=True)
    advice = serializers.ListField(child=serializers.CharField())


class LevelCountShape(Shape):
    """How often one level was given."""

    level = serializers.CharField()
    given = HowManyShape()


class CriterionCountsShape(Shape):
    """One criterion of a rubric."""

    name = serializers.CharField()
    levels = serializers.SerializerMethodField()

    def get_levels(self, criterion: Any) -> list[dict[str, Any]]:
        """Lowest first."""
        return [{"level": name, "given": HowManyShape(count).data} for name, count in criterion.levels]


class TaskShape(Shape):
    """Evidence of one task."""

    part = serializers.CharField(source="usage_key")
    title = serializers.CharField()
    waiting = HowManyShape()
    judged = HowManyShape()
    passed_first = HowManyShape()
    median_hours = serializers.SerializerMethodField()
    p90_hours = serializers.SerializerMethodField()
    criteria = CriterionCountsShape(many=True)

    def get_median_hours(self, task: Any) -> float | None:
        """From hand-in to the first judgement."""
        return _hours(task.turnaround.median)

    def get_p90_hours(self, task: Any) -> float | None:
        """Nine of ten were judged within."""
        return _hours(task.turnaround.p90)


class UnitInsightsShape(Shape):
    """Everything that is told about one unit."""

    course = serializers.CharField(source="course_key")
    unit = serializers.CharField(source="usage_key")
    title = serializers.CharField(allow_blank=True)
    smallest_group = serializers.IntegerField(source="group")
    funnel = FunnelShape()
    cohorts = CohortShape(many=True)
    checks = CheckShape(many=True)
    tasks = TaskShape(many=True)


def _hours(time: timedelta | None) -> float | None:
    return round(time.total_seconds() / 3600, 2) if time is not None else None
