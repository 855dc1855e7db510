"""A PDF is looked at where it was handed in, by its learner, a reviewer, and whoever it is published for.

The browser's viewer draws it in a frame. Whatever a document tries, the page around it stays what it is.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.fixtures import document_state
from tests.fixtures.accessibility import violations
from tests.fixtures.chromium import PATIENCE
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
RED = (200, 20, 40)


@pytest.fixture(scope="module")
def state(demo: Demo) -> Iterator[dict[str, str]]:
    yield json.loads(demo.run_inside(Path(document_state.__file__)))


def shows_red(frame: Locator) -> bool:
    """Whether the sheet of the document, which is red, is drawn in the frame."""
    picture = Image.open(io.BytesIO(frame.screenshot())).convert("RGB")
    counted = picture.getcolors(picture.width * picture.height) or []
    close = sum(
        count for count, rgb in counted if all(abs(a - b) < 30 for a, b in zip(rgb, RED, strict=True))
    )
    return close > 0.1 * picture.width * picture.height


def waits_until_drawn(page: Page, frame: Locator) -> None:
    frame.scroll_into_view_if_needed()
    until = time.monotonic() + PATIENCE / 1_000
    while time.monotonic() < until:
        if shows_red(frame):
            return
        page.wait_for_timeout(250)
    folder = os.environ.get("MICROCRED_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / "document-not-drawn.png")
    raise AssertionError("the viewer did not draw the document")


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("ben", "/microcred/my/evidence/"),
        ("reviewer", "/microcred/review/{submission}"),
        ("", "{link}"),
        ("", "{published}"),
    ],
    ids=["owner", "reviewer", "by link", "published"],
)
def test_it_is_drawn_in_place(visit: Visit, state: dict[str, str], person: str, path: str) -> None:
    page = visit(person, path.format(**state))
    summary = page.locator("summary", has_text="Look at it here")
    for one in summary.all():
        one.click()
    frame = page.locator("iframe[src*='inline=1']").first
    expect(frame).to_be_visible()
    assert frame.get_attribute("title")
    waits_until_drawn(page, frame)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("person", "path"), [("ben", "/microcred/my/evidence/"), ("", "{published}")])
def test_the_pages_are_accessible(
    visit: Visit, state: dict[str, str], person: str, path: str, width: int
) -> None:
    """Before the viewer starts; the viewer is the browser's, and axe cannot look into it."""
    page = visit(person, "/microcred/about/", width=width)
    page.context.route(
        "**/*inline=1*",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<title>d</title>"),
    )
    page.goto(path.format(**state))
    for one in page.locator("summary", has_text="Look at it here").all():
        one.click()  # axe waits for ever for a frame that is not loaded yet
        one.scroll_into_view_if_needed()
    expect(page.locator("iframe[src*='inline=1']").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_hostile_document_reaches_nothing(visit: Visit, state: dict[str, str]) -> None:
    """It wants to leave, to send a form with the reader's session, and to write into the page around it."""
    page = visit("reviewer", "/microcred/about/")
    asked: list[str] = []
    dialogs: list[str] = []
    page.context.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    with page.expect_response(lambda answer: "inline=1" in answer.url) as document:
        page.goto(f"/microcred/review/{state['hostile']}")
    assert document.value.ok
    here, title = page.url, page.title()
    page.wait_for_timeout(4_000)  # the viewer has it; nothing tells that nothing will come of it
    assert page.url == here and page.title() == title
    assert len(page.context.pages) == 1
    own = f"/microcred/review/{state['hostile']}/reserve"  # the page itself keeps its reservation
    posts = [line for line in asked if line.startswith("POST") and not line.endswith(own)]
    assert posts == [] and [line for line in asked if "evil.invalid" in line] == []
    assert page.evaluate("window.taken") is None
