"""Coming back, going on, showing what was earned, and what the tracking log hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from webob import Request

from microcred_xblock.tracking import EVENTS, tell

from .courses import check, element, unit
from .doubles import Completion, Page, answered, open_page
from .fake_app import NOW, EarnedBadge, FakeApp

SHARED = replace(
    EarnedBadge(), shared=True, verify_url="https://v.example/c/1", expires_at=NOW.replace(year=2027)
)


def shown(lesson: Page) -> str:
    return str(lesson.block().render("student_view", {}).content)


def names(lesson: Page) -> list[str]:
    return [name.removeprefix("microcred.") for _, name, _ in lesson.runtime.tracked]


def test_after_days_away_the_strip_says_what_is_done_what_is_left_and_how_to_go_on(app: FakeApp) -> None:
    lesson = open_page(
        unit(check(display_name="One"), check(display_name="Two"), check(display_name="Three"))
    )
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    lesson.call(lesson.block(), "go_to", {"to": lesson.key(1)})
    assert "Welcome back after" not in shown(lesson), "they were here a moment ago"
    app.last_seen = datetime.now(UTC) - timedelta(days=9)
    page = shown(lesson)
    assert "Welcome back after 9 days." in page
    assert "about 4 minutes left" in page
    assert f'data-mc-on="{lesson.key(1)}">Go on with “Two”' in page
    assert page.count("Welcome back") == 1
    assert "Welcome back after" not in shown(lesson), "and now they are here again"


def test_the_strip_leads_past_what_is_done_and_stays_away_from_finished_units(app: FakeApp) -> None:
    lesson = open_page(unit(check(display_name="One"), check(display_name="Two")))
    lesson.call(lesson.block(), "go_to", {"to": lesson.key(0)})
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    app.last_seen = datetime.now(UTC) - timedelta(days=2, minutes=1)
    assert "Go on with “Two”" in shown(lesson)
    lesson.call(lesson.block(1), "submit", {"answer": "a", "attempt": 1})
    app.last_seen = datetime.now(UTC) - timedelta(days=30)
    assert "Welcome back" not in shown(lesson)


def test_where_the_learner_is_leaves_a_trace(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Two")))
    shown(lesson)
    lesson.call(lesson.block(), "go_to", {"to": lesson.key(1)})
    assert app.visits == [lesson.key(0), lesson.key(1)]


def test_next_step_and_counts_are_asked_anew_when_the_unit_is_complete(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    assert "Your next step" not in shown(lesson)
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    pieces = lesson.call(lesson.block(), "onward", {}).body
    assert 'href="/jump/tubes"' in pieces["next"]
    assert "This is all that is missing." in pieces["next"]
    assert "Wheel expert" in pieces["counts"]
    assert "Your next step" in shown(lesson)


def test_the_profile_link_carries_the_badge_and_only_a_shared_one(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    private = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]
    assert private["earned"][0]["linkedin_url"] == ""
    assert "linkedin.com" not in private["html"]
    app.earned = (SHARED,)
    badge = lesson.call(lesson.block(), "progress", {}).body["earned"][0]
    address = urlsplit(badge["linkedin_url"])
    assert (address.scheme, address.netloc, address.path) == ("https", "www.linkedin.com", "/profile/add")
    assert {key: value[0] for key, value in parse_qs(address.query).items()} == {
        "startTask": "CERTIFICATION_NAME",
        "name": "Tyre reader",
        "organizationName": "Cycle School",
        "issueYear": "2026",
        "issueMonth": "3",
        "expirationYear": "2027",
        "expirationMonth": "3",
        "certUrl": "https://v.example/c/1",
        "certId": "c1",
    }


@pytest.mark.parametrize(
    "change",
    [{"shared": False}, {"revoked": True}, {"expired": True}, {"verify_url": "javascript:alert(1)"}],
)
def test_no_profile_link_for_what_cannot_be_shown(app: FakeApp, change: dict[str, object]) -> None:
    lesson = open_page(unit(check()))
    app.earned = (replace(SHARED, **change),)  # type: ignore[arg-type]
    progress = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]
    assert progress["earned"][0]["linkedin_url"] == ""
    assert "linkedin.com" not in progress["html"]


def test_an_unshared_badge_tells_programs_no_verify_link_either(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    app.earned = (replace(SHARED, shared=False),)
    progress = lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"]
    assert progress["earned"][0]["verify_url"] == ""


def mobile(lesson: Page, method: str = "GET") -> object:
    return answered(
        lesson.runtime.handle(lesson.block(), "student_view_user_state", Request.blank("/", method=method))
    )


def test_a_mobile_app_reads_how_the_learner_stands_and_writes_nothing(app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Two")))
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    recorded = list(app.recorded)
    for method in ("GET", "POST"):
        state = mobile(lesson, method)
        assert state.status == 200  # type: ignore[attr-defined]
        assert (state.body["done"], state.body["total"]) == (1, 2)  # type: ignore[attr-defined]
    assert app.recorded == recorded
    lesson.sign_in(None)
    assert mobile(lesson).status == 403  # type: ignore[attr-defined]


def test_the_tracking_log_hears_each_thing_once_and_nothing_that_was_typed(app: FakeApp) -> None:
    service = Completion()
    lesson = open_page(unit(element("html", url_name="t"), check()), completion=service)
    shown(lesson)
    lesson.call(lesson.block(), "go_to", {"to": lesson.key(1), "seen": [lesson.key(0)]})
    lesson.call(lesson.block(1), "submit", {"answer": "a", "attempt": 1})
    assert names(lesson) == [
        "unit.viewed", "step.completed", "step.opened", "step.completed", "unit.completed",
    ]  # fmt: skip
    last = lesson.runtime.tracked[-1][2]
    assert last == {
        "unit": str(lesson.root), "course": "", "outcome": "read-tyre", "score": 1.0, "late": False,
    }  # fmt: skip


def test_previews_and_visitors_leave_no_events(app: FakeApp) -> None:
    lesson = open_page(unit(check()))
    lesson.become_studio()
    shown(lesson)
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    assert lesson.runtime.tracked == []


def test_an_event_with_other_fields_than_its_reference_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"unit\.completed takes"):
        tell(None, "unit.completed", unit="u")
    assert all(name == name.lower() and "." in name for name in EVENTS)


def test_the_reference_names_every_event_and_its_fields() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "events.rst").read_text(encoding="utf-8")
    for name, fields in EVENTS.items():
        assert f"``microcred.{name}``" in text
        row = text[text.index(f"``microcred.{name}``") :].split("``microcred.", 2)[1]
        assert all(field in row for field in fields), name
