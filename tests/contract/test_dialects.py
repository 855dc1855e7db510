"""The blocks work in every dialect in which a platform may wrap and start them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.contract.stage import DIALECTS, Stage
from tests.xblock.courses import check, evidence, unit
from tests.xblock.doubles import ANA
from tests.xblock.fake_app import FakeApp

pytestmark = pytest.mark.browser
Open = Callable[..., Stage]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_learner_answers_hands_in_and_earns(stage: Open, app: FakeApp, dialect: str) -> None:
    put = stage(
        unit(check(), evidence(accept=["text"], allow_text=True, review_mode="auto")), dialect=dialect
    )
    page = put.open()
    page.get_by_label("On the sidewall").check()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("That is right.")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your text").or_(page.get_by_label("Or describe it in words")).fill("It holds.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="You earned Tyre reader")).to_be_focused()
    expect(page.get_by_role("heading", name="Your next step")).to_be_visible()
    lesson = put.lessons[0]
    assert (len(lesson.completions()), len(lesson.grades())) == (1, 1)
    assert (ANA, lesson.key(0)) in app.scores


#: Browsers take choices of one name for one question within a form: the form and the name, of each choice.
FORMS_OF_CHOICES = """Array.from(document.querySelectorAll('input[type=radio]'), input =>
  Array.from(document.forms).indexOf(input.form) + ' ' + input.name)"""


def test_two_units_on_one_page_stay_apart(stage: Open, app: FakeApp) -> None:
    put = stage(
        unit(check(), check(display_name="Two")),
        unit(check(), check(display_name="Deux"), display_name="Encore"),
    )
    page = put.open()
    ids = page.evaluate("Array.from(document.querySelectorAll('[id]'), element => element.id)")
    assert len(ids) == len(set(ids)), "an id stands for one thing"
    groups = page.evaluate(FORMS_OF_CHOICES)
    assert len(set(groups)) == 4, "choosing in one question leaves the others alone"
    second = page.locator(".mc-unit").nth(1)
    second.get_by_role("button", name="Continue").click()
    expect(second.get_by_role("region", name="Deux")).to_be_visible()
    expect(page.locator(".mc-unit").nth(0).get_by_role("region", name="Two")).to_be_hidden()
    question = second.get_by_role("region", name="Deux")
    question.get_by_label("On the sidewall").check()
    question.get_by_role("button", name="Check my answer").click()
    expect(second.locator("[data-mc=sentence]")).to_have_text("1 of 2 done")
    expect(page.locator(".mc-unit").nth(0).locator("[data-mc=sentence]")).to_have_text("0 of 2 done")


def test_a_unit_whose_scripts_never_come_can_still_be_read(stage: Open) -> None:
    put = stage(
        unit(check(), check(display_name="Second")), broken={"page.js", "unit.js", "check.js", "evidence.js"}
    )
    put.runtime = ""
    clock = put.browser.context.new_cdp_session(put.browser)  # of the styles, which wait a while for scripts
    clock.send("Animation.enable")
    clock.send("Animation.setPlaybackRate", {"playbackRate": 0})
    page = put.open()
    expect(page.get_by_role("heading", name="Second")).to_be_hidden()
    clock.send("Animation.setPlaybackRate", {"playbackRate": 2})
    expect(page.get_by_role("heading", name="Second")).to_be_visible()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_narrow_screen(stage: Open, width: int, direction: str) -> None:
    parts = [check(display_name=f"A rather long title of step {number}") for number in range(9)]
    for layout in ("steps", "page"):
        page = stage(unit(*parts, layout=layout), width=width, direction=direction).open()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
