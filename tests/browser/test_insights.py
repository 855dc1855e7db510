"""Insights of a unit in a real browser: wide and narrow, by keyboard, without scripts, and with a way there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import COURSE
from tests.fixtures import insights_state
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo
from tests.fixtures.focus import read_focus

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
UNIT = f"/microcred/insights/unit/?course={quote(COURSE)}&unit={quote(insights_state.UNIT)}"


@pytest.fixture(scope="module", autouse=True)
def crowd(demo: Demo) -> None:
    demo.run_inside(Path(insights_state.__file__))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_unit_with_figures_is_accessible_and_fits(visit: Visit, width: int) -> None:
    page = visit("author", UNIT, width=width)
    expect(page.get_by_role("table", name="Steps").get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("main")).to_contain_text(
        "Change the chain now"
    )  # options have the author's words
    page.locator("details summary").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_everything_is_reached_by_keyboard(visit: Visit) -> None:
    page = visit("author", UNIT)
    page.locator("h1").evaluate("node => { node.tabIndex = -1; node.focus(); }")
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(read_focus(page).text)
    assert reached[:2] == ["Download as CSV", "The way through"]
    assert "How to read difficulty and discrimination" in reached
    page.locator("details summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("From 0.3 on the question tells well")).to_be_visible()


def test_it_works_without_scripts(visit: Visit) -> None:
    visit("author", "/")  # signed in by hand once; what follows needs no script
    page = visit("author", "/microcred/insights/", java_script_enabled=False)
    page.get_by_role("link", name="Clean and oil a chain").click()
    expect(page.get_by_role("heading", name="Checks")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == "insights-unit.csv"


def test_the_units_form_leads_there(visit: Visit) -> None:
    page = visit("author", f"/studio/container/{insights_state.UNIT}")
    link = page.get_by_role("link", name="Insights: how learners get on").first
    page.goto(link.get_attribute("href") or "")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("^Insights: Clean and oil"))
