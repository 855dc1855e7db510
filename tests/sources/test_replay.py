"""A course's tables can be read at any time: lost things are found, interruptions resumed, nothing counts twice."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from completion.models import BlockCompletion
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone
from opaque_keys.edx.keys import UsageKey

from demo_site.courses.models import Grade
from microcred_app.applets.attainments.models import ReportedFact
from microcred_app.applets.awards import api as awards
from microcred_app.applets.awards.models import Award
from microcred_app.applets.sources import api as sources
from microcred_app.applets.sources import replaying
from microcred_app.applets.sources.models import SourceReplay
from microcred_app.compat import OpenEdxPlatform
from microcred_app.platform_facts import Seen
from tests.fixtures.catalogue import COURSE, NOW, make_user, publish
from tests.sources.platform_events import course_grade

PART = "block-v1:Demo+BIKE+1+type@openassessment+block@essay"
HTML = "block-v1:Demo+BIKE+1+type@html+block@read"


def graded(count: int, earned: float = 9.0) -> list[int]:
    """Learners with points of which no event came."""
    learners = [make_user(f"learner{number}") for number in range(count)]
    for learner in learners:
        Grade.objects.create(user_id=learner, course_key=COURSE, usage_key=PART, earned=earned, possible=10)
    return learners


def read(course: str = COURSE, **options: Any) -> list[sources.Progress]:
    return list(sources.replay_course(course, clock=timezone.now, **options))


def test_lost_events_are_found_and_nothing_counts_twice() -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.7})
    publish("passed", {"standing": COURSE, "state": "passed"})
    publish("essay", {"grade": PART, "minimum": 0.7})
    learners = graded(3)
    course_grade(learners[0], 0.9)
    last = read()[-1]
    assert (last.done, last.refused) == (True, 0)
    assert all(set(awards.held_badges(one)) == {"graded", "passed", "essay"} for one in learners)
    rows, given = ReportedFact.objects.count(), Award.objects.count()
    assert read()[-1].news == 0
    assert (ReportedFact.objects.count(), Award.objects.count()) == (rows, given)


def test_the_tables_are_right_where_events_said_something_else() -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.7})
    (learner,) = graded(1, earned=9.0)
    course_grade(learner, 0.2, at=timezone.now())  # later than the row, and wrong
    Grade.objects.update(modified=NOW)
    read()
    assert set(awards.held_badges(learner)) == {"graded"}


def test_an_interrupted_reading_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "PIECE", 2)
    publish("graded", {"grade": COURSE, "minimum": 0.7})
    learners = graded(5)
    reading = sources.replay_course(COURSE, clock=timezone.now)
    assert next(reading).read == 2
    reading.close()  # as Ctrl+C does
    kept = SourceReplay.objects.get()
    assert (kept.part, kept.after, kept.lease_until) == ("grades", str(learners[1]), None)
    assert Award.objects.count() == 2
    assert [step.read for step in read() if step.part == "grades"] == [2, 3]
    assert Award.objects.count() == 5
    assert SourceReplay.objects.get().read == 5


def test_a_reading_for_other_things_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "PIECE", 2)
    publish("graded", {"grade": COURSE, "minimum": 0.7})
    graded(5)
    reading = sources.replay_course(COURSE, clock=timezone.now)
    next(reading)
    reading.close()
    publish("essay", {"grade": PART, "minimum": 0.7})
    read()
    assert Award.objects.filter(version__badge__key="essay").count() == 5


def test_two_do_not_read_one_course_at_once_and_a_dead_one_holds_nothing_up() -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.7})
    graded(1)
    first = sources.replay_course(COURSE, clock=timezone.now)
    next(first)
    with pytest.raises(sources.ReplayRunning, match="Wait"):
        read()
    first.close()
    for lease in (timezone.now() - timedelta(seconds=1), timezone.now() + timedelta(days=365)):
        SourceReplay.objects.update(lease_until=lease)  # a worker that was killed; a clock that was ahead
        assert read()[-1].done


def test_a_draft_can_be_read_for_before_it_is_published() -> None:
    learners = graded(2)
    read(also={("grade", PART)})
    assert ReportedFact.objects.filter(kind="grade", key=PART).count() == 2
    assert not Award.objects.exists()
    publish("essay", {"grade": PART, "minimum": 0.7})
    assert all(awards.held_badges(one) == {} for one in learners), "publishing is the registrar's decision"


def test_the_command_shows_how_far_it_is_and_what_it_found() -> None:
    publish("graded", {"grade": COURSE, "minimum": 0.7})
    graded(3)
    out, err = io.StringIO(), io.StringIO()
    call_command("microcred_sources", "--all", stdout=out, stderr=err)
    assert out.getvalue() == f"{COURSE}: 3 records read, 3 were news.\n"
    assert "grades       [##############################] 3/3" in err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name a course"),
        (["no course"], "no key of a course"),
        (["--badge", "nothing", COURSE], "nothing"),
    ],
)
def test_the_command_says_what_it_needs(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("microcred_sources", *arguments, stdout=io.StringIO(), stderr=io.StringIO())


class Rows(list[Any]):
    """As much of a table as is asked of it."""

    def __init__(self, rows: Any, told: dict[str, Any] | None = None) -> None:
        super().__init__(rows)
        self.told = {} if told is None else told

    def filter(self, **wanted: Any) -> Rows:
        above = wanted.pop("pk__gt", 0)
        self.told.update(wanted)
        return Rows((row for row in self if row.pk > above), self.told)

    def order_by(self, _name: str) -> Rows:
        return Rows(sorted(self, key=lambda row: row.pk), self.told)

    def select_related(self, *_names: str) -> Rows:
        return self

    def count(self) -> int:  # type: ignore[override]
        return len(self)


@pytest.fixture
def lms(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Rows]]:
    """The LMS's tables under their real import names."""
    tables = {
        name: Rows([])
        for name in (
            "PersistentCourseGrade",
            "PersistentSubsectionGrade",
            "StudentModule",
            "ScoreSummary",
            "GeneratedCertificate",
            "CohortMembership",
        )
    }
    homes = {
        "lms.djangoapps.grades.models": ("PersistentCourseGrade", "PersistentSubsectionGrade"),
        "lms.djangoapps.courseware.models": ("StudentModule",),
        "submissions.models": ("ScoreSummary",),
        "lms.djangoapps.certificates.models": ("GeneratedCertificate",),
        "openedx.core.djangoapps.course_groups.models": ("CohortMembership",),
    }
    for name, models in homes.items():
        parts = name.split(".")
        for end in range(1, len(parts)):
            package = ".".join(parts[:end])
            if package not in sys.modules:
                monkeypatch.setitem(sys.modules, package, ModuleType(package))
        module = ModuleType(name)
        for model in models:
            setattr(module, model, SimpleNamespace(objects=tables[model]))
        monkeypatch.setitem(sys.modules, name, module)
    student = ModuleType("common.djangoapps.student.models")
    student.user_by_anonymous_id = {"anon9": SimpleNamespace(pk=9)}.get  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "common", ModuleType("common"))
    monkeypatch.setitem(sys.modules, "common.djangoapps", ModuleType("common.djangoapps"))
    monkeypatch.setitem(sys.modules, "common.djangoapps.student", ModuleType("common.djangoapps.student"))
    monkeypatch.setitem(sys.modules, "common.djangoapps.student.models", student)
    yield tables


def records(part: str, *, limit: int = 10, keys: frozenset[tuple[str, str]] = frozenset()) -> list[Seen]:
    found, after = [], ""
    while True:
        piece = OpenEdxPlatform().course_records(
            COURSE, part, keys=keys, after=after, limit=limit, count=True
        )
        found += piece.seen
        after = piece.after
        if not after:
            return found


def row(pk: int, **values: Any) -> SimpleNamespace:
    return SimpleNamespace(pk=pk, user_id=pk, course_id=COURSE, modified=NOW, modified_date=NOW, **values)


def test_the_lms_s_course_grades_say_grade_and_passing(lms: dict[str, Rows]) -> None:
    lms["PersistentCourseGrade"] += [
        row(1, percent_grade=0.8, letter_grade="B"),
        row(2, percent_grade=0.2, letter_grade=""),
        row(3, percent_grade=0.9, letter_grade="A"),
    ]
    found = [(seen.learner_id, seen.kind, seen.number, seen.holds) for seen in records("grades", limit=2)]
    assert found == [
        (1, "grade", 0.8, True),
        (1, "standing", None, True),
        (2, "grade", 0.2, True),
        (2, "standing", None, False),
        (3, "grade", 0.9, True),
        (3, "standing", None, True),
    ]


def test_the_lms_s_certificates_and_cohorts(lms: dict[str, Rows]) -> None:
    lms["GeneratedCertificate"] += [row(1, status="downloadable"), row(2, status="notpassing")]
    lms["CohortMembership"] += [row(1, course_user_group=SimpleNamespace(name="Evening"))]
    assert [(seen.role, seen.holds) for seen in records("certificates")] == [
        ("certified", True),
        ("certified", False),
    ]
    assert [(seen.role, seen.alone) for seen in records("cohorts")] == [("cohort:Evening", True)]


def test_the_lms_s_subsections_count_as_they_were_overridden(lms: dict[str, Rows]) -> None:
    key = "block-v1:Demo+BIKE+1+type@sequential+block@week1"
    points = {"earned_graded": 1, "possible_graded": 4, "earned_all": 0, "possible_all": 0}
    override = SimpleNamespace(earned_graded_override=3, possible_graded_override=4)
    lms["PersistentSubsectionGrade"] += [
        row(1, full_usage_key=key, **points),
        row(2, full_usage_key=key, override=override, **points),
    ]
    found = records("subsections", keys=frozenset({("grade", key), ("grade", COURSE)}))
    assert [seen.number for seen in found] == [0.25, 0.75]
    assert [str(asked) for asked in lms["PersistentSubsectionGrade"].told["usage_key__in"]] == [key]


@pytest.mark.parametrize("limit", [1, 10])
def test_scores_of_problems_and_of_assessments_are_read_one_after_the_other(
    lms: dict[str, Rows], limit: int
) -> None:
    lms["StudentModule"] += [
        SimpleNamespace(pk=1, student_id=5, module_state_key=PART, grade=1.0, max_grade=2.0, modified=NOW),
        SimpleNamespace(pk=2, student_id=6, module_state_key=PART, grade=2.0, max_grade=0.0, modified=NOW),
    ]
    item = SimpleNamespace(student_id="anon9", course_id=COURSE, item_id=PART)
    nobody = SimpleNamespace(student_id="anon0", course_id=COURSE, item_id=PART)
    score = SimpleNamespace(points_earned=4, points_possible=5, created_at=NOW)
    lms["ScoreSummary"] += [
        SimpleNamespace(pk=1, student_item=item, latest=score),
        SimpleNamespace(pk=2, student_item=nobody, latest=score),
    ]
    found = records("scores", limit=limit, keys=frozenset({("grade", PART)}))
    assert [(seen.learner_id, seen.number) for seen in found] == [(5, 0.5), (9, 0.8)]
    assert records("scores", keys=frozenset({("grade", COURSE)})) == [], "nobody asks for a part"


def test_completions_and_containers_come_from_the_completion_table(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "block-v1:Demo+BIKE+1+type@vertical+block@intro"
    learner = make_user()
    user = get_user_model().objects.get(pk=learner)
    BlockCompletion.objects.submit_completion(user=user, block_key=UsageKey.from_string(HTML), completion=1.0)
    monkeypatch.setattr(OpenEdxPlatform, "container_complete", lambda _self, _learner, key: key == page)
    keys = frozenset({("block", HTML), ("block", page)})
    (block,) = records("completions", keys=keys)
    assert (block.learner_id, block.key, block.holds) == (learner, HTML, True)
    (container,) = records("containers", keys=keys)
    assert (container.learner_id, container.key) == (learner, page)


def test_a_platform_without_these_tables_has_nothing_to_read() -> None:
    for part in ("grades", "subsections", "scores", "certificates", "cohorts"):
        assert records(part, keys=frozenset({("grade", PART)})) == []
