"""What the course's team is told about a unit, from what learners really did."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import override_settings

from demo_site.platform import DemoPlatform
from microcred_app import api
from microcred_app.applets.insights import api as insights
from microcred_app.applets.reviews import api as reviews
from microcred_app.courses import AnswerWords, QuestionWords
from tests.fixtures.catalogue import COURSE, NOW, make_user, publish, unit
from tests.fixtures.review_world import SPEC, OfficesOnly, hand_in

UNIT = unit("a", parts=2)
ONE, TWO = (part.usage_key for part in UNIT.parts)
WORDING = "0123456789abcdef"
WORDS = QuestionWords(
    WORDING, "Which one?", {}, {"": {"x": AnswerWords("Oil", True), "y": AnswerWords("Water", False)}}
)


@pytest.fixture
def team(offices_only: OfficesOnly, monkeypatch: pytest.MonkeyPatch) -> int:
    """Somebody on the course's team."""
    person = make_user("author")
    offices_only.staff.add(person)
    monkeypatch.setattr(DemoPlatform, "questions_of", lambda _s, course, key: {ONE: WORDS})
    return person


def learners(number: int, name: str = "learner") -> list[int]:
    return [make_user(f"{name}{n}") for n in range(number)]


def answer(
    learner: int, part: str, *, right: bool, attempt: int = 1, wording: str = WORDING, **more: int
) -> None:
    given = (("", "x" if right else "y"),)
    score = 1.0 if right else 0.0
    api.record_response(
        learner, api.Response(part, COURSE, attempt, "single", wording, given, score, right, **more), now=NOW
    )


def start(learner: int, part: str = ONE, *, spec: api.UnitSpec = UNIT, now: object = NOW) -> None:
    api.unit_progress(learner, spec, now=now)  # type: ignore[arg-type]
    api.record_part(learner, spec, part, score=1.0, now=now)  # type: ignore[arg-type]


def finish(learner: int, now: object = NOW) -> None:
    for part in (ONE, TWO):
        api.record_part(learner, UNIT, part, score=1.0, now=now)  # type: ignore[arg-type]


def read(team: int, unit_key: str = UNIT.usage_key) -> insights.UnitInsights:
    return insights.unit_insights(team, COURSE, unit_key)


def test_the_way_from_starting_to_the_badge(team: int) -> None:
    publish("bolt", {"outcome": "o.a"})
    for learner in learners(6, "done"):
        finish(learner)
    for learner in learners(6, "stopped"):
        start(learner)
        api.note_step(learner, UNIT.usage_key, TWO, now=NOW)
        api.note_step(learner, UNIT.usage_key, TWO, now=NOW + timedelta(minutes=2))
    funnel = read(team).funnel
    assert (funnel.started.number, funnel.completed.number, funnel.earned.number) == (12, 6, 6)
    first, second = funnel.steps
    assert (first.done.number, second.done.number) == (12, 6)
    assert (second.opened.number, second.left.number, first.left.number) == (6, 6, 0)
    assert second.seconds.median == 120


def test_who_stopped_does_not_tell_how_many_never_came_there(team: int) -> None:
    for number, learner in enumerate(learners(21)):
        start(learner)
        if number:
            api.note_step(learner, UNIT.usage_key, TWO, now=NOW)
        if 0 < number <= 10:
            api.record_part(learner, UNIT, TWO, score=1.0, now=NOW)
    second = read(team).funnel.steps[1]
    assert (second.opened.number, second.done.number) == (None, 10)
    assert second.left.hidden, "10 done and 10 left would say that 20 of 21 came there"


def test_who_only_looked_at_the_unit_did_not_start_it(team: int) -> None:
    for learner in learners(6):
        start(learner)
    api.unit_progress(team, UNIT, now=NOW)
    assert read(team).funnel.started.number == 6
    assert insights.course_insights(team, COURSE).units[0].started.number == 6


def test_a_unit_that_few_started_tells_nothing(team: int) -> None:
    for learner in learners(4):
        finish(learner)
        answer(learner, ONE, right=True)
    found = read(team)
    assert found.funnel.started.hidden
    assert found.funnel.steps == ()
    assert found.cohorts == ()
    assert found.checks == ()
    (line,) = insights.course_insights(team, COURSE).units
    assert line.started.hidden
    assert line.completed.hidden


def test_a_completion_that_nearly_everybody_has_is_hidden(team: int) -> None:
    for learner in learners(20):
        finish(learner)
    start(make_user("last"))
    funnel = read(team).funnel
    assert funnel.started.number == 21
    assert funnel.completed.hidden


def test_how_hard_a_check_is_and_how_well_it_tells(team: int) -> None:
    for number, learner in enumerate(learners(20)):
        start(learner)
        able = number < 10
        answer(learner, ONE, right=able, hints=0 if able else 1)
        if not able:
            answer(learner, ONE, right=True, attempt=2)
        answer(learner, TWO, right=able)
    one = read(team).checks[0]
    assert (one.prompt, one.answered.number, one.right_first.number, one.passed.number) == (
        "Which one?",
        20,
        10,
        20,
    )
    assert (one.difficulty, one.discrimination, one.hinted.number) == (0.5, 1.0, 10)
    assert [count.number for count in one.attempts] == [10, 10, 0]
    assert [(line.label, line.right, line.given.number) for line in one.tables[0].lines] == [
        ("Oil", True, 10),
        ("Water", False, 10),
    ]


def test_a_check_that_works_against_those_who_know_more_is_told(team: int) -> None:
    for number, learner in enumerate(learners(20)):
        start(learner)
        answer(learner, ONE, right=number < 10)
        answer(learner, TWO, right=number >= 10)
    one = read(team).checks[0]
    assert one.discrimination == -1.0
    assert "negative" in one.advice


def test_discrimination_needs_another_check_and_enough_on_both_sides(team: int) -> None:
    for number, learner in enumerate(learners(20)):
        start(learner)
        answer(learner, ONE, right=number < 10)
    assert read(team).checks[0].not_told == "alone"
    for number, learner in enumerate(learners(4, "more")):
        start(learner)
        answer(learner, TWO, right=number < 2)
    one, two = read(team).checks
    assert one.discrimination is None
    assert one.not_told == "few"
    assert two.answered.hidden


def test_answers_to_another_wording_are_another_statistic(team: int) -> None:
    for learner in learners(6, "old"):
        start(learner)
        answer(learner, ONE, right=False, wording="f" * 16)
        answer(learner, ONE, right=True, attempt=2)
    for learner in learners(10, "new"):
        start(learner)
        answer(learner, ONE, right=True)
    one = read(team).checks[0]
    assert (one.answered.number, one.earlier.number, one.difficulty) == (10, 6, 1.0)
    assert [count.number for count in one.attempts] == [10, 0, 0], "later attempts of others do not count"


def test_the_number_of_answers_is_hidden_where_it_is_almost_the_number_of_starters(team: int) -> None:
    for number, learner in enumerate(learners(20)):
        start(learner)
        if number:
            answer(learner, ONE, right=number % 2 == 0)
    one = read(team).checks[0]
    assert one.answered.number is None
    assert one.right_first.number is None
    assert one.right_first.share == 0.47


def test_groups_of_starters_are_never_small(team: int) -> None:
    for number, learner in enumerate(learners(6, "march")):
        (finish if number < 6 else start)(learner)
    for learner in learners(2, "april"):
        start(learner, now=NOW + timedelta(days=31))
    for learner in learners(9, "may"):
        start(learner, now=NOW + timedelta(days=62))
    newest, oldest = read(team).cohorts
    assert (oldest.first.month, oldest.last.month, oldest.started.number) == (3, 3, 6)
    assert (newest.first.month, newest.last.month, newest.started.number) == (4, 5, 11)
    assert (oldest.completed.number, newest.completed.number) == (6, 0)


def test_evidence_is_told_with_its_waiting_and_its_levels(team: int, judges: set[int]) -> None:
    judge = make_user("judge")
    judges.add(judge)
    for number, learner in enumerate(learners(12)):
        submission = hand_in(learner, colour=["red", "blue", "green"][number % 3])
        passed = number < 6
        reviews.decide(
            judge,
            submission,
            passed=passed,
            levels={"c": "2" if passed else "0"},
            comment="" if passed else "Show the chain.",
            now=NOW + timedelta(hours=number + 1),
        )
    (task,) = read(team, SPEC.usage_key).tasks
    assert (task.judged.number, task.passed_first.number, task.waiting.number) == (12, 6, 0)
    assert task.turnaround.median == timedelta(hours=6, minutes=30)
    assert task.turnaround.p90 == timedelta(hours=11)
    (criterion,) = task.criteria
    assert [(name, count.number) for name, count in criterion.levels] == [("Low", 6), ("High", 6)]


def test_a_setting_says_how_small_a_group_may_be(team: int, settings: object) -> None:
    from django.conf import settings as now

    for learner in learners(2):
        finish(learner)
    with override_settings(MICROCRED={**now.MICROCRED, "INSIGHTS_MIN_GROUP": 1}):
        assert read(team).funnel.completed.number == 2


@pytest.mark.parametrize("who", ["learner", "reviewer", "nobody"])
def test_only_the_courses_team_reads(team: int, judges: set[int], who: str) -> None:
    person = make_user("stranger") if who != "nobody" else 987_654
    if who == "reviewer":
        judges.add(person)
    start(make_user("one"))
    with pytest.raises(insights.NoInsights):
        insights.course_insights(person, COURSE)
    with pytest.raises(insights.NoInsights):
        insights.unit_insights(person, COURSE, UNIT.usage_key)


@pytest.mark.parametrize("key", ["", "no key", "course-v1:Other+X+1", "x" * 300, "course-v1:A+B+C\x00"])
def test_a_course_that_is_none_is_answered_like_somebody_elses(team: int, key: str) -> None:
    with pytest.raises(insights.NoInsights):
        insights.course_insights(team, key)
    with pytest.raises(insights.NoInsights):
        insights.unit_insights(team, key, UNIT.usage_key)


def test_a_unit_of_another_course_cannot_be_read_through_ones_own(team: int) -> None:
    other = replace(UNIT, course_key="course-v1:Other+X+1")
    for learner in learners(8):
        start(learner, spec=other)
    start(make_user("one"), spec=unit("b"), part=unit("b").parts[0].usage_key)
    found = read(team)
    assert found.funnel.started.number == 0
    assert found.checks == ()
    assert found.title == ""
