"""Real pages in a real browser: learning by reading, building by keyboard, on wide and narrow screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from completion.models import BlockCompletion
from playwright.sync_api import Page, expect

from demo_site.courses import roles
from demo_site.courses.models import Branch, Role
from demo_site.courses.tree import load_tree
from tests.browser.journeys import editor_of
from tests.fixtures.chromium import PATIENCE

from .conftest import ToyCourse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


FITS = """() => {
  const frame = document.getElementById("unit-iframe"), inside = frame.contentDocument.querySelector(".course-content");
  return frame.clientHeight >= inside.getBoundingClientRect().height;
}"""
#: What Chromium itself says about an answer that a test provokes.
EXPECTED = "the server responded with a status of 503"


@pytest.fixture
def quiet_page(page: Page) -> Iterator[Page]:
    """A page that must not report a single error on its console, apart from a provoked one."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(PATIENCE)
    yield page
    assert [problem for problem in problems if EXPECTED not in problem] == []


@pytest.fixture
def at_home(quiet_page: Page, live_server: Any, course: ToyCourse, person: Callable[[str], Any]) -> Page:
    """The sign-in page of a site with a learner and an author."""
    roles.enrol(person("amina").pk, course.key)
    roles.give_role(person("author").pk, course.key, Role.STAFF)
    quiet_page.goto(live_server.url)
    return quiet_page


def _sign_in(page: Page, first_name: str) -> None:
    page.get_by_role("button", name=f"Sign in as {first_name}").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_reading_a_text_completes_it_and_the_frame_fits_its_content(at_home: Page, course: ToyCourse) -> None:
    _sign_in(at_home, "Amina")
    at_home.get_by_role("link", name="Open course “Toys”").click()
    with at_home.expect_response(lambda response: response.url.endswith("/publish_completion")) as answer:
        at_home.get_by_role("link", name="Second unit").click()
    assert answer.value.status == 200
    frame = at_home.frame_locator("#unit-iframe")
    expect(frame.get_by_text("Inside")).to_be_visible()
    expect(frame.locator(".xblock-initialized[data-block-type=toy]")).to_have_count(1)
    assert BlockCompletion.objects.get().block_key == course.block("html", "inner-words")
    at_home.wait_for_function(FITS)  # the frame is told, and follows


def test_an_author_builds_by_keyboard_and_never_loses_the_place(at_home: Page, course: ToyCourse) -> None:
    _sign_in(at_home, "Ines")
    at_home.get_by_role("link", name="Studio", exact=True).click()
    at_home.get_by_role("link", name="Second unit").click()
    with at_home.expect_navigation():  # before the page's script there is nobody to answer a key
        at_home.get_by_role("link", name="View “Box”").click()

    edit = at_home.get_by_role("button", name="Edit “More words”")
    edit.press("Enter")
    expect(at_home.get_by_role("dialog")).to_be_visible()
    at_home.keyboard.press("Escape")
    expect(at_home.get_by_role("dialog")).to_be_hidden()
    expect(edit).to_be_focused()

    edit.press("Enter")
    editor = editor_of(at_home)
    editor.get_by_label("Title").fill("Better words")
    editor.get_by_role("button", name="Save").press("Enter")
    expect(at_home.get_by_role("button", name="Edit “Better words”")).to_be_focused()
    expect(at_home.locator("#announcement")).to_have_text("Your changes are saved.")

    at_home.get_by_role("button", name="Move up “Better words”").press("Enter")
    expect(at_home.get_by_role("button", name="Move up “Better words”")).to_be_focused()
    expect(at_home.locator("#announcement")).to_have_text("The block is moved.")

    at_home.locator("#add-buttons").get_by_role("button", name="Words").press("Enter")
    expect(at_home.get_by_role("button", name="Edit “Text”")).to_be_focused()

    at_home.get_by_role("button", name="Delete “Text”").press("Enter")
    expect(at_home.get_by_role("button", name="Keep it")).to_be_focused()
    at_home.get_by_role("button", name="Delete", exact=True).press("Enter")
    expect(at_home.locator("#announcement")).to_have_text("The block is deleted.")

    at_home.get_by_role("button", name="Publish unit").press("Enter")
    expect(at_home.locator("#publish-state")).to_have_text("Published")
    node = load_tree(course.key, Branch.PUBLISHED).nodes[course.block("toy_box", "box")]
    assert [key.block_id for key in node.children] == ["inner", "inner-words", "inner-secret"]


def test_an_editor_that_cannot_save_says_so_and_stays_open(at_home: Page, course: ToyCourse) -> None:
    _sign_in(at_home, "Ines")
    at_home.goto(f"{at_home.url}studio/container/{course.block('vertical', 'first')}")
    at_home.get_by_role("button", name="Edit “Words”").click()
    editor = editor_of(at_home)
    editor.get_by_label("Title").fill("Kept")
    at_home.route("**/handler/save_text", lambda route: route.fulfill(status=503, body=""))
    editor.get_by_role("button", name="Save").click()
    expect(at_home.get_by_role("alert").filter(has_text="could not be saved")).to_be_visible()
    expect(editor.get_by_label("Title")).to_have_value("Kept")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(at_home: Page, course: ToyCourse, width: int) -> None:
    at_home.set_viewport_size({"width": width, "height": 800})
    root = at_home.url.split("/sign-in")[0]
    unit = course.block("vertical", "second")
    _sign_in(at_home, "Ines")
    addresses = (
        "/",
        f"/courses/{course.key}/",
        f"/courses/{course.key}/units/{unit}/",
        f"/studio/course/{course.key}/",
        f"/studio/container/{unit}",
        "/sign-in/",
    )
    for address in addresses:
        at_home.goto(root + address)
        at_home.wait_for_load_state()
        assert at_home.evaluate("document.documentElement.scrollWidth") <= width, address
