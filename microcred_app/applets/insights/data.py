"""Values that cross the border of the insights room. A count of None is hidden; see :mod:`.suppression`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..reviews.turnaround import Turnaround
from .statistics import Spread

__all__ = [
    "AnswerLine",
    "AnswerTable",
    "CheckInsight",
    "Cohort",
    "Count",
    "CourseInsights",
    "Criterion",
    "Funnel",
    "StageCount",
    "Step",
    "TaskInsight",
    "UnitInsights",
    "UnitLine",
]


@dataclass(frozen=True)
class Count:
    """How many, and what share of their whole (0 to 1). A share may be told where the number must not be."""

    number: int | None
    share: float | None = None

    @property
    def hidden(self) -> bool:
        """Whether neither may be told."""
        return self.number is None and self.share is None


@dataclass(frozen=True)
class Step:
    """One part of a unit: who opened it, who did it, who opened it and did not do it, seconds spent."""

    usage_key: str
    kind: str
    title: str
    opened: Count
    done: Count
    left: Count
    seconds: Spread


@dataclass(frozen=True)
class Funnel:
    """From starting a unit to the badge that asks for its outcome. Steps are of the ``watched`` who started last."""

    watched: int
    started: Count
    completed: Count
    earned: Count
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Cohort:
    """Learners who started in these months; as many months as make a group that may be shown."""

    first: date
    last: date
    started: Count
    completed: Count
    earned: Count


@dataclass(frozen=True)
class AnswerLine:
    """One answer and how many gave it first; ``right`` is None where nobody says. ``other`` sums up rare answers."""

    label: str
    right: bool | None
    given: Count
    other: bool = False


@dataclass(frozen=True)
class AnswerTable:
    """First answers to a check, or to one line or gap of it."""

    label: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class CheckInsight:
    """Figures of one check in the wording that was answered last.

    ``difficulty`` is the share that was right at the first try. ``discrimination`` is the point-biserial correlation of
    that with the score in the unit's other checks; ``not_told`` says why there is none: ``few``, ``alone`` (no other
    check) or ``same`` (nothing varies). ``earlier`` counts first answers to other wordings. ``newest_only`` says that
    older answers are left out, because there are more than figures are made of. ``advice`` are codes.
    """

    usage_key: str
    title: str
    prompt: str
    check_type: str
    wording: str
    earlier: Count
    newest_only: bool
    answered: Count
    right_first: Count
    passed: Count
    hinted: Count
    attempts: tuple[Count, Count, Count]
    difficulty: float | None
    discrimination: float | None
    not_told: str
    tables: tuple[AnswerTable, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True)
class Criterion:
    """How often each level of a criterion was given, lowest first."""

    name: str
    levels: tuple[tuple[str, Count], ...]


@dataclass(frozen=True)
class TaskInsight:
    """Evidence of one task: how many wait, how long judgements took, what levels were given."""

    usage_key: str
    title: str
    waiting: Count
    judged: Count
    passed_first: Count
    turnaround: Turnaround
    criteria: tuple[Criterion, ...]

    @property
    def median(self) -> timedelta | None:
        """Half of the learners waited no longer than this."""
        return self.turnaround.median


@dataclass(frozen=True)
class StageCount:
    """How many came to this stage; ``asked`` is false where there is nothing of the kind to do."""

    stage: str
    count: Count
    asked: bool = True


@dataclass(frozen=True)
class UnitInsights:
    """Everything that is told about one unit. ``group`` is the smallest group that is told about.

    ``further`` are stages that are counted now and then (``counted_at``); so are the totals of a large unit, and then
    ``as_of`` says when.
    """

    course_key: str
    course_title: str
    usage_key: str
    title: str
    group: int
    funnel: Funnel
    cohorts: tuple[Cohort, ...]
    checks: tuple[CheckInsight, ...]
    tasks: tuple[TaskInsight, ...]
    further: tuple[StageCount, ...] = ()
    as_of: datetime | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True)
class UnitLine:
    """One unit in the list of a course."""

    usage_key: str
    title: str
    started: Count
    completed: Count


@dataclass(frozen=True)
class CourseInsights:
    """The units of a course."""

    course_key: str
    course_title: str
    group: int
    units: tuple[UnitLine, ...]
