"""A unit on a slow line: what is ours stays below 100 kB, the page can be used long before everything is there, and
answers that overtake each other leave the progress right."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.journeys import UNIT_PAGE, answer_options, unit_frame
from tests.browser.network import SLOW_3G, Line, Traffic

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
MOST_BYTES = 100_000
#: The demo's own page around the frame, the frame's document and what is ours, at 400 kbit/s and 400 ms.
USABLE_SECONDS = 20


def is_ours(address: str) -> bool:
    """The unit's document, its scripts, styles and what they ask; not the course's pictures, not the page around it."""
    path = urlsplit(address).path
    return "/xblock/" in path or "microcred" in path


@pytest.mark.parametrize("unit", ["inspect-page", "chain-page"])
def test_first_load_and_first_answer_on_3g(visit: Visit, unit: str) -> None:
    page = visit("ben", "/")
    line, traffic = Line(page), Traffic()
    line.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    traffic.watch(line, page)
    line.becomes(SLOW_3G)
    begun = time.monotonic()
    page.goto(UNIT_PAGE.format(unit), wait_until="commit", timeout=60_000)
    frame = page.frame_locator("main iframe")
    expect(frame.get_by_role("heading", level=2).first).to_be_visible(timeout=60_000)
    expect(frame.locator(".mc-unit[data-ready]")).to_have_count(1, timeout=60_000)
    usable = time.monotonic() - begun
    page.wait_for_load_state("networkidle", timeout=120_000)
    ours = {address: size for address, size in traffic.received.items() if is_ours(address)}
    assert any(address.endswith(".js") for address in ours) and any(".css" in address for address in ours)
    assert any("/xblock/" in address for address in ours)
    print({urlsplit(address).path: size for address, size in traffic.received.items()}, f"{usable:.1f} s")
    assert sum(ours.values()) < MOST_BYTES, ours
    assert usable < USABLE_SECONDS


def test_an_answer_arrives_on_3g(visit: Visit) -> None:
    page = visit("amina", UNIT_PAGE.format("chain-page"))
    page.wait_for_load_state("networkidle")
    Line(page).becomes(SLOW_3G)
    check = (
        page.frame_locator("main iframe")
        .locator(".mc-check")
        .filter(has=page.locator("input[type=radio], input[type=checkbox]"))
        .first
    )
    begun = time.monotonic()
    check.locator("input[type=radio], input[type=checkbox]").first.check()
    answer_options(check)
    assert time.monotonic() - begun < 10


def test_an_answer_that_was_overtaken_does_not_take_progress_back(visit: Visit) -> None:
    """The place is kept while a check is answered; what the server knew before the answer arrives last."""
    page = visit("ben", UNIT_PAGE.format("inspect-page"))
    frame = unit_frame(page)
    expect(frame.get_by_text("0 of 7 done")).to_be_visible()
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/handler/go_to*", lambda route: held.append((route, route.fetch())), times=1)
    frame.get_by_role("button", name="Judge a brake pad").click()
    check = frame.get_by_role("region", name="Judge a brake pad")
    check.get_by_label("Change the pads of this brake, both of them").check()
    check.get_by_role("button", name="Check my answer").click()
    done = frame.get_by_role("button", name="Judge a brake pad").get_by_text("Done")
    expect(done).to_be_visible()
    (overtaken,) = held
    with page.expect_response("**/handler/progress*"):
        overtaken[0].fulfill(response=overtaken[1])
    # What was passed on the way to the check counts as well.
    expect(frame.locator("[data-mc=sentence]")).to_have_text("2 of 7 done")
    expect(done).to_be_visible()
