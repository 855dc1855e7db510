"""People who mean harm, and the texts they would write: into every field of every type of check."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from microcred_xblock.question_parts import token_of

from .check_kinds import KINDS, Kind, kind_of
from .courses import check, element, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp
from .test_rendering import EVIL, assert_harmless

EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.check_type)
OPTIONS = [
    {
        "id": EVIL,
        "text": EVIL,
        "correct": True,
        "feedback": EVIL,
        "image_url": "/static/" + EVIL,
        "image_alt": EVIL,
    },
    {"id": "b", "text": "B " + EVIL, "image_url": "javascript:alert(1)", "image_alt": EVIL},
]
EVIL_FIELDS: dict[str, Any] = {
    **dict.fromkeys(
        ("display_name", "prompt", "image_alt", "number_unit", "feedback_correct", "feedback_incorrect"), EVIL
    ),
    "image_url": "/static/" + EVIL,
    "options": OPTIONS,
    "hints": [EVIL, EVIL],
    "try_feedback": [EVIL],
    "text_answers": [EVIL],
    "text_patterns": [EVIL],
    "number_answer": "1",
    "number_units": [{"name": EVIL, "worth": EVIL}],
    "pairs": [
        {"id": EVIL, "text": EVIL, "match": EVIL, "feedback": EVIL},
        {"id": "p2", "text": "x" + EVIL, "match": "y" + EVIL, "feedback": EVIL},
    ],
    "extra_matches": [EVIL + "z"],
    "gap_text": f"{EVIL} [[g1]] {EVIL} [[g2]]",
    "gaps": [
        {"id": "g1", "answers": [EVIL], "choices": ["w" + EVIL], "feedback": EVIL},
        {"id": "g2", "answers": [EVIL], "choices": [], "feedback": EVIL},
    ],
    "attempts_allowed": "1",
}
EVIL_ANSWERS: dict[str, Any] = {
    "single": "b",
    "multiple": ["b"],
    "number": "2",
    "text": EVIL + "!",
    "order": [token_of("B " + EVIL, ""), token_of(EVIL, "/static/" + EVIL)],
    "match": {EVIL: token_of(EVIL + "z"), "p2": token_of(EVIL)},
    "gaps": {"g1": token_of("w" + EVIL), "g2": "<b onclick=alert(1)>"},
    "attest": [EVIL, "b"],
}


def evil(kind: Kind) -> Page:
    return open_page(unit(element("microcred_check", check_type=kind.check_type, **EVIL_FIELDS)))


@EVERY
def test_nothing_an_author_or_learner_types_becomes_markup(app: FakeApp, kind: Kind) -> None:
    lesson = evil(kind)
    assert_harmless(lesson.block(0).render("student_view", {}).content)
    hint = lesson.call(lesson.block(0), "show_hint", {"hint": 1})
    assert_harmless(hint.body["hints_html"])
    answer = EVIL_ANSWERS[kind.check_type]
    assert lesson.call(lesson.block(0), "save_draft", {"answer": answer}).status == 200
    assert_harmless(lesson.block(0).render("student_view", {}).content)
    reply = lesson.call(lesson.block(0), "submit", {"answer": answer, "attempt": 1})
    assert reply.status == 200, reply.body
    assert_harmless(reply.body["result_html"])
    assert_harmless(lesson.block(0).render("student_view", {}).content)
    assert "{{ 7|add:1 }}" in lesson.block(0).render("student_view", {}).content, "and nothing is evaluated"


@EVERY
def test_nothing_becomes_markup_in_studio(app: FakeApp, kind: Kind) -> None:
    lesson = evil(kind)
    lesson.become_studio()
    assert_harmless(lesson.block(0).render("studio_view", {}).content)
    assert_harmless(lesson.block(0).render("author_view", {}).content)
    look = lesson.call(
        lesson.block(0), "studio_look", {**EVIL_FIELDS, "check_type": kind.check_type, "trial_answer": EVIL}
    )
    assert look.status == 200
    assert_harmless(look.body["preview"])


@pytest.mark.parametrize(
    "bomb", ["(a+)+$", "(a|aa)+", "((a{40}){40}){40}", "(" * 150, "[" * 200, "a{40}" * 40]
)
def test_a_pattern_bomb_is_refused_or_harmless(app: FakeApp, bomb: str) -> None:
    lesson = open_page(unit(check(check_type="text", text_answers=["rim"], text_patterns=[bomb] * 10)))
    begun = time.thread_time()
    reply = lesson.call(lesson.block(0), "submit", {"answer": "a" * 199 + "!", "attempt": 1})
    assert reply.status == 200
    assert reply.body["passed"] is False
    assert time.thread_time() - begun < 2


@pytest.mark.parametrize(
    "answer",
    [
        "a" * 2001,
        ["a"] * 100_000,
        {"g1": "x" * 10_000},
        {str(n): "x" for n in range(10_000)},
        [["a"]],
        {"a": {"b": {}}},
        "\ud800",
        "\x00",
        3.5,
        True,
        None,
    ],
    ids=lambda answer: str(answer)[:12].encode("unicode_escape").decode(),
)
@EVERY
def test_oversized_and_odd_answers_are_refused_and_cost_nothing(
    app: FakeApp, kind: Kind, answer: Any
) -> None:
    lesson = open_page(unit(kind.olx()))
    for handler, data in (("submit", {"answer": answer, "attempt": 1}), ("save_draft", {"answer": answer})):
        reply = lesson.call(lesson.block(0), handler, data)
        assert reply.status in (200, 400, 413)
        assert reply.status == 400 or kind.check_type in ("text", "number", "single")
    block = lesson.block(0)
    assert block.attempts_used <= (1 if kind.check_type in ("text", "number") else 0)
    assert len(json.dumps([block.draft, block.last])) < 25_000


@EVERY
def test_ten_thousand_drafts_keep_one(app: FakeApp, kind: Kind) -> None:
    lesson = open_page(unit(kind.olx()))
    block = lesson.block(0)
    begun = time.thread_time()
    for number in range(10_000 if kind.check_type == "gaps" else 300):
        draft = {"g1": f"draft {number}", "g2": ""} if kind.check_type == "gaps" else kind.wrong
        assert lesson.call(block, "save_draft", {"answer": draft}).status == 200
    assert time.thread_time() - begun < 60
    assert len(json.dumps(lesson.block(0).draft)) < 200
    assert lesson.block(0).attempts_used == 0
    assert app.responses == {}, "a draft is nobody's answer"


@pytest.mark.parametrize("handler", ["submit", "save_draft", "show_hint", "show_answer", "give_attempt"])
def test_handlers_are_closed_to_strangers(app: FakeApp, handler: str) -> None:
    lesson = open_page(unit(check(hints=["SECRET"])))
    data = {"answer": "a", "attempt": 1, "hint": 1}
    app.enrolled = False
    assert lesson.call(lesson.block(0), handler, data).status == 403
    lesson.sign_in(None)
    assert lesson.call(lesson.block(0), handler, data).status == 403
    lesson.sign_in(ANA)
    block = lesson.block(0)
    assert (block.attempts_used, block.hints_used, block.draft) == (0, 0, None)
    assert app.responses == {}


@pytest.mark.parametrize("handler", ["studio_submit", "studio_look"])
def test_authors_handlers_are_closed_to_learners(app: FakeApp, handler: str) -> None:
    lesson = open_page(unit(check()))
    reply = lesson.call(lesson.block(0), handler, {"check_type": "text", "prompt": "?", "trial_answer": "a"})
    assert reply.status == 403
    assert "preview" not in reply.body


def test_a_request_names_no_other_learner(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    forged = {"answer": "a", "attempt": 1, "learner_id": 99, "user_id": 99, "student": "99"}
    assert lesson.call(lesson.block(0), "submit", forged).status == 200
    assert {learner for learner, _, _ in app.responses} == {ANA}


def test_the_state_for_apps_is_of_whoever_asks(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1})
    assert lesson.call(lesson.block(0), "student_view_user_state", {}).body["answer"] == "b"
    lesson.sign_in(8)
    assert lesson.call(lesson.block(0), "student_view_user_state", {}).body["answer"] is None
    lesson.sign_in(None)
    assert lesson.call(lesson.block(0), "student_view_user_state", {}).status == 403


@EVERY
def test_a_badly_written_file_crashes_nothing(app: FakeApp, kind: Kind) -> None:
    for junk in (
        "not a list",
        "[1, null, [], {}]",
        '{"a": 1}',
        "[[2020-01-01]]",
        '[{"id": [], "text": 3}]',
        "",
    ):
        names = (
            "options",
            "pairs",
            "gaps",
            "hints",
            "try_feedback",
            "text_answers",
            "text_patterns",
            "number_units",
        )
        olx = element(
            "microcred_check", check_type=kind.check_type, prompt="?", mastery="much", average_over="few",
            attempt_policy="worst", purpose="fun", reveal="soon", text_ignores=junk, hint_cost="[]", shuffle="maybe",
            **dict.fromkeys(names, junk),
        )  # fmt: skip
        lesson = open_page(unit(olx))
        block = lesson.block(0)
        block.render("student_view", {})
        assert block.validate().messages
        block.student_view_data()
        assert lesson.call(block, "submit", {"answer": kind.right, "attempt": 1}).status in (200, 400)
        assert lesson.call(block, "student_view_user_state", {}).status == 200
        lesson.become_studio()
        lesson.block(0).render("studio_view", {})


def test_the_kinds_here_are_all_there_are() -> None:
    from microcred_xblock.questions import CHECK_TYPES

    assert tuple(kind.check_type for kind in KINDS) == CHECK_TYPES
    assert kind_of("gaps").check_type == "gaps"
