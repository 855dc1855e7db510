"""A reviewer works through the queue by keyboard; two reviewers meet; every state is accessible, wide and narrow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures import review_state
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo
from tests.fixtures.focus import tab_to

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
QUEUE = "/microcred/review/"


@pytest.fixture(scope="module")
def state(demo: Demo) -> dict[str, str]:
    return json.loads(demo.run_inside(Path(review_state.__file__)))


def is_sound(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_state_is_accessible(visit: Visit, state: dict[str, str], width: int) -> None:
    page = visit("reviewer", QUEUE + "?state=all&sort=newest", width=width)
    is_sound(page)
    for name in ("waiting", "second", "third", "again", "decided"):
        page.goto(QUEUE + state[name])
        is_sound(page)
    with page.expect_navigation(url=re.compile(QUEUE + r"($|\?)")):
        page.get_by_role("link", name="Back to the queue").click()
    page.goto(QUEUE + state["waiting"])
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_role("alert")).to_be_visible()
    is_sound(page)
    staff = visit("author", QUEUE + state["decided"] + "?anew=1", width=width)
    is_sound(staff)
    staff.goto(QUEUE + "report/")
    is_sound(staff)
    learner = visit("amina", "/microcred/my/work/" + state["again"], width=width)
    is_sound(learner)


def test_side_by_side_when_wide_and_one_after_the_other_when_narrow(
    visit: Visit, state: dict[str, str]
) -> None:
    for width, beside in ((1280, True), (390, False)):
        page = visit("reviewer", QUEUE + state["waiting"], width=width)
        work = page.locator(".mcv-side--work").bounding_box()
        judge = page.locator(".mcv-side--judge").bounding_box()
        assert work is not None and judge is not None
        assert (judge["x"] >= work["x"] + work["width"]) is beside
        assert (judge["y"] >= work["y"] + work["height"]) is not beside


def test_from_the_queue_to_a_verdict_by_keyboard_alone(
    visit: Visit, demo: Demo, state: dict[str, str]
) -> None:
    page = visit("reviewer", QUEUE)
    toggle = page.get_by_role("checkbox", name="Single keys")
    page.keyboard.press("j")
    expect(page.locator("[data-mcv-row]:focus")).to_have_count(0)  # off until somebody turns it on
    toggle.focus()
    page.keyboard.press("Space")
    expect(toggle).to_be_checked()
    page.keyboard.press("j")
    expect(page.locator("[data-mcv-row]").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-mcv-row]").first).to_be_focused()
    row = page.locator(f"[data-mcv-row][href*='{state['keyboard']}']")
    for _step in range(20):
        if row.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your judgement")).to_be_visible()
    expect(page.get_by_text("Reserved for you until")).to_be_visible()
    sum_ = page.locator("[data-mcv-sum-text]")
    expect(sum_).to_contain_text("Not every criterion has a level yet")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(sum_).to_contain_text("2 of 2 points. Enough to pass.")
    page.keyboard.press("ArrowUp")
    expect(sum_).to_contain_text("Below the pass line")
    page.keyboard.press("ArrowDown")
    tab_to(page, "textarea#comment")
    page.keyboard.type("Every stop is there: j and k too.")
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    tab_to(page, "button[value=pass]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The learner has been credited")).to_be_visible()
    rows = demo.rows(
        "select comment from microcred_app_review where submission_id = ?", state["keyboard"].replace("-", "")
    )
    assert [row["comment"] for row in rows] == ["Every stop is there: j and k too."]


def test_two_reviewers_do_not_collide_and_no_word_is_lost(visit: Visit, state: dict[str, str]) -> None:
    one = visit("reviewer", QUEUE + state["shared"])
    expect(one.get_by_text("Reserved for you until")).to_be_visible()
    two = visit("author", QUEUE + state["shared"])
    expect(two.get_by_text("Tomas Lindqvist is judging this since")).to_be_visible()
    two.get_by_role("radio").last.check()
    two.get_by_label("Comment for the learner").fill("My own thoughts")
    two.get_by_role("button", name="Pass", exact=True).click()
    expect(two.get_by_role("alert")).to_contain_text("What you wrote is kept as your draft")
    is_sound(two)
    expect(two.get_by_label("Comment for the learner")).to_have_value("My own thoughts")
    two.goto(QUEUE + state["shared"])
    expect(two.get_by_label("Comment for the learner")).to_have_value("My own thoughts")


def test_a_saved_comment_is_put_in_without_a_new_page(visit: Visit, state: dict[str, str]) -> None:
    page = visit("reviewer", QUEUE + state["waiting"])
    page.get_by_label("Comment for the learner").fill("First.")
    page.get_by_role("button", name="Insert Show the rear wheel").click()
    expect(page.get_by_label("Comment for the learner")).to_have_value("First.\nShow the rear wheel.")


def test_without_script_everything_can_be_done(visit: Visit, demo: Demo, state: dict[str, str]) -> None:
    page = visit("reviewer", QUEUE)  # signs in first, with script
    page = visit("reviewer", QUEUE + state["plain"], java_script_enabled=False)
    page.get_by_role("button", name="Reserve it for me").click()
    expect(page.get_by_text("Reserved for you until")).to_be_visible()
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Insert Show the rear wheel").click()
    expect(page.get_by_label("Comment for the learner")).to_have_value("Show the rear wheel.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Your draft is kept")).to_be_visible()
    page.get_by_role("button", name="Pass", exact=True).click()
    expect(page.get_by_text("The learner has been credited")).to_be_visible()
