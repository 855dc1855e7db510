"""A draft is never overwritten unseen, and never kept for somebody else."""

from __future__ import annotations

import pytest
from webob import Request

from microcred_xblock.drafts import draft_mark, is_overtaken
from microcred_xblock.guards import reader_mark

from .courses import check, evidence, unit
from .doubles import Page, answered, open_page
from .fake_app import FakeApp


def test_a_later_window_is_told_before_anything_is_overwritten(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    known = draft_mark(None)
    phone = lesson.call(lesson.block(0), "save_draft", {"answer": "b", "mark": known})
    assert phone.body == {"saved": True, "mark": draft_mark("b")}
    laptop = lesson.call(lesson.block(0), "save_draft", {"answer": "c", "mark": known})
    assert laptop.status == 409
    assert laptop.body["code"] == "draft_overtaken"
    assert laptop.body["draft"] == {"answer": "b"}
    assert laptop.body["shown"] == "On the rim", "in the words of the question"
    assert lesson.block(0).draft == "b"
    chosen = lesson.call(lesson.block(0), "save_draft", {"answer": "c", "mark": laptop.body["mark"]})
    assert chosen.status == 200
    assert lesson.block(0).draft == "c"


def test_sending_again_after_a_lost_answer_is_no_conflict(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    for _ in range(2):
        reply = lesson.call(lesson.block(0), "save_draft", {"answer": "b", "mark": draft_mark(None)})
        assert reply.status == 200


def test_evidence_keeps_its_words_the_same_way(app: FakeApp) -> None:
    lesson = open_page(unit(evidence()))
    empty = draft_mark({"text": "", "link": ""})
    first = lesson.call(lesson.block(0), "save_draft", {"text": "One", "link": "", "mark": empty})
    assert first.status == 200
    second = lesson.call(lesson.block(0), "save_draft", {"text": "Two", "link": "", "mark": empty})
    assert (second.status, second.body["draft"]) == (409, {"text": "One", "link": ""})
    third = lesson.call(
        lesson.block(0), "save_draft", {"text": "Two", "link": "", "mark": first.body["mark"]}
    )
    assert third.status == 200


@pytest.mark.parametrize("mark", [None, 3, ["x"], "", {}])
def test_whoever_names_no_mark_is_stored_as_ever(app: FakeApp, mark: object) -> None:
    lesson = open_page(unit(check()))
    lesson.call(lesson.block(0), "save_draft", {"answer": "b"})
    assert lesson.call(lesson.block(0), "save_draft", {"answer": "c", "mark": mark}).status == 200


@pytest.mark.parametrize(
    ("stored", "incoming", "known", "overtaken"),
    [
        ("a", "b", draft_mark("a"), False),
        ("a", "b", draft_mark("x"), True),
        ("a", "a", draft_mark("x"), False),
        (None, "b", draft_mark("x"), False),
        ([], ["b"], "empty", False),
        ({"text": "", "link": ""}, {"text": "b", "link": ""}, draft_mark("x"), False),
        (["a", "b"], ["a"], draft_mark(["a"]), True),
        ("a", "b", "empty", True),
    ],
)
def test_marks(stored: object, incoming: object, known: str, overtaken: bool) -> None:
    assert is_overtaken(stored, incoming, known) is overtaken


def post_for(lesson: Page, mark: str) -> int:
    request = Request.blank("/", method="POST", headers={"X-Microcred-For": mark})
    request.body = b'{"answer": "b"}'
    return int(answered(lesson.runtime.handle(lesson.block(0), "save_draft", request)).status)


def test_a_page_made_for_somebody_else_saves_nothing(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    mine = reader_mark(lesson.block())
    assert mine and mine != "7"
    lesson.sign_in(8)
    assert reader_mark(lesson.block()) not in ("", mine)
    assert post_for(lesson, mine) == 409
    assert lesson.block(0).draft is None
    lesson.sign_in(7)
    assert post_for(lesson, mine) == 200
