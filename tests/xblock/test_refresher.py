"""Doing a completed unit's checks again changes neither record nor grade, and says when the outcome was last shown."""

from __future__ import annotations

import pytest

from .courses import check, evidence, unit
from .doubles import ANA, Page, open_page
from .fake_app import FakeApp, SubmissionInfo


@pytest.fixture
def done(app: FakeApp) -> Page:
    """A unit of two checks and accepted evidence, completed."""
    lesson = open_page(unit(check(), evidence(), check(display_name="Second", attempts_allowed=2)))
    app.submissions[ANA, lesson.key(1)] = SubmissionInfo(state="accepted")
    app.scores[ANA, lesson.key(1)] = 1.0
    for place in (0, 2):
        answer(lesson, place)
    assert lesson.call(lesson.block(), "progress", {}).body["complete"]
    return lesson


def answer(lesson: Page, place: int, option: str = "a", attempt: int = 1) -> dict[str, object]:
    reply = lesson.call(lesson.block(place), "submit", {"answer": option, "attempt": attempt})
    assert reply.status == 200
    return dict(reply.body["progress"])


def shown(lesson: Page) -> str:
    return str(lesson.block().render("student_view", {}).content)


def test_a_refresher_is_offered_when_the_unit_is_complete(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    assert "Refresh what you know" not in shown(lesson)
    refused = lesson.call(lesson.block(), "refresh", {})
    assert refused.status == 409
    answer(lesson, 0)
    assert "Refresh what you know" in shown(lesson)


def test_checks_are_asked_again_and_record_and_grade_stay(done: Page, app: FakeApp) -> None:
    recorded, grades = list(app.recorded), list(done.grades())
    assert done.call(done.block(), "refresh", {}).body == {"to": done.key(0)}
    assert "0 of 2 refreshed" in shown(done)
    assert "You are refreshing what you know" in shown(done)
    first = answer(done, 0)
    assert (first["done"], first["total"], first["sentence"]) == (1, 2, "1 of 2 refreshed")
    assert first["complete"], "what was earned is not taken back"
    assert app.refreshed == []
    answer(done, 2, "b")
    assert app.refreshed == [], "a wrong answer refreshes nothing"
    last = answer(done, 2, attempt=2)
    assert app.refreshed == [(str(done.root), 1.0)]
    assert (app.recorded, done.grades(), len(done.completions())) == (recorded, grades, 1)
    assert "You refreshed this on" in str(last["html"])
    assert last["sentence"] == "3 of 3 done"


def test_a_refresher_goes_on_where_it_was_left(done: Page, app: FakeApp) -> None:
    done.call(done.block(), "refresh", {})
    answer(done, 0)
    assert done.call(done.block(), "refresh", {}).status == 200, "beginning twice begins once"
    assert "1 of 2 refreshed" in shown(done)
    assert done.call(done.block(), "progress", {}).body["done"] == 1


def test_a_refresher_can_be_stopped_and_checks_show_what_they_showed(done: Page, app: FakeApp) -> None:
    before = (done.block(0).last, done.block(0).attempts_used, done.block(2).last)
    done.call(done.block(), "refresh", {})
    assert done.block(0).last == {}
    answer(done, 0, "b")
    assert done.call(done.block(), "stop_refreshing", {}).body == {"stopped": True}
    assert (done.block(0).last, done.block(0).attempts_used, done.block(2).last) == before
    assert done.block(0).passed
    assert app.refreshed == []
    assert "Refresh what you know" in shown(done)
    assert done.call(done.block(), "stop_refreshing", {}).status == 200, "stopping twice is harmless"


def test_a_lost_call_is_healed_when_the_unit_is_opened(done: Page, app: FakeApp) -> None:
    done.call(done.block(), "refresh", {})
    for place in (0, 2):
        child = done.block(place)
        child.passed, child.last = True, {"attempt": 1, "answer": "a", "passed": True, "score": 1.0}
        child.save()
    shown(done)
    assert app.refreshed == [(str(done.root), 1.0)]


def test_units_without_checks_and_sites_without_badges_offer_none(app: FakeApp) -> None:
    lesson = open_page(unit(evidence()))
    app.scores[ANA, lesson.key(0)] = 1.0
    assert "Refresh what you know" not in shown(lesson)
    local = open_page(unit(check(), outcome_key=""))
    answer(local, 0)
    assert "Refresh what you know" not in shown(local)


def test_strangers_and_masqueraders_begin_none(done: Page, app: FakeApp) -> None:
    app.enrolled = False
    assert done.call(done.block(), "refresh", {}).status == 403
    done.sign_in(None)
    assert done.call(done.block(), "stop_refreshing", {}).status == 403


def test_the_tracking_log_hears_of_it(done: Page, app: FakeApp) -> None:
    done.call(done.block(), "refresh", {})
    done.call(done.block(), "stop_refreshing", {})
    done.call(done.block(), "refresh", {})
    answer(done, 0)
    answer(done, 2)
    told = [name for _, name, _ in done.runtime.tracked if "refresher" in name]
    assert told == [f"microcred.refresher.{what}" for what in ("started", "stopped", "started", "completed")]
