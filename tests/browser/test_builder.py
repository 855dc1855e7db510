"""A registrar builds a stack by keyboard alone, a colleague approves it, and it is published."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures import builder_state
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo
from tests.fixtures.focus import read_focus

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
NEW = "/microcred/registrar/badges/new"
EDIT = "/microcred/registrar/badges/plant-operations-certificate/edit"
#: A practised person presses four keys a second; looking and deciding takes longer than that, typing less.
SECONDS_PER_PRESS = 0.25
SECONDS_PER_DECISION = 3.0


@pytest.fixture(scope="module", autouse=True)
def school(demo: Demo) -> None:
    demo.run_inside(Path(builder_state.__file__))


class Hands:
    """Two hands on a keyboard: they count what they press, and never meet a stop without a visible focus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.decisions = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.presses += len(text)

    def search(self, text: str) -> None:
        """Type what is searched for; the draft is still until the whole of it is answered."""
        with self.page.expect_response(lambda answer: f"\r\n{text}\r\n" in (answer.request.post_data or "")):
            self.type(text)
        self.is_answered()

    def is_answered(self) -> None:
        expect(self.page.locator("[data-builder][aria-busy]")).to_have_count(0)

    def focused(self) -> str:
        focus = read_focus(self.page)
        focus.is_seen()
        return focus.label or focus.text

    def go_to(self, name: str, *, back: bool = False, most: int = 120) -> None:
        self.decisions += 1
        for _press in range(most):
            if self.focused().startswith(name):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{name!r} was not reached; the focus is on {self.focused()!r}")

    def use(self, name: str, *, back: bool = False) -> None:
        """Go to a button and press it; wait for the answer."""
        self.go_to(name, back=back)
        self.press("Enter")
        self.is_answered()

    def follow(self, name: str, url: str) -> None:
        """Go to a button that leads to another page, press it, and wait until that page is there."""
        self.go_to(name)
        with self.page.expect_navigation(url=url):
            self.press("Enter")

    def pick(self, name: str) -> None:
        self.go_to(name)
        self.press("Space")

    @property
    def seconds(self) -> float:
        return self.presses * SECONDS_PER_PRESS + self.decisions * SECONDS_PER_DECISION


def look(page: Page, name: str) -> None:
    """Keep a picture where a person asks for one."""
    folder = os.environ.get("BUILDER_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def is_sound(page: Page, name: str) -> None:
    look(page, name)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_stack_is_built_by_keyboard_alone_approved_and_published(visit: Visit) -> None:
    page = visit("registrar", NEW)
    is_sound(page, "new-1280")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    hands = Hands(page)
    hands.type("Plant Operations Certificate")
    hands.go_to("Micro")
    hands.press("ArrowDown")
    hands.follow("Begin the draft", f"**{EDIT}")
    built = hands
    built.use("Requirement")
    expect(page.locator("#requirement")).to_be_focused()
    built.use("Badge")
    expect(page.locator("#leaf-query")).to_be_focused()
    built.search("safety")
    expect(page.locator("#leaf-results label")).to_have_count(1)
    built.pick("Safety")
    built.use("Add to the requirement")
    expect(page.locator("[data-builder-said]")).to_contain_text("Added: “Safety”")
    built.use("Group: some of")
    built.use("Badge")
    built.search("maintenance")
    expect(page.locator("#leaf-results label")).to_have_count(3)
    for name in ("Motor", "Pump", "Valve"):
        built.pick(name)
    built.go_to("Not older than")
    built.type("2")
    built.use("Add to the requirement")
    expect(page.locator("[data-sentence]")).to_contain_text(
        "holds the badge “Safety” and (at least 2 of these: "
        "holds the badge “Motor maintenance” (within the last 2 years)"
    )
    assert built.seconds < 120, f"{built.presses} presses, {built.decisions} decisions"
    print(f"built with {built.presses} presses and {built.decisions} decisions: {built.seconds:.0f} s")
    is_sound(page, "built-1280")

    for field, text in (
        ("Description", "The holder runs a plant and keeps its machines in order."),
        ("Owner", "Training office"),
        ("Steward", "Workshop"),
        ("Purpose", "Shows that the holder may run a plant alone."),
    ):
        page.get_by_label(field, exact=True).fill(text)
    page.get_by_label("Looked at again by").fill((datetime.now(UTC).date() + timedelta(days=365)).isoformat())
    page.get_by_label("Looked at again by").blur()
    expect(page.get_by_text("Everything required is there.")).to_be_visible()
    page.get_by_role("button", name="Show who would gain it").press("Enter")
    expect(page.locator("[data-preview]")).to_contain_text("1 learner would gain it")
    is_sound(page, "ready-1280")
    page.get_by_role("button", name="Submit for review").press("Enter")
    expect(page.get_by_text("Submitted for review.")).to_be_visible()

    other = visit("reviewer", EDIT)
    is_sound(other, "review-1280")
    other.get_by_role("button", name="Approve").press("Enter")
    expect(other.get_by_text("Approved. It can be published now.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Publish").press("Enter")
    expect(page.get_by_text("Published as version 1.")).to_be_visible()


def test_moving_keeps_the_focus_and_everything_fits_a_narrow_screen(visit: Visit) -> None:
    page = visit("registrar", NEW, width=390)
    is_sound(page, "new-390")
    page.get_by_label("Name", exact=True).fill("Narrow")
    with page.expect_navigation(url="**/registrar/badges/narrow/edit"):
        page.get_by_role("button", name="Begin the draft").click()
    hands = Hands(page)
    hands.use("Requirement")
    hands.use("Badge")
    expect(page.locator("#leaf-query")).to_be_focused()
    hands.search("maintenance")
    expect(page.locator("#leaf-results label")).to_have_count(3)
    is_sound(page, "panel-390")
    for name in ("Motor", "Pump", "Valve"):
        hands.pick(name)
    hands.use("Add to the requirement")
    hands.use("Move “Valve maintenance” up")
    expect(page.locator("[data-builder-said]")).to_contain_text("It is number 2 of 3 in its group.")
    assert hands.focused() == "Move “Valve maintenance” up"
    hands.use("Move “Valve maintenance” up")
    expect(page.locator("[data-builder-said]")).to_contain_text("It is number 1 of 3 in its group.")
    assert hands.focused() == "Move “Valve maintenance” up"
    hands.use("Move “Valve maintenance” up")
    expect(page.locator("[data-builder-said]")).to_contain_text("first of its group already")
    is_sound(page, "tree-390")


@pytest.mark.parametrize("width", [390, 1280])
def test_pathways_are_sound(visit: Visit, width: int) -> None:
    for name, path in (
        ("pathways", "/microcred/registrar/pathways/"),
        ("pathway-new", "/microcred/registrar/pathways/new"),
        ("pathway", "/microcred/registrar/pathways/roadside-repair/edit"),
    ):
        page = visit("registrar", path, width=width)
        is_sound(page, f"{name}-{width}")
