"""The page's form does everything without a script: browsers post it, and are led back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from webob import Request
from webob.multidict import MultiDict

from .check_kinds import IN_ORDER, KINDS, Kind, kind_of
from .courses import check, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp

PAGE = "http://localhost/xblock/the-unit?show_title=0"


def post(lesson: Page, fields: list[tuple[str, str]], *, referer: str = PAGE, name: str = "submit") -> Any:
    request = Request.blank("/", POST=MultiDict(fields), headers={"Referer": referer} if referer else {})
    return lesson.runtime.handle(lesson.block(0), name, request)


def fields_of(kind: Kind, answer: Any) -> list[tuple[str, str]]:
    if isinstance(answer, dict):
        return [(f"answer-{name}", value) for name, value in answer.items()]
    return [("answer", value) for value in (answer if isinstance(answer, list) else [answer])]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.check_type)
def test_every_type_is_answered_by_its_own_form(app: FakeApp, kind: Kind) -> None:
    lesson = open_page(unit(kind.olx()))
    shown = lesson.block(0).render("student_view", {}).content
    answer = post(lesson, [*fields_of(kind, kind.right), ("attempt", "1"), ("do", "check")])
    assert answer.status_code == 303
    assert answer.location.startswith("/xblock/the-unit?show_title=0#mc-")
    anchor = answer.location.split("#")[1]
    assert f'id="{anchor}"' in shown
    assert lesson.block(0).passed
    for name, _ in fields_of(kind, kind.right):
        assert f'name="{name}"' in shown, "the form has the field that is read"
    assert 'method="post"' in shown and re.search(r'action="/handler/[^"]+/submit"', shown)


def test_the_page_after_it_shows_the_result(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    post(lesson, [("answer", "b"), ("attempt", "1")])
    assert "That is the rim" in lesson.block(0).render("student_view", {}).content


def test_sending_the_form_twice_uses_one_attempt(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    for _ in range(2):
        assert post(lesson, [("answer", "b"), ("attempt", "1")]).status_code == 303
    assert lesson.block(0).attempts_used == 1


def test_things_move_by_buttons(app: FakeApp) -> None:
    lesson = open_page(unit(kind_of("order").olx()))
    fields = [("answer", token) for token in IN_ORDER]
    assert post(lesson, [*fields, ("do", f"down:{IN_ORDER[0]}")]).status_code == 303
    assert lesson.block(0).draft == [IN_ORDER[1], IN_ORDER[0], IN_ORDER[2]]
    shown = lesson.block(0).render("student_view", {}).content
    assert re.findall(r'data-mc-answer="" value="(\w+)"', shown) == lesson.block(0).draft
    for wish in (f"up:{IN_ORDER[0]}", "up:nothing", f"down:{IN_ORDER[2]}"):
        assert post(lesson, [*fields, ("do", wish)]).status_code == 303
        assert lesson.block(0).draft == IN_ORDER, "at the edge, or unknown: as it was sent"
    assert lesson.block(0).attempts_used == 0


def test_hints_come_by_button(app: FakeApp) -> None:
    lesson = open_page(unit(check(hints=["First", "Second"])))
    assert 'value="hint:1"' in lesson.block(0).render("student_view", {}).content
    assert post(lesson, [("do", "hint:1"), ("answer", "")]).status_code == 303
    shown = lesson.block(0).render("student_view", {}).content
    assert "First" in shown and 'value="hint:2"' in shown


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ([("attempt", "1")], 400, "Choose an answer first."),
        ([("answer", "z"), ("attempt", "1")], 400, "Reload the page"),
        ([("answer", "a"), ("attempt", "x")], 400, "whole number"),
        ([("answer", "a"), ("attempt", "9" * 5000)], 400, "whole number"),
        ([("answer", "a"), ("attempt", "7")], 409, "another window"),
        ([("answer", "a"), ("do", "explode")], 400, "could not be read"),
        ([("do", "hint:1")], 409, "no further hint"),
        ([("do", "answer")], 403, "not shown yet"),
        ([("do", "give")], 403, "course staff"),
        ([("answer", "a"), *[(f"f{n}", "") for n in range(400)]], 400, "could not be read"),
    ],
)
def test_a_refusal_is_a_page_with_the_reason_and_a_way_back(
    app: FakeApp, fields: list[tuple[str, str]], status: int, words: str
) -> None:
    lesson = open_page(unit(check()))
    answer = post(lesson, fields)
    assert answer.status_code == status
    assert answer.content_type == "text/html"
    assert words in unescape(answer.text)
    assert re.search(r'href="/xblock/the-unit\?show_title=0#mc-', unescape(answer.text))
    assert lesson.block(0).attempts_used == 0


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/x", "http://localhost//evil.example/", "http://[bad", "javascript:alert(1)"],
)
def test_nobody_is_led_to_an_address_of_somebody_else(app: FakeApp, referer: str) -> None:
    lesson = open_page(unit(check()))
    answer = post(lesson, [("answer", "b"), ("attempt", "1")], referer=referer)
    assert answer.status_code == 303
    assert answer.location == "/"


def test_a_stranger_is_refused_in_words(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    app.enrolled = False
    answer = post(lesson, [("answer", "a"), ("attempt", "1")])
    assert answer.status_code == 403
    assert "Enrol in this course" in answer.text
    lesson.sign_in(None)
    assert post(lesson, [("answer", "a"), ("attempt", "1")]).status_code == 403
    assert app.responses == {}
    lesson.sign_in(ANA)
    assert lesson.block(0).attempts_used == 0


def test_a_file_where_a_word_belongs_is_refused(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    request = Request.blank("/", POST={"answer": ("a.txt", b"a"), "attempt": "1"})
    assert lesson.runtime.handle(lesson.block(0), "submit", request).status_code == 400
