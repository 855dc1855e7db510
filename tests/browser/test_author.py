"""Ines sets up units in Studio: by keys alone, on a narrow screen, beside a colleague, and a whole course at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import COURSE, editor_of
from tests.browser.test_keyboard import press_until
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo
from tests.fixtures.focus import Focus, read_focus

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
BLOCK = "block-v1:Microcred+BIKE101+2026+type@{}+block@{}"
EDIT = "/studio/xblock/" + BLOCK + "/action/edit"
UNIT = EDIT.format("microcred_unit", "chain-unit")
OUTLINE = f"/microcred/studio/outline/{COURSE}/"
#: What setting up a unit may cost: keys to get around, and clicks. Measured: 18 and 7.
MOST_KEYS, MOST_CLICKS = 20, 8


def keep(page: Page, name: str) -> None:
    """A picture to look at, where MICROCRED_LOOK names a folder."""
    folder = os.environ.get("MICROCRED_LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@dataclass
class Keys:
    """A keyboard that counts: keys to get around, and characters that were typed."""

    page: Page
    pressed: int = 0
    typed: int = 0
    stops: list[str] = field(default_factory=list)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.typed += len(text)

    def until(self, wanted: Callable[[Focus], bool], key: str = "Tab", most: int = 40) -> None:
        for _press in range(most):
            self.press(key)
            focus = read_focus(self.page)
            self.stops.append(f"{focus.tag} {focus.name or focus.text[:30]}")
            if wanted(focus):
                return
        raise AssertionError(f"not reached; passed {self.stops[-most:]}")


def new_page(visit: Visit, width: int) -> Page:
    page = visit("author", "/studio/", width=width)
    page.get_by_role("button", name="New unit in “What to carry”").click()
    page.wait_for_url(re.compile("/container/"))
    return page


def save(page: Page, button: str = "Save") -> None:
    """Save a form that stands alone, whose page says nothing when it is done; wait until the site has answered."""
    with page.expect_response("**/handler/studio_submit"):
        page.get_by_role("button", name=button).click()


def leave_without_saving(page: Page) -> None:
    """Leave, and wait until the site has forgotten what was typed."""
    expect(page.get_by_text("What you typed is kept for you.")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    with page.expect_response("**/handler/drop_form_draft"):
        page.get_by_role("button", name="Leave without saving").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_unit_is_set_up_by_keys_alone(visit: Visit, demo: Demo, width: int) -> None:
    page = new_page(visit, width)
    name = f"Pack for a ride {width}"
    press_until(page, "Micro-unit")
    keys = Keys(page)
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("[data-action=edit]:focus")).to_have_count(1)  # the new block has the focus
    keys.press("Enter")
    editor = editor_of(page)
    expect(editor.get_by_label("Title")).to_be_visible()
    keep(page, f"new-{width}")
    assert violations(page) == []
    keys.until(lambda focus: focus.name == "display_name")
    keys.type(name)
    keys.until(lambda focus: focus.role == "combobox")
    outcome = f"Pack what a ride of {width} km needs"
    keys.type(outcome)
    expect(editor.get_by_role("option").last).to_have_text(f"Write a new outcome: “{outcome}”")
    keep(page, f"search-{width}")
    assert violations(page) == []
    keys.press("ArrowUp")  # the last line of the list
    keys.press("Enter")
    assert read_focus(page).value == outcome
    keys.until(lambda focus: focus.role == "combobox")
    keys.type("inspection")
    expect(editor.get_by_role("option").last).to_have_text(
        "New skill: “inspection”"
    )  # the whole word was searched
    expect(editor.get_by_role("option", name=re.compile("Safety inspection"))).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(editor.get_by_label("Skill it belongs to")).to_have_value("Safety inspection of a bicycle")
    keys.until(lambda focus: focus.name == "starter")
    keys.press("ArrowDown")  # from "nothing yet" on to the first template
    expect(editor.get_by_label("Knowledge check")).to_be_checked()
    expect(editor.get_by_label("Minutes")).to_have_value("5")
    keep(page, f"filled-{width}")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("#editor-dialog")).to_be_hidden()
    expect(page.get_by_text(name).first).to_be_visible()
    print(f"{width}: {keys.pressed} keys to get around, {keys.typed} characters typed")
    assert keys.pressed <= MOST_KEYS, keys.stops
    rows = demo.rows("select usage_key from demo_courses_contentblock where fields like ?", f'%"{name}"%')
    assert len(rows) == 1
    parts = demo.rows(
        "select block_type, fields from demo_courses_contentblock where parent = ? order by position",
        rows[0]["usage_key"],
    )
    assert [part["block_type"] for part in parts] == ["html", "microcred_check", "microcred_check"]
    assert "[Ask about the main point" in parts[1]["fields"]


def test_clicks_that_setting_up_a_unit_takes(visit: Visit) -> None:
    page = new_page(visit, 1280)
    clicks = 0

    def click(target: Any) -> None:
        nonlocal clicks
        target.click()
        clicks += 1

    with page.expect_navigation():
        click(page.get_by_role("button", name="Micro-unit"))
    click(page.get_by_role("button", name=re.compile("^Edit “")).first)
    editor = editor_of(page)
    click(editor.get_by_label("Title"))
    page.keyboard.type("Choose a lock")
    click(editor.get_by_label("Search: what will they be able to do?"))
    page.keyboard.type("Choose a lock that fits the risk")
    writes = editor.get_by_role("option", name="Write a new outcome: “Choose a lock that fits the risk”")
    expect(writes).to_be_visible()
    click(writes)
    click(editor.get_by_text("Show your work"))
    with page.expect_navigation():
        click(editor.get_by_role("button", name="Save"))
    print(f"{clicks} clicks")
    assert clicks <= MOST_CLICKS
    # Its parts are edited from the same form, and what is still to be written is named there.
    page.get_by_role("button", name=re.compile("^Edit “Choose a lock”")).click()
    expect(editor.get_by_text("It still has words of the template").first).to_be_visible()
    keep(page, "after-template")
    assert violations(page) == []
    editor.get_by_role("link", name="Edit Show your work").click()
    expect(editor.get_by_label("What to hand in")).to_be_visible()


def test_what_is_typed_comes_back_after_leaving(visit: Visit) -> None:
    page = visit("author", UNIT)
    page.get_by_label("Title").fill("Half a thought")
    expect(page.get_by_text("What you typed is kept for you.")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("You have not saved your changes")
    expect(page.get_by_role("button", name="Stay here")).to_be_focused()
    keep(page, "leaving")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    # The browser dies: nothing is asked, and nothing is lost.
    page.context.close()
    page = visit("author", UNIT)
    expect(page.get_by_text("and did not save")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Half a thought")
    keep(page, "restored")
    assert violations(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("Title")).to_have_value("Clean and oil a chain")
    expect(page.get_by_text("and did not save")).to_be_hidden()


def test_leaving_the_page_with_unsaved_work_asks(visit: Visit) -> None:
    page = visit("author", UNIT)
    page.get_by_label("Minutes").click()
    page.keyboard.type("1")
    expect(page.get_by_text("What you typed is kept for you.")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    with page.expect_navigation(url="**/studio/course/**"):
        page.evaluate("window.location.href = '/studio/'")
    assert asked == ["beforeunload"]
    again = visit("author", UNIT)
    with again.expect_navigation():
        again.get_by_role("button", name="Discard it").click()


def test_the_later_of_two_authors_sees_what_differs(visit: Visit) -> None:
    one, two = visit("author", UNIT), visit("author", UNIT)
    one.get_by_label("Minutes").fill("7")
    save(one)
    expect(one.get_by_text("Here is what you typed")).to_be_hidden()
    two.get_by_label("Title").fill("Oil a chain")
    two.get_by_role("button", name="Save").click()
    expect(two.get_by_text("Somebody saved this unit after you opened it.")).to_be_visible()
    expect(two.get_by_text("There now: 7")).to_be_visible()
    keep(two, "conflict")
    assert violations(two) == []
    save(two, "Save my changes into it")
    expect(two.get_by_text("There now: 7")).to_be_hidden()
    after = visit("author", UNIT)
    expect(after.get_by_label("Title")).to_have_value("Oil a chain")
    expect(after.get_by_label("Minutes")).to_have_value("7")
    after.get_by_label("Title").fill("Clean and oil a chain")
    save(after)


def test_parts_are_ordered_by_keys_and_said_aloud(visit: Visit) -> None:
    page = visit("author", UNIT)
    first = page.locator("[data-mcs-part]").first
    title = first.locator(".mcs-part-title").inner_text().split("\n")[-1]
    down = first.get_by_role("button", name=re.compile("^Move down|↓"))
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-mcs=moved]")).to_contain_text("is now part 2 of")
    assert title.split()[-1] in page.locator("[data-mcs-part]").nth(1).inner_text()
    focused = read_focus(page).text
    assert "Move down" in focused or "↓" in focused, "the focus stays with the part"
    leave_without_saving(page)


def test_the_list_leads_to_the_field_and_the_preview_follows(visit: Visit) -> None:
    page = visit("author", UNIT)
    page.get_by_label("Title").fill("")
    link = page.get_by_role("link", name="Give the unit a title.")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.type("Chains for <b>everybody</b>")
    page.get_by_text("See it as a learner does").click()
    frame = page.frame_locator("iframe[title='Preview of the unit']")
    expect(frame.get_by_role("heading", name="Chains for <b>everybody</b>")).to_be_visible()
    keep(page, "preview")
    leave_without_saving(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_whole_course_at_once(visit: Visit, width: int) -> None:
    page = visit("author", OUTLINE, width=width)
    sheet = page.request.get(f"{OUTLINE}sheet.csv").text()
    keep(page, f"outline-{width}")
    assert violations(page) == []
    page.set_input_files("#sheet", {"name": "units.csv", "mimeType": "text/csv", "buffer": sheet.encode()})
    page.get_by_role("button", name="Look at what it makes").click()
    expect(page.get_by_role("alert")).to_contain_text("line 2")
    keep(page, f"outline-faults-{width}")
    assert violations(page) == []
    mended = re.sub(r"\[What can learners do\?[^\]]*\]", "Name the tools a ride needs", sheet)
    page.set_input_files("#sheet", {"name": "units.csv", "mimeType": "text/csv", "buffer": mended.encode()})
    page.get_by_role("button", name="Look at what it makes").click()
    expect(page.get_by_role("button", name=re.compile("^Build"))).to_be_visible()
    keep(page, f"outline-plan-{width}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.goto("/microcred/studio/guide/")
    keep(page, f"guide-{width}")
    assert violations(page) == []


def test_parts_that_could_not_be_created_are_told_and_the_form_stays(visit: Visit) -> None:
    page = new_page(visit, 1280)
    with page.expect_navigation():
        page.get_by_role("button", name="Micro-unit").click()
    page.get_by_role("button", name=re.compile("^Edit “")).first.click()
    editor = editor_of(page)
    editor.get_by_label("Title").fill("Wave and turn")
    editor.get_by_label("Write a new one").check()
    editor.get_by_label("After this unit, learners can …").fill("Signal a turn so that drivers see it")
    editor.get_by_text("Reflection").click()
    page.route("**/studio/xblock/", lambda route: route.fulfill(status=400, body="{}"))
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_role("alert").last).to_contain_text("not every part could be created")
    expect(page.locator("#editor-dialog")).to_be_visible()


def test_an_outcome_of_another_site_is_connected_with_one_click(visit: Visit) -> None:
    page = visit("author", UNIT)
    page.evaluate(
        """async () => {
          const key = document.querySelector("[data-locator]").dataset.locator;
          const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
          await fetch("/studio/xblock/" + key, {method: "POST",
            headers: {"Content-Type": "application/json", "X-CSRFToken": token},
            body: JSON.stringify({fields: {outcome_key: "far.chain", outcome_statement: "Oil a chain far away"}})});
        }"""
    )
    page.reload()
    box = page.get_by_text("This unit came with an outcome that this site does not know.")
    expect(box).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("does not know the outcome"))).to_be_visible()
    keep(page, "unresolved")
    assert violations(page) == []
    page.get_by_role("button", name="Create it on this site").click()
    expect(box).to_be_hidden()
    expect(page.locator("[data-mcs=chosen-statement]")).to_have_text("Oil a chain far away")
    expect(page.locator("[data-mcs=outcome-chooser] [role=combobox]")).to_be_focused()
