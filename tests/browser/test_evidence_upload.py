"""Evidence on a real page: a recording, and the form without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.journeys import UNIT_PAGE, go_to_step
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
TASK = "Your M-check"


@pytest.fixture
def step(visit: Visit, demo: Demo) -> Iterator[Locator]:
    page = visit("amina", UNIT_PAGE.format("inspect-page"))
    yield go_to_step(page, TASK)


def files(step: Locator) -> Locator:
    return step.locator("[data-mc-remove]")


def remove_all(step: Locator) -> None:
    while count := files(step).count():
        files(step).first.click()
        expect(files(step)).to_have_count(count - 1)


def records_for_a_second(step: Locator) -> None:
    """The clock beside the recording goes; a recording of no length would be nothing."""
    expect(step.locator("[data-mc=record-text]")).to_contain_text(re.compile("0:0[1-9]"))


def test_a_recording_is_heard_before_it_is_added(step: Locator) -> None:
    remove_all(step)
    step.get_by_role("button", name="Record sound").click()
    expect(step.get_by_role("button", name="Stop recording")).to_be_focused()
    records_for_a_second(step)
    step.page.keyboard.press("Enter")
    expect(step.locator("audio")).to_be_visible()
    expect(step.get_by_role("button", name="Add this recording")).to_be_focused()
    step.page.keyboard.press("Enter")
    expect(files(step)).to_have_count(1)
    expect(step.get_by_text("audio-2")).not_to_have_count(0)
    remove_all(step)


def test_a_recording_can_be_thrown_away(step: Locator) -> None:
    step.get_by_role("button", name="Record a video").click()
    records_for_a_second(step)
    step.get_by_role("button", name="Throw it away").click()
    expect(step.get_by_role("button", name="Record a video")).to_be_focused()
    expect(files(step)).to_have_count(0)


def test_the_form_works_without_scripts(browser: Browser, demo: Demo, visit: Visit) -> None:
    """On a unit that shows everything on one page; steps need scripts to be walked through."""
    page = visit("ben", UNIT_PAGE.format("chain-page"))
    frame = page.locator("main iframe").get_attribute("src")
    plain = browser.new_context(
        base_url=demo.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    try:
        bare = plain.new_page()
        bare.goto(str(frame))
        form = bare.locator("form[data-mc=form]")
        form.locator("textarea").fill("Written without scripts.")
        form.get_by_role("button", name="Save and add the files").click()
        expect(bare.locator("form[data-mc=form] textarea")).to_have_value("Written without scripts.")
    finally:
        plain.close()
