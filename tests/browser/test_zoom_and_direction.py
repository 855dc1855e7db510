"""At 400 % zoom a screen of 1280 pixels holds 320; and in Arabic everything reads from right to left.

WCAG 2.2, 1.4.10 (Reflow): nothing is lost and nothing scrolls in two directions. The browser's zoom is what
``deviceScaleFactor`` 4 on a quarter of the screen is to the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Page

from tests.browser.journeys import UNIT_PAGE
from tests.fixtures import demo_state
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PAGES = {
    "unit in steps": ("amina", UNIT_PAGE.format("inspect-page")),
    "unit on one page": ("ben", UNIT_PAGE.format("chain-page")),
    "my badges": ("amina", "/microcred/my/"),
    "my evidence": ("ben", "/microcred/my/evidence/"),
    "review queue": ("reviewer", "/microcred/review/"),
    "review": ("reviewer", "/microcred/review/{submission}"),
    "console": ("registrar", "/microcred/registrar/"),
    "verify": ("", "{credential}"),
}

#: What sticks out of a frame's window, and does not scroll in a box of its own.
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > wide) { found.push('page: ' + document.documentElement.scrollWidth); }
  const boxed = one => {
    for (let up = one.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX !== 'visible' || style.clipPath !== 'none') { return true; }
    }
    return false;
  };
  for (const one of document.querySelectorAll('h1, h2, h3, p, button, input, textarea, select, label, img, code')) {
    const box = one.getBoundingClientRect();
    if (!box.width || getComputedStyle(one).clipPath !== 'none' || boxed(one)) { continue; }
    if (box.right > wide + 1 || box.left < -1) {
      found.push(one.tagName + ' ' + (one.textContent || one.name).trim().slice(0, 60));
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def state(demo: Demo) -> dict[str, str]:
    return json.loads(demo.run_inside(Path(demo_state.__file__)))


def settle(page: Page) -> list[Frame]:
    page.wait_for_load_state("networkidle")
    return [frame for frame in page.frames if frame.url.startswith("http")]


@pytest.mark.parametrize("name", PAGES)
def test_at_four_times_the_size(visit: Visit, state: dict[str, str], name: str) -> None:
    person, path = PAGES[name]
    page = visit(person, path.format(**state), width=320, device_scale_factor=4)
    frames = settle(page)
    assert {frame.url: frame.evaluate(STICKS_OUT) for frame in frames} == {frame.url: [] for frame in frames}
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", PAGES)
def test_from_right_to_left(visit: Visit, state: dict[str, str], name: str, width: int) -> None:
    person, path = PAGES[name]
    page = visit(person, "/", width=width)
    host = str(urlsplit(page.url).hostname)
    page.context.add_cookies([{"name": "django_language", "value": "ar", "domain": host, "path": "/"}])
    page.goto(urlsplit(path.format(**state)).path)  # on the host that has the cookie
    frames = settle(page)
    assert {frame.evaluate("getComputedStyle(document.body).direction") for frame in frames} == {"rtl"}
    assert page.evaluate("document.documentElement.lang") == "ar"
    assert {frame.url: frame.evaluate(STICKS_OUT) for frame in frames} == {frame.url: [] for frame in frames}
    assert violations(page) == []


def test_the_check_finds_what_sticks_out(visit: Visit) -> None:
    page = visit("", "/microcred/about/", width=320)
    assert page.evaluate(STICKS_OUT) == []
    page.evaluate("document.querySelector('main p').style.width = '500px'")
    assert page.evaluate(STICKS_OUT) != []
