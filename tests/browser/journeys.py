"""What people do on the pages, in their words; used by the browser tests."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, expect

__all__ = [
    "COURSE",
    "UNIT_PAGE",
    "answer_number",
    "answer_options",
    "answer_text",
    "check_of",
    "editor_of",
    "go_to_step",
    "hand_in_file",
    "keep_picture",
    "read_steps",
    "unit_frame",
]

COURSE = "course-v1:Microcred+BIKE101+2026"
UNIT_PAGE = f"/courses/{COURSE}/units/block-v1:Microcred+BIKE101+2026+type@vertical+block@{{}}/"


def keep_picture(page: Page, name: str) -> None:
    """Save what the person sees for the documentation, when ``make pictures`` asks for it."""
    folder = os.environ.get("MICROCRED_PICTURES")
    if folder:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(
            path=Path(folder) / f"{name}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": 1280, "height": 1160},
        )


def editor_of(page: Page) -> FrameLocator:
    """The form that was opened over a page of Studio, once its scripts have started."""
    editor = page.frame_locator("#editor-iframe")
    expect(editor.locator(".xblock-initialized").first).to_be_attached()
    return editor


def unit_frame(page: Page) -> FrameLocator:
    """The learner's content inside the course page."""
    return page.frame_locator("main iframe")


def go_to_step(page: Page, title: str) -> Locator:
    """Open a step by its name in the unit's own navigation; the step."""
    frame = unit_frame(page)
    expect(frame.locator(".mc-unit[data-ready]")).to_have_count(1)  # before its script nobody answers a press
    frame.get_by_role("navigation", name="Steps of this unit").get_by_role("button", name=title).click()
    step = frame.get_by_role("region", name=title)
    expect(step).to_be_visible()
    return step


def read_steps(page: Page, *titles: str) -> None:
    """Open steps that are only read, each for as long as it takes to count."""
    frame = unit_frame(page)
    navigation = frame.get_by_role("navigation", name="Steps of this unit")
    for title in titles:
        step = go_to_step(page, title)
        step.evaluate("element => element.scrollIntoView({block: 'end'})")  # read to its end
        expect(navigation.get_by_role("button", name=title).get_by_text("Done")).to_be_visible()


def check_of(page: Page, title: str) -> Locator:
    """A quick check, whether the unit shows steps or one page."""
    return unit_frame(page).get_by_role("region", name=title)


def answer_options(check: Locator, *texts: str) -> Locator:
    """Tick what *texts* name, and submit; the result region."""
    for text in texts:
        check.get_by_label(text).check()
    return _submit(check)


def answer_number(check: Locator, value: str) -> Locator:
    """Type a number, and submit."""
    check.get_by_label("Your answer, a number").fill(value)
    return _submit(check)


def answer_text(check: Locator, value: str) -> Locator:
    """Type a word, and submit."""
    check.get_by_label("Your answer").fill(value)
    return _submit(check)


def hand_in_file(step: Locator, path: Path) -> None:
    """Upload one file and hand in."""
    files = step.locator("[data-mc-remove]")
    before = files.count()
    step.get_by_label("Add files").set_input_files(path)
    expect(files).to_have_count(before + 1)
    step.get_by_role("button", name="Hand in").click()


def _submit(check: Locator) -> Locator:
    """Send the answer and wait for what the site says to this one; the result may be that of the answer before."""
    with check.page.expect_response("**/handler/submit"):
        check.get_by_role("button", name="Check my answer").click()
    result = check.locator("[data-mc=result]")
    expect(result).not_to_be_empty()
    return result
