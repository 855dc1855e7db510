"""What instructors' tools do to a learner's score: mark again, set, give the unit again."""

from __future__ import annotations

import pytest
from xblock.scorable import ScorableXBlockMixin, Score

from .courses import OPTIONS, check, unit
from .doubles import open_page
from .fake_app import FakeApp

WRONG_KEY = [{**option, "correct": option["id"] == "b"} for option in OPTIONS]


def test_the_platform_finds_its_interface(app: FakeApp) -> None:
    assert isinstance(open_page(unit(check())).block(), ScorableXBlockMixin)


def test_a_mended_key_counts_when_staff_mark_again(app: FakeApp) -> None:
    lesson = open_page(unit(check(options=WRONG_KEY)))
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert lesson.grades() == []
    child = lesson.block(0)
    child.options = OPTIONS
    child.save()
    lesson.block().rescore(only_if_higher=False)
    assert lesson.block(0).passed
    assert app.recorded == [lesson.key(0)]
    assert (len(lesson.completions()), lesson.grades()) == (1, [{"value": 1.0, "max_value": 1.0}])


def test_marking_again_takes_nothing_away(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    child = lesson.block(0)
    child.options = WRONG_KEY
    child.save()
    lesson.block().rescore(only_if_higher=True)
    assert lesson.block(0).passed
    assert lesson.block().get_score() == Score(1.0, 1.0)
    assert lesson.grades()[-1] == {"value": 1.0, "max_value": 1.0, "only_if_higher": True}


def test_there_is_nothing_to_mark_before_an_answer(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    assert not lesson.block().has_submitted_answer()
    with pytest.raises(ValueError, match="has not answered"):
        lesson.block().rescore(only_if_higher=False)


def test_an_incomplete_unit_is_not_graded_by_marking_again(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Second")))
    lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1})
    lesson.block().rescore(only_if_higher=False)
    assert lesson.runtime.published == []


def test_an_instructor_may_set_the_points(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    block = lesson.block()
    block.set_score(Score(raw_earned=3, raw_possible=4))
    block.publish_grade()
    block.save()
    assert lesson.block().get_score() == Score(0.75, 1.0)
    assert lesson.grades() == [{"value": 0.75, "max_value": 1.0, "only_if_higher": None}]


@pytest.mark.parametrize(("score", "kept"), [(Score(9, 1), 1.0), (Score(-1, 1), 0.0), (Score(1, 0), 0.0)])
def test_points_stay_between_nothing_and_all(app: FakeApp, score: Score, kept: float) -> None:
    block = open_page(unit(check())).block()
    block.set_score(score)
    assert block.get_score().raw_earned == kept


def test_deleting_a_learners_state_resets_the_record(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    lesson.block().clear_student_state(
        user_id="0" * 32, course_id="course-v1:a+b+c", item_id="the-unit", requesting_user_id="1" * 32
    )
    assert app.resets == [("0" * 32, "course-v1:a+b+c", "the-unit")]


def test_deleting_state_on_a_site_without_badges_is_the_platforms_own_business(no_app: None) -> None:
    lesson = open_page(unit(check()))
    lesson.block().clear_student_state(user_id="0" * 32, course_id="c", item_id="u")
