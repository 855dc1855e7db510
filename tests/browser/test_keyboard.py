"""The learner's work without a mouse: every step is reached, answered and left by keys, and focus is never lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import UNIT_PAGE, unit_frame
from tests.fixtures.focus import read_focus

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def press_until(page: Page, wanted: str, *, key: str = "Tab", most: int = 60) -> None:
    """Press a key until what has the focus says *wanted*; each stop must be visible."""
    for _press in range(most):
        page.keyboard.press(key)
        focus = read_focus(page)
        focus.is_seen()
        if wanted in (focus.text or focus.value):
            return
    raise AssertionError(f"{wanted!r} was not reached with {key}")


def test_a_check_is_answered_by_keyboard_alone(visit: Visit) -> None:
    page = visit("ben", UNIT_PAGE.format("inspect-page"), width=390)
    expect(unit_frame(page).get_by_text("0 of 7 done")).to_be_visible()
    press_until(page, "Judge a brake pad")
    page.keyboard.press("Enter")
    check = unit_frame(page).get_by_role("region", name="Judge a brake pad")
    expect(check.get_by_role("heading", name="Judge a brake pad")).to_be_focused()
    page.keyboard.press("Tab")  # from the heading to the first option
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(check.get_by_label("Change the pads of this brake, both of them")).to_be_checked()
    press_until(page, "Check my answer")
    page.keyboard.press("Enter")
    expect(check.locator("[data-mc=result]")).to_contain_text("The grooves are gone")
    expect(
        unit_frame(page).get_by_role("button", name="Judge a brake pad").get_by_text("Done")
    ).to_be_visible()
    press_until(page, "Continue")
    page.keyboard.press("Enter")
    expect(unit_frame(page).get_by_role("region", name="Ride or leave it")).to_be_visible()


def test_the_verify_page_begins_with_a_way_to_skip(visit: Visit) -> None:
    page = visit("", "/microcred/achievements/bike-inspector/v1", width=390)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_registrar_revokes_by_keyboard_alone(visit: Visit) -> None:
    page = visit("registrar", "/microcred/registrar/badges/")
    press_until(page, "Learners and awards")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who holds what")
