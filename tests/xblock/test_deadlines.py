"""Due dates of the course: what is late, and what that means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from microcred_xblock.deadline import deadline_of
from microcred_xblock.unit import UnitBlock

from .courses import check, unit
from .doubles import Page, open_page
from .fake_app import FakeApp

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def dates(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The platform's mixed-in fields, as a learner's block has them."""

    def bind(due: Any, grace: Any = None) -> None:
        monkeypatch.setattr(UnitBlock, "due", due, raising=False)
        monkeypatch.setattr(UnitBlock, "graceperiod", grace, raising=False)

    return bind


def finish(lesson: Page) -> dict[str, Any]:
    return dict(lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1}).body["progress"])


def shown(lesson: Page) -> str:
    return str(lesson.block().render("student_view", {}).content)


def test_without_a_due_date_nothing_is_said(app: FakeApp) -> None:
    assert "mc-due" not in shown(open_page(unit(check())))


def test_before_it_is_due_the_date_and_what_follows_are_told(app: FakeApp, dates: Any) -> None:
    dates(NOW + HOUR)
    lesson = open_page(unit(check()))
    assert "Due " in shown(lesson) and "UTC" in shown(lesson)
    assert finish(lesson)["late"] is False
    assert len(lesson.grades()) == 1
    assert "mc-due" not in shown(lesson), "done is done"


def test_in_the_grace_period_it_still_counts(app: FakeApp, dates: Any) -> None:
    dates(NOW - HOUR, 2 * HOUR)
    lesson = open_page(unit(check()))
    assert "It still counts with points until" in shown(lesson)
    finish(lesson)
    assert len(lesson.grades()) == 1


def test_after_it_closed_the_badge_is_earned_without_points(app: FakeApp, dates: Any) -> None:
    dates(NOW - 2 * HOUR, HOUR)
    lesson = open_page(unit(check()))
    assert "You can still finish it and earn the badge" in shown(lesson)
    progress = finish(lesson)
    assert progress["late"] is True
    assert progress["earned"]
    assert (len(lesson.completions()), lesson.grades()) == (1, [])
    assert "You finished this after it was due" in str(progress["html"])


def test_a_site_without_the_app_keeps_the_date_too(no_app: None, dates: Any) -> None:
    dates(NOW - HOUR)
    lesson = open_page(unit(check(), outcome_key=""))
    assert finish(lesson)["late"] is True
    assert (len(lesson.completions()), lesson.grades()) == (1, [])


@pytest.mark.parametrize(
    ("due", "grace", "closes"),
    [
        (None, HOUR, None),
        ("soon", None, None),
        (NOW, None, NOW),
        (NOW.replace(tzinfo=None), HOUR, NOW + HOUR),
        (NOW, "a day", NOW),
        (NOW, -HOUR, NOW),
        (datetime.max.replace(tzinfo=UTC), timedelta.max, datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_dates_are_read_however_the_platform_keeps_them(due: Any, grace: Any, closes: Any) -> None:
    found = deadline_of(SimpleNamespace(due=due, graceperiod=grace))
    assert (found.closes_at if found else None) == closes
