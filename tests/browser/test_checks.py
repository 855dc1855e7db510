"""Quick checks of every new type: by keyboard, without a script, on narrow screens, from right to left."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import UNIT_PAGE, check_of, go_to_step
from tests.browser.test_keyboard import press_until
from tests.fixtures.accessibility import violations
from tests.fixtures.focus import read_focus

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
BLOCK = "block-v1:Microcred+BIKE101+2026+type@microcred_check+block@{}"
ALONE = "/xblock/" + BLOCK
EDIT = "/studio/xblock/" + BLOCK + "/action/edit"
STEPS = ["Wipe it with a dry cloth", "One drop on each roller", "Wait 5 minutes", "Wipe the outside again"]


def order_shown(page: Page) -> list[str]:
    return [item.get_attribute("data-mc-thing") or "" for item in page.locator(".mc-order-item").all()]


def test_things_are_put_in_order_by_keyboard_alone(visit: Visit) -> None:
    page = visit("ben", ALONE.format("chain-order"), width=390)
    assert order_shown(page) != STEPS
    for place, thing in enumerate(STEPS):
        while order_shown(page).index(thing) > place:
            press_until(page, f"Move up: {thing}")
            number = order_shown(page).index(thing)  # counted from 1, where it is to go
            page.keyboard.press("Enter")
            expect(page.locator("[data-mc=moved]")).to_contain_text(f"{thing}: now number {number}")
            assert thing in read_focus(page).text, "the focus moves with the thing"
    press_until(page, "Check my answer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="That is right.")).to_be_visible()
    expect(page.locator("[data-mc=result]")).to_be_focused()
    assert violations(page) == []


@pytest.fixture
def bare(visit: Visit) -> Callable[[str], Page]:
    """A learner whose browser runs no script; signing in needs none either, but the first who comes does it by hand."""

    def enter(check: str) -> Page:
        visit("amina", "/")
        return visit("amina", ALONE.format(check), java_script_enabled=False)

    return enter


def test_a_learner_orders_matches_and_fills_without_a_script(bare: Callable[[str], Page]) -> None:
    page = bare("puncture-steps")
    page.get_by_label("Gap 1/3").select_option("roughen")
    page.get_by_label("Gap 2/3").fill("six")
    page.get_by_label("Gap 3/3").fill("shines")
    page.get_by_role("button", name="Show hint 1 of 2").click()
    expect(page.get_by_text("All three words stand")).to_be_visible()
    page.get_by_label("Gap 1/3").select_option("roughen")
    page.get_by_label("Gap 2/3").fill("six")
    page.get_by_label("Gap 3/3").fill("shines")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("Look at the clock in the picture.")).to_be_visible()
    expect(page.get_by_label("Gap 3/3")).to_have_value("shines")
    page.get_by_label("Gap 2/3").fill("five")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("That is right.")).to_be_visible()

    page.goto(ALONE.format("chain-noises"))
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_role("heading", name="Not done")).to_be_visible()
    page.get_by_role("link", name="Back to the question").click()
    page.get_by_label("It squeaks").select_option("Oil")
    page.get_by_label("It is black and sticky").select_option("A degreaser, then oil")
    page.get_by_label("New, it jumps under load").select_option("A pressure washer")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("Good enough, with some mistakes.")).to_be_visible()

    page.goto(ALONE.format("chain-order"))
    before = page.locator(".mc-order-text").all_inner_texts()
    page.get_by_role("button", name=f"Move down: {before[0]}").click()
    expect(page.locator(".mc-order-text")).to_have_text([before[1], before[0], *before[2:]])


@pytest.mark.parametrize("width", [1280, 390])
def test_answered_checks_are_accessible(visit: Visit, width: int) -> None:
    page = visit("ben", UNIT_PAGE.format("puncture-page"), width=width)
    step = go_to_step(page, "Patch it in your head")
    step.get_by_label("Gap 1/3").select_option("wet")
    step.get_by_label("Gap 2/3").fill("five")
    step.get_by_label("Gap 3/3").fill("dries")
    step.get_by_role("button", name="Check my answer").click()
    expect(step.get_by_text("Not quite.")).to_be_visible()
    assert violations(page) == []
    page.goto(UNIT_PAGE.format("chain-page"))
    expect(check_of(page, "In the right order")).to_be_visible()
    assert violations(page) == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    frame = next(frame for frame in page.frames if "/xblock/" in frame.url)
    assert frame.evaluate(wide) <= 0


def test_it_reads_from_right_to_left_and_in_forced_colours(visit: Visit) -> None:
    page = visit("amina", ALONE.format("chain-order"), width=390, forced_colors="active")
    page.evaluate("document.documentElement.dir = 'rtl'")
    item = page.locator(".mc-order-item").first
    text, buttons = (
        item.locator(".mc-order-text").bounding_box(),
        item.locator(".mc-order-buttons").bounding_box(),
    )
    assert text and buttons and buttons["x"] < text["x"]
    page.get_by_role("button", name="Check my answer").focus()
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring != "none"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "check", ["puncture-steps", "chain-noises", "chain-order", "puncture-last-stretch", "inspect-pressure"]
)
def test_the_form_of_every_type_is_accessible(visit: Visit, check: str, width: int) -> None:
    page = visit("author", EDIT.format(check), width=width)
    expect(page.get_by_role("region", name="As learners see it").get_by_role("button").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_an_author_writes_gaps_with_help(visit: Visit) -> None:
    page = visit("author", EDIT.format("chain-habits"))
    page.get_by_role("radio", name=re.compile("^Fill the gaps")).check()
    page.get_by_label("The text").fill("Oil goes on the .")
    page.get_by_label("The text").evaluate("area => area.setSelectionRange(16, 16)")
    page.get_by_role("button", name="Put a gap here").click()
    expect(page.get_by_label("The text")).to_have_value("Oil goes on the [[g1]].")
    feedback = page.get_by_label("Feedback when wrong").locator("visible=true")
    feedback.fill("Where do the pins turn?")
    feedback.press("Tab")  # an author is told about a field once they leave it
    expect(page.get_by_text("The gap g1 needs a right answer.")).to_be_visible()
    page.get_by_label("Right answers, one per line").fill("rollers")
    expect(page.get_by_text("The gap g1 needs a right answer.")).to_be_hidden()
    preview = page.get_by_role("region", name="As learners see it")
    expect(preview.get_by_label("Gap 1/1")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^A word or short text")).check()
    page.get_by_label("Patterns, one per line (optional)").fill("(chain|link")
    page.get_by_label("Patterns, one per line (optional)").press("Tab")
    expect(page.get_by_text("this bracket is not closed")).to_be_visible()
    page.get_by_label("Patterns, one per line (optional)").fill("(chain|link)s?")
    page.get_by_label("Try an answer").fill("LINKS")
    expect(page.get_by_text("This answer would be right.")).to_be_visible()
    assert violations(page) == []
