"""Nobody writes into a record that is not theirs, and no request breaks a handler."""

from __future__ import annotations

from types import SimpleNamespace

import crum
import pytest

from .courses import check, evidence, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp

WRITES = [
    (0, "submit", {"answer": "a", "attempt": 1}),
    (0, "save_draft", {"answer": "a"}),
    (1, "hand_in", {"text": "mine"}),
    (1, "save_draft", {"text": "mine"}),
    (1, "remove_file", {"file_id": "f1"}),
    (1, "status", {}),
    (None, "go_to", {"to": ""}),
]


@pytest.fixture
def lesson(app: FakeApp) -> Page:
    return open_page(unit(check(), evidence()))


def untouched(lesson: Page, app: FakeApp) -> bool:
    block = lesson.block(0)
    return not (
        app.recorded or app.submissions or lesson.runtime.published or block.attempts_used or block.draft
    )


@pytest.mark.parametrize(("place", "handler", "data"), WRITES)
def test_anonymous_visitors_write_nothing(
    lesson: Page, app: FakeApp, place: int, handler: str, data: object
) -> None:
    lesson.sign_in(None)
    reply = lesson.call(lesson.block(place), handler, data)
    assert reply.status == 403
    assert "Sign in" in reply.body["error"]
    assert untouched(lesson, app)


@pytest.mark.parametrize(("place", "handler", "data"), WRITES)
def test_people_who_are_not_enrolled_write_nothing(
    lesson: Page, app: FakeApp, place: int, handler: str, data: object
) -> None:
    app.enrolled = False
    reply = lesson.call(lesson.block(place), handler, data)
    assert reply.status == 403
    assert "Enrol" in reply.body["error"]
    assert untouched(lesson, app)


@pytest.mark.parametrize(("place", "handler", "data"), WRITES)
def test_staff_viewing_as_a_learner_write_nothing_for_them(
    lesson: Page, app: FakeApp, place: int, handler: str, data: object
) -> None:
    with crum.impersonate(SimpleNamespace(id=99)):
        reply = lesson.call(lesson.block(place), handler, data)
    assert reply.status == 403
    assert "as another learner" in reply.body["error"]
    assert untouched(lesson, app)


def test_a_masquerading_user_object_is_recognised_by_the_real_user_in_it(lesson: Page, app: FakeApp) -> None:
    with crum.impersonate(SimpleNamespace(id=ANA, real_user=SimpleNamespace(id=99))):
        assert lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).status == 403
    with crum.impersonate(SimpleNamespace(id=ANA)):
        assert lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).status == 200


def test_uploads_are_guarded_like_every_other_write(lesson: Page, app: FakeApp) -> None:
    lesson.sign_in(None)
    assert lesson.upload(lesson.block(1), "a.png", b"x").status == 403
    lesson.sign_in(ANA)
    app.enrolled = False
    assert lesson.upload(lesson.block(1), "a.png", b"x").status == 403
    assert untouched(lesson, app)


def test_looking_records_nothing_for_those_who_may_not_write(lesson: Page, app: FakeApp) -> None:
    with crum.impersonate(SimpleNamespace(id=99)):
        shown = lesson.block().render("student_view", {}).content
        assert lesson.call(lesson.block(), "progress", {}).status == 200
    assert "You are viewing the course as another learner" in shown
    assert "&quot;saves&quot;: false" in shown, "so that the page does not fail at every step"
    app.enrolled = False
    assert "Enrol in this course to save your work." in lesson.block().render("student_view", {}).content
    assert untouched(lesson, app)


def test_anonymous_visitors_read_an_introduction_and_no_form(lesson: Page, app: FakeApp) -> None:
    lesson.sign_in(None)
    for view in ("student_view", "public_view"):
        shown = lesson.block().render(view, {}).content
        assert "Read a tyre" in shown and "Where is it?" in shown
        assert "<form" not in shown and "On the sidewall" not in shown
    assert "disabled" in lesson.block(0).render("public_view", {}).content
    assert "<form" not in lesson.block(1).render("public_view", {}).content


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"3",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"answer": "\\ud800", "text": "\\ud800", "to": "\\ud800"}',
        b'{"answer": NaN, "attempt": NaN}',
        b"1" * 5000,
        b'{"answer": {"a": []}, "attempt": 1, "text": {}, "to": {}, "file_id": []}',
    ],
)
def test_no_body_breaks_a_handler(lesson: Page, app: FakeApp, raw: bytes) -> None:
    for place, handler, _ in WRITES:
        reply = lesson.call(lesson.block(place), handler, raw=raw)
        assert reply.status in (200, 400, 404), (handler, reply.body)
    assert app.recorded == []


def test_a_huge_body_and_a_get_are_refused(lesson: Page, app: FakeApp) -> None:
    assert lesson.call(lesson.block(0), "submit", raw=b" " * 600_000).status == 413
    assert lesson.call(lesson.block(0), "submit", method="GET").status == 405


@pytest.mark.parametrize("place", [None, 0, 1])
def test_studios_handlers_are_closed_in_the_lms(lesson: Page, app: FakeApp, place: int) -> None:
    for learner in (ANA, None):
        lesson.sign_in(learner, staff=learner is not None)
        reply = lesson.call(
            lesson.block(place), "studio_submit", {"display_name": "Mine now", "outcome": {"mode": "new"}}
        )
        assert reply.status == 403
        assert lesson.block(place).display_name != "Mine now"
    assert (
        lesson.call(lesson.block(), "arrange", {"usage_key": lesson.key(0), "move": "remove"}).status == 403
    )
    assert lesson.call(lesson.block(), "add_part", {"category": "html"}).status == 403
    assert lesson.call(lesson.block(), "statement_advice", {"statement": "x"}).status == 403
    assert len(lesson.block().children) == 2
