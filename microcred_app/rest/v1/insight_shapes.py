"""What the interface answers about insights. A number of null is hidden, so that small groups stay unknown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from microcred_app.applets.insights.api import STAGES

from .shapes import Shape

__all__ = [
    "CourseInsightsShape",
    "CoverageShape",
    "EndingShape",
    "FigureDetailShape",
    "FigureListShape",
    "ProfileListShape",
    "UnitInsightsShape",
    "WorthShape",
]


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


class WayStageShape(Shape):
    """How many came to one stage of the way."""

    stage = serializers.ChoiceField(choices=list(STAGES))
    asked = serializers.BooleanField(help_text="False: there is nothing of the kind to do.")
    count = HowManyShape()


class UnitInsightsShape(Shape):
    """Everything that is told about one unit."""

    course = serializers.CharField(source="course_key")
    unit = serializers.CharField(source="usage_key")
    title = serializers.CharField(allow_blank=True)
    smallest_group = serializers.IntegerField(source="group")
    funnel = FunnelShape()
    further = WayStageShape(many=True, help_text="Stages that are counted now and then.")
    counted_at = serializers.DateTimeField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True, help_text="When a large unit's totals were counted.")
    cohorts = CohortShape(many=True)
    checks = CheckShape(many=True)
    tasks = TaskShape(many=True)


class FigureLineShape(Shape):
    """How far learners come with a badge or a pathway."""

    kind = serializers.ChoiceField(choices=["badge", "pathway"])
    key = serializers.CharField()
    title = serializers.CharField()
    organisation = serializers.CharField(source="issuer_slug")
    stages = WayStageShape(many=True)
    median_minutes = serializers.IntegerField(source="median", allow_null=True)
    counted_at = serializers.DateTimeField()


class FigureListShape(Shape):
    """Badges or pathways, those with most learners first."""

    count = serializers.IntegerField()
    items = FigureLineShape(many=True)


class PercentileShape(Shape):
    """Within how many minutes a share of the learners earned it."""

    share = serializers.SerializerMethodField()
    minutes = serializers.SerializerMethodField()

    def get_share(self, pair: tuple[float, int | None]) -> float:
        """From 0 to 1."""
        return pair[0]

    def get_minutes(self, pair: tuple[float, int | None]) -> int | None:
        """Null: hidden."""
        return pair[1]


class FigureDetailShape(Shape):
    """One badge or pathway. Of its groups ``completed`` is who holds the badge and ``earned`` who shared it."""

    smallest_group = serializers.IntegerField(source="group")
    line = FigureLineShape()
    percentiles = PercentileShape(many=True)
    cohorts = CohortShape(many=True)


class GapShape(Shape):
    """Things that something is missing of."""

    code = serializers.ChoiceField(choices=["no_unit", "no_holder", "no_skill"])
    count = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())


class CourseCellShape(Shape):
    """A skill in one course."""

    course = serializers.CharField()
    learners = HowManyShape()


class SkillLineShape(Shape):
    """A skill: who has it, and who showed it in which course."""

    key = serializers.CharField()
    title = serializers.CharField()
    holders = HowManyShape()
    median_minutes = serializers.IntegerField(source="median", allow_null=True)
    courses = serializers.SerializerMethodField()

    @extend_schema_field(CourseCellShape(many=True))
    def get_courses(self, line: Any) -> list[dict[str, Any]]:
        """Courses in which somebody began a unit for it."""
        keys = self.context["courses"]
        return [
            {"course": key, "learners": HowManyShape(cell).data}
            for key, cell in zip(keys, line.cells, strict=True)
            if cell is not None
        ]


class CoverageShape(Shape):
    """Skills by course, and what is missing."""

    smallest_group = serializers.IntegerField(source="group")
    count = serializers.IntegerField()
    skills = SkillLineShape(source="lines", many=True)
    gaps = GapShape(many=True)


class ProfileSkillShape(Shape):
    """A skill of a profile, and who has it."""

    key = serializers.CharField()
    learners = HowManyShape()


class ReadyShape(Shape):
    """Learners who have exactly so many skills of the profile."""

    skills = serializers.IntegerField()
    learners = HowManyShape()


class ProfileShape(Shape):
    """A job profile, and who is ready for it."""

    key = serializers.CharField()
    title = serializers.CharField()
    organisation = serializers.CharField(source="issuer_slug")
    skills = serializers.SerializerMethodField()
    ready = serializers.SerializerMethodField()

    @extend_schema_field(ProfileSkillShape(many=True))
    def get_skills(self, line: Any) -> list[dict[str, Any]]:
        """Its skills."""
        return [{"key": key, "learners": HowManyShape(count).data} for key, _name, count in line.skills]

    @extend_schema_field(ReadyShape(many=True))
    def get_ready(self, line: Any) -> list[dict[str, Any]]:
        """From one skill to all of them."""
        return [{"skills": number, "learners": HowManyShape(count).data} for number, count in line.ready]


class ProfileListShape(Shape):
    """Job profiles."""

    items = ProfileShape(many=True)


class WorthLineShape(Shape):
    """A badge that is worth a second look."""

    key = serializers.CharField()
    title = serializers.CharField()
    learners = HowManyShape(source="earned")
    minutes = serializers.IntegerField()
    notes = serializers.ListField(
        child=serializers.ChoiceField(choices=["unassessed", "alike", "unseen", "untimed", "short"])
    )
    alike = serializers.ListField(child=serializers.CharField(), help_text="Keys of badges nearly the same.")


class WorthShape(Shape):
    """What makes badges worth less."""

    smallest_group = serializers.IntegerField(source="group")
    looked_at = serializers.IntegerField()
    count = serializers.IntegerField()
    held = HowManyShape(source="awards")
    per_hour = serializers.FloatField(allow_null=True, help_text="Badges held for each hour that they state.")
    items = WorthLineShape(source="lines", many=True)


class EndingLineShape(Shape):
    """A badge of which awards end soon."""

    badge = serializers.CharField(source="key")
    title = serializers.CharField()
    within_30_days = serializers.IntegerField(source="within.0")
    within_60_days = serializers.IntegerField(source="within.1")
    within_90_days = serializers.IntegerField(source="within.2")


class EndingShape(Shape):
    """Badges whose time ends soon."""

    items = EndingLineShape(many=True)


def _hours(time: timedelta | None) -> float | None:
    return round(time.total_seconds() / 3600, 2) if time is not None else None
