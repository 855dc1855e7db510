"""What learners see and hear in each state of a unit: the accessibility tree as text, axe, colours, hostile pages.

The texts in ``spoken/`` are what Chromium tells a screen reader. ``MICROCRED_SPOKEN=write`` writes them anew; read the
difference before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.contract.accessibility_text import spoken
from tests.contract.stage import Stage
from tests.fixtures.accessibility import violations
from tests.xblock.courses import check, evidence, unit
from tests.xblock.doubles import ANA, open_page
from tests.xblock.doubles import Page as Lesson
from tests.xblock.fake_app import NOW, EarnedBadge, FakeApp, SubmissionInfo

pytestmark = pytest.mark.browser
Open = Callable[..., Stage]
SPOKEN = Path(__file__).parent / "spoken"
PARTS = (check(hint="Look at the rubber."), evidence(), check(display_name="Second"))


def begun(app: FakeApp) -> Lesson:
    return open_page(unit(*PARTS))


def one_page(app: FakeApp) -> Lesson:
    return open_page(unit(*PARTS, layout="page"))


def answered_wrong(app: FakeApp) -> Lesson:
    lesson = begun(app)
    lesson.call(lesson.block(0), "submit", {"answer": "b", "attempt": 1})
    return lesson


def away(app: FakeApp) -> Lesson:
    lesson = begun(app)
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    lesson.call(lesson.block(), "go_to", {"to": lesson.key(1)})
    app.last_seen = datetime.now(UTC) - timedelta(days=9, hours=1)
    return lesson


def in_review(app: FakeApp) -> Lesson:
    lesson = begun(app)
    app.submissions[ANA, lesson.key(1)] = SubmissionInfo(state="in_review", text="My work", submitted_at=NOW)
    lesson.call(lesson.block(), "go_to", {"to": lesson.key(1)})
    return lesson


def returned(app: FakeApp) -> Lesson:
    lesson = in_review(app)
    app.submissions[ANA, lesson.key(1)] = SubmissionInfo(
        state="returned", text="My work", comment="Show the patch."
    )
    return lesson


def complete(app: FakeApp) -> Lesson:
    lesson = begun(app)
    app.attained[ANA, str(lesson.root)] = NOW
    for place in range(3):
        app.scores[ANA, lesson.key(place)] = 1.0
    for place in (0, 2):
        lesson.call(lesson.block(place), "submit", {"answer": "a", "attempt": 1})
    return lesson


def shared(app: FakeApp) -> Lesson:
    app.earned = (
        replace(
            EarnedBadge(), shared=True, verify_url="https://v.example/c/1", qr_svg="<svg></svg>", image_url=""
        ),
    )
    return complete(app)


def refreshing(app: FakeApp) -> Lesson:
    lesson = complete(app)
    lesson.call(lesson.block(), "refresh", {})
    return lesson


STATES = (begun, one_page, answered_wrong, away, in_review, returned, complete, shared, refreshing)


def shown(stage: Open, lesson: Lesson, **options: object) -> Page:
    page = stage(lesson, **options).open()
    expect(page.locator(".mc-unit[data-ready]")).to_be_visible()
    return page


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_screen_reader_is_told(stage: Open, app: FakeApp, state: Callable[[FakeApp], Lesson]) -> None:
    app.earned = (replace(EarnedBadge(), image_url=""),)
    page = shown(stage, state(app))
    assert violations(page) == []
    text = spoken(page)
    golden = SPOKEN / f"{state.__name__}.txt"
    if os.environ.get("MICROCRED_SPOKEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("colours", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}], ids=str)
def test_states_can_be_told_apart_without_colours_and_without_motion(
    stage: Open, app: FakeApp, colours: dict[str, str]
) -> None:
    page = shown(stage, away(app), **colours)
    assert violations(page) == []
    marks = page.locator(".mc-nav-button")
    expect(marks.nth(0).locator(".mc-nav-state")).to_have_text("Done")
    assert page.evaluate(
        "getComputedStyle(document.querySelector('.mc-nav-button[aria-current]')).outlineStyle"
    ) == ("solid" if "forced_colors" in colours else "none")
    names = "Array.from(document.querySelectorAll('.microcred *'), e => getComputedStyle(e).animationName)"
    assert set(page.evaluate(names)) == {"none"}


HOSTILE = """<style>
  p, li, h2, h3, label, legend, button, summary { margin: 40px; font: italic 900 9px fantasy; text-align: right;
    text-transform: uppercase; letter-spacing: 1em; }
  button { background: hotpink; border: 9px dotted red; border-radius: 0; box-shadow: 0 0 9px red; color: red; }
  input, textarea { height: 3px; border: 0; background: black; }
  ul, ol { list-style: katakana; padding: 90px; } fieldset { border: 9px solid red; padding: 9px; }
  progress { display: none; } details > summary { list-style: none; }
</style>"""
LOOKS = ("fontSize", "fontStyle", "fontWeight", "textAlign", "textTransform", "letterSpacing", "paddingTop")
OURS = (
    ".mc-title, .mc-step-title, .mc-outcome, .mc-button, .mc-nav-button, .mc-legend, .mc-label, .mc-ticks,"
    ".mc-nav-list, .mc-counts-list, .mc-subtitle, .mc-hint, .mc-fieldset, .mc-welcome, .mc-due"
)


def looks(page: Page) -> list[list[str]]:
    """How our own elements with words or edges look."""
    script = """([ours, names]) => Array.from(document.querySelectorAll(ours), element =>
      [element.className, ...names.map(name => getComputedStyle(element)[name])])"""
    return list(page.evaluate(script, [OURS, list(LOOKS)]))


def test_a_page_with_loud_styles_changes_nothing_in_the_unit(stage: Open, app: FakeApp) -> None:
    quiet = looks(shown(stage, away(app)))
    loud = looks(shown(stage, away(app), around=HOSTILE))
    assert loud == quiet


def test_our_styles_touch_nothing_outside_the_unit(stage: Open, app: FakeApp) -> None:
    page = shown(stage, begun(app))
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<h2 id=other class=mc-title>Other</h2>')")
    rules = page.evaluate(
        "Array.from(document.styleSheets).flatMap(s => Array.from(s.cssRules)).filter(r => r.selectorText && "
        "document.querySelector('#other').matches(r.selectorText)).length"
    )
    assert rules == 0


def test_a_learner_walks_from_the_strip_to_the_badge_by_keyboard(stage: Open, app: FakeApp) -> None:
    lesson = open_page(unit(check(), check(display_name="Second")))
    lesson.call(lesson.block(0), "submit", {"answer": "a", "attempt": 1})
    lesson.call(lesson.block(), "go_to", {"to": lesson.key(1)})
    app.last_seen = datetime.now(UTC) - timedelta(days=9)
    page = shown(stage, lesson)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Go on with “Second”")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second")).to_be_focused()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check my answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You earned Tyre reader")).to_be_focused()
    expect(page.get_by_role("button", name="Refresh what you know")).to_be_visible()


def test_refreshing_begins_and_ends_on_the_page(stage: Open, app: FakeApp) -> None:
    page = shown(stage, complete(app))
    page.get_by_role("button", name="Refresh what you know").click()
    expect(page.get_by_text("0 of 2 refreshed")).to_be_visible()
    first = page.get_by_role("region", name="Where is it?")
    first.get_by_label("On the sidewall").check()
    first.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("1 of 2 refreshed").first).to_be_visible()
    page.get_by_role("button", name="Stop refreshing").click()
    expect(page.get_by_role("button", name="Refresh what you know")).to_be_visible()
    expect(page.get_by_text("3 of 3 done").first).to_be_visible()
