"""The step layout where scripts never come: switched off, or lost on the way. Every part is reached and can be done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.journeys import UNIT_PAGE
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo
from tests.fixtures.media import png

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.fixture
def bare(browser: Browser, demo: Demo, visit: Visit) -> Iterator[Page]:
    """The inside of the unit's frame in a browser with scripts switched off."""
    page = visit("ben", UNIT_PAGE.format("inspect-page"))
    address = str(page.locator("main iframe").get_attribute("src"))
    context = browser.new_context(
        base_url=demo.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    try:
        plain = context.new_page()
        plain.goto(address)
        yield plain
    finally:
        context.close()


def steps(page: Page) -> list[str]:
    return page.locator("[data-mc-step]").evaluate_all("all => all.map(one => one.dataset.kind)")


def test_every_step_comes_into_view(bare: Page) -> None:
    assert steps(bare).count("check") and "evidence" in steps(bare) and "content" in steps(bare)
    for number in range(len(steps(bare))):
        expect(bare.locator("[data-mc-step]").nth(number)).to_be_visible()
    for form in bare.locator("[data-mc-step] form").all():
        expect(form.locator("button:visible").first).to_be_visible()
    assert bare.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_each_kind_of_step_is_done(bare: Page, demo: Demo) -> None:
    content = bare.locator("[data-mc-step][data-kind=content][data-state=todo]")
    left = content.count()
    assert left
    content.first.get_by_role("button", name="I have worked through this").click()
    expect(content).to_have_count(left - 1)

    check = (
        bare.locator("[data-mc-step][data-kind=check]").filter(has=bare.locator("input[type=radio]")).first
    )
    check.locator("input[type=radio]").first.check()
    check.get_by_role("button", name="Check my answer").click()
    result = bare.locator("[data-mc-step][data-kind=check] [data-mc=result]").filter(
        has_text=re.compile(r"\w")
    )
    expect(result.first).to_be_visible()

    task = bare.locator("[data-mc-step][data-kind=evidence]")
    task.locator("textarea").fill("Five stops, by hand.")
    task.get_by_label("Add files").set_input_files(
        {"name": "note.png", "mimeType": "image/png", "buffer": png()}
    )
    task.get_by_role("button", name="Save and add the files").click()
    expect(task.locator("textarea")).to_have_value("Five stops, by hand.")
    expect(task.get_by_role("button", name="Remove note.png")).to_be_visible()
    task.get_by_role("button", name="Hand in", exact=True).last.click()
    expect(bare.get_by_text("Handed in and in review.")).to_be_visible()


def test_scripts_that_are_lost_on_the_way(visit: Visit) -> None:
    """The browser runs scripts, and ours do not arrive: the page is that of a browser without."""
    page = visit("amina", "/")

    def lost(route: Route) -> None:
        route.abort("internetdisconnected")

    page.context.route("**/js/*.js*", lost)
    page.goto(UNIT_PAGE.format("inspect-page"))
    frame = page.frame_locator("main iframe")
    expect(frame.locator("[data-mc-step]")).not_to_have_count(0)
    for number in range(frame.locator("[data-mc-step]").count()):
        expect(frame.locator("[data-mc-step]").nth(number)).to_be_visible()
    expect(frame.locator("[data-mc-step][data-kind=evidence] textarea")).to_be_visible()
    assert violations(page) == []


def test_with_scripts_no_second_button_is_seen(visit: Visit) -> None:
    page = visit("amina", UNIT_PAGE.format("inspect-page"))
    frame = page.frame_locator("main iframe")
    expect(frame.locator(".mc-unit[data-ready]")).to_have_count(1)
    expect(frame.locator("[data-mc-step] > form.mc-step:visible")).to_have_count(0)
