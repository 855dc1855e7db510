"""On a site without the app, and in an author's preview, the blocks are plain learning blocks."""

from __future__ import annotations

import pytest

from .courses import check, element, evidence, unit
from .doubles import ANA, open_page
from .fake_app import FakeApp

pytestmark = pytest.mark.usefixtures("no_app")


def test_a_unit_works_and_completes_without_badges() -> None:
    page = open_page(unit(element("html"), check(), evidence()))
    page.call(page.block(), "go_to", {"to": page.key(1), "seen": [page.key(0)]})
    reply = page.call(page.block(1), "submit", {"answer": "a", "attempt": 1})
    assert reply.body["progress"]["complete"], "evidence cannot be kept, so it does not stand in the way"
    assert reply.body["progress"]["earned"] == []
    assert page.grades() == [{"value": 1.0, "max_value": 1.0}]
    assert "You have finished this unit." in page.block().render("student_view", {}).content


def test_only_staff_are_told_that_badges_are_not_set_up() -> None:
    page = open_page(unit(check()))
    assert "Badges are not set up" not in page.block().render("student_view", {}).content
    page.sign_in(ANA, staff=True)
    assert "Badges are not set up on this site" in page.block().render("student_view", {}).content


def test_evidence_says_why_it_takes_nothing() -> None:
    page = open_page(unit(check(), evidence()))
    assert "not set up on this site" in page.block(1).render("student_view", {}).content
    assert page.call(page.block(1), "hand_in", {"text": "x"}).status == 409
    assert page.upload(page.block(1), "a.png", b"x").status == 409


def test_masquerading_and_anonymous_visitors_are_stopped_here_too() -> None:
    page = open_page(unit(check()))
    page.sign_in(None)
    assert page.call(page.block(0), "submit", {"answer": "a", "attempt": 1}).status == 403


def test_the_unit_can_be_set_up_without_an_outcome() -> None:
    page = open_page(unit(check()))
    page.become_studio()
    assert "Badges are not set up on this site" in page.block().render("studio_view", {}).content
    reply = page.call(
        page.block(),
        "studio_submit",
        {
            "display_name": "New",
            "estimated_minutes": 4,
            "layout": "page",
            "weight": "1",
            "outcome": {"key": ""},
        },
    )
    assert reply.status == 200
    assert page.block().display_name == "New"


def test_a_preview_records_and_publishes_nothing(app: FakeApp) -> None:
    page = open_page(unit(check(), evidence()))
    page.become_studio()
    reply = page.call(page.block(0), "submit", {"answer": "a", "attempt": 1})
    assert reply.status == 200
    assert reply.body["progress"]["done"] == 1, "the author tries the unit out"
    assert page.call(page.block(1), "hand_in", {"text": "x"}).status == 403
    assert app.recorded == [] and app.submissions == {} and page.runtime.published == []


def test_a_unit_without_an_outcome_is_a_plain_unit(app: FakeApp) -> None:
    page = open_page(unit(check(), outcome_key=""))
    reply = page.call(page.block(0), "submit", {"answer": "a", "attempt": 1})
    assert reply.body["progress"]["complete"]
    assert app.recorded == []
