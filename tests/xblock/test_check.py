"""A learner answers a quick check."""

from __future__ import annotations

import json

import pytest

from .courses import OPTIONS, check, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp


@pytest.fixture
def lesson(app: FakeApp) -> Page:
    return open_page(unit(check(attempts_allowed="2")))


def html(lesson: Page, place: int = 0) -> str:
    return lesson.block(place).render("student_view", {}).content


def test_a_right_answer_completes_the_unit_and_shows_the_badge_in_the_same_answer(
    lesson: Page, app: FakeApp
) -> None:
    reply = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert reply.status == 200
    assert reply.body["passed"] and reply.body["closed"]
    assert "Yes, moulded into the rubber." in reply.body["result_html"]
    assert reply.body["progress"]["complete"]
    assert [badge["name"] for badge in reply.body["progress"]["earned"]] == ["Tyre reader"]
    assert "Tyre reader" in reply.body["progress"]["html"]
    assert lesson.completions() == [{"completion": 1.0}]
    assert lesson.grades() == [{"value": 1.0, "max_value": 1.0}]


def test_a_wrong_answer_costs_an_attempt_and_does_not_tell_the_right_one(lesson: Page, app: FakeApp) -> None:
    reply = lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1})
    assert not reply.body["passed"]
    assert reply.body["attempts"] == "1 attempt left."
    assert "That is the rim" in reply.body["result_html"]
    assert "moulded" not in json.dumps(reply.body)
    assert app.recorded == []
    assert lesson.runtime.published == []


def test_sending_the_same_attempt_twice_uses_one(lesson: Page, app: FakeApp) -> None:
    first = lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1})
    second = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert second.status == 200
    assert second.body["repeated"] is True
    assert second.body["passed"] is False, "the recorded result is answered, not a new mark"
    assert second.body["result_html"] == first.body["result_html"]
    assert lesson.block(0).attempts_used == 1


def test_a_repeat_after_passing_publishes_nothing_again(lesson: Page, app: FakeApp) -> None:
    for _ in range(3):
        assert lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).status == 200
    assert len(lesson.grades()) == 1
    assert len(lesson.completions()) == 1


def test_a_closed_check_answers_409_and_changes_nothing(lesson: Page, app: FakeApp) -> None:
    lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1})
    lesson.call(lesson.block(0), "submit", {"answer": "c", "attempt": 2})
    before = (lesson.block(0).last, lesson.block(0).attempts_used)
    reply = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 3})
    assert reply.status == 409
    assert "all attempts" in reply.body["error"]
    assert (lesson.block(0).last, lesson.block(0).attempts_used) == before
    assert lesson.call(lesson.block(0), "save_draft", {"answer": "a"}).status == 409
    assert lesson.block(0).draft is None
    assert app.recorded == []


def test_a_passed_check_is_closed_too(lesson: Page, app: FakeApp) -> None:
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    reply = lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 2})
    assert reply.status == 409
    assert lesson.block(0).passed


def test_an_attempt_from_a_stale_window_is_refused(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    for number in (1, 2):
        lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": number})
    reply = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert reply.status == 409
    assert "another window" in reply.body["error"]
    assert lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 7}).status == 409
    assert lesson.block(0).attempts_used == 2


def test_an_unreadable_number_costs_no_attempt(app: FakeApp) -> None:
    lesson = open_page(unit(check(check_type="number", number_answer="3.5", attempts_allowed="1")))
    reply = lesson.call(lesson.block(0), "submit", {"answer": "about three", "attempt": 1})
    assert reply.status == 400
    assert "did not use an attempt" in reply.body["error"]
    assert lesson.block(0).attempts_used == 0
    assert lesson.call(lesson.block(0), "submit", {"answer": "3,5", "attempt": 1}).body["passed"]


def test_a_draft_comes_back_as_it_was_left(lesson: Page, app: FakeApp) -> None:
    assert lesson.call(lesson.block(0), "save_draft", {"answer": "b"}).body == {"saved": True}
    shown = html(lesson)
    assert 'value="b" checked' in shown
    assert lesson.block(0).attempts_used == 0
    lesson.call(lesson.block(0), "submit", {"answer": "c", "attempt": 1})
    assert lesson.block(0).draft is None


def test_a_typed_draft_comes_back(app: FakeApp) -> None:
    lesson = open_page(unit(check(check_type="text", text_answers=["rim"])))
    lesson.call(lesson.block(0), "save_draft", {"answer": '<b>"ri'})
    assert 'value="&lt;b&gt;&quot;ri"' in html(lesson)


@pytest.mark.parametrize("draft", [None, 3, {"a": 1}, ["a", 2], "x" * 2001, ["a"] * 101])
def test_a_draft_of_an_impossible_shape_is_refused(lesson: Page, app: FakeApp, draft: object) -> None:
    assert lesson.call(lesson.block(0), "save_draft", {"answer": draft}).status == 400
    assert lesson.block(0).draft is None


@pytest.mark.parametrize("attempt", ["1", 0, -1, True, 1.5, None, [1]])
def test_an_impossible_attempt_number_is_refused(lesson: Page, app: FakeApp, attempt: object) -> None:
    assert lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": attempt}).status == 400
    assert lesson.block(0).attempts_used == 0


def test_the_page_of_an_open_check_does_not_hold_the_answers(app: FakeApp) -> None:
    kinds = {
        "single": check(feedback_correct="SECRET-1"),
        "number": check(check_type="number", number_answer="31415.9", options=[]),
        "text": check(check_type="text", text_answers=["SECRET-2"], options=[]),
    }
    for olx in kinds.values():
        lesson = open_page(unit(olx))
        block = lesson.block(0)
        everything = block.render("student_view", {}).content + json.dumps(block.student_view_data())
        everything += json.dumps(block.index_dictionary()) + json.dumps(
            block.render("student_view", {}).json_init_args
        )
        for secret in ("SECRET", "31415", "moulded", "correct&quot;", "correct'"):
            assert secret not in everything


def test_answers_are_not_told_when_attempts_run_out(app: FakeApp) -> None:
    lesson = open_page(unit(check(check_type="multiple", attempts_allowed="1", feedback_correct="SECRET")))
    reply = lesson.call(lesson.block(0), "submit", {"answer": ["b", "c"], "attempt": 1})
    assert reply.body["closed"] and not reply.body["passed"]
    assert "moulded" not in json.dumps(reply.body)
    assert "SECRET" not in html(lesson)


def test_feedback_is_told_in_words_and_not_by_colour_alone(lesson: Page, app: FakeApp) -> None:
    wrong = lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1}).body["result_html"]
    assert "Not quite." in wrong and "✗" in wrong
    right = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 2}).body["result_html"]
    assert "That is right." in right and "✓" in right


def test_a_check_outside_a_unit_is_a_plain_learning_block(app: FakeApp) -> None:
    lesson = open_page(check())
    reply = lesson.call(lesson.block(), "submit", {"answer": "a", "attempt": 1})
    assert reply.status == 200
    assert "progress" not in reply.body
    assert lesson.completions() == [{"completion": 1.0}]
    assert lesson.grades() == [], "points belong to the unit"


def test_the_mark_is_kept_when_the_record_refuses_and_told_again_later(
    lesson: Page, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise app.MicrocredError("The record is closed for a moment.")

    with monkeypatch.context() as patched:
        patched.setattr(app, "record_part", refuse)
        reply = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert reply.status == 200
    assert reply.body["notice"] == "The record is closed for a moment."
    assert lesson.block(0).passed
    assert lesson.call(lesson.block(), "progress", {}).body["complete"]
    assert app.scores == {(ANA, lesson.key(0)): 1.0}


def test_two_learners_do_not_share_anything(lesson: Page, app: FakeApp) -> None:
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    lesson.sign_in(8)
    assert not lesson.block(0).passed
    assert lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1}).body["attempt"] == 1
    assert app.scores == {(ANA, lesson.key(0)): 1.0}


def test_an_option_keeps_its_answer_when_the_author_reorders(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    lesson.call(lesson.block(0), "save_draft", {"answer": "c"})
    block = lesson.block(0)
    block.options = list(reversed(OPTIONS))
    block.save()
    assert 'value="c" checked' in html(lesson)
