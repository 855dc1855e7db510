"""A long upload meets a tunnel, a reload, a proxy that has enough: nothing is sent twice that the site has already."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.journeys import UNIT_PAGE, go_to_step
from tests.browser.network import FAST, OFFLINE, Line, Traffic
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
TASK = "Your M-check"
PIECE = 2_000_000


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of noise: 7 MB that no compression makes smaller, which is four pieces."""
    path = tmp_path_factory.mktemp("long") / "every stop.png"
    Image.frombytes("RGB", (1600, 1500), os.urandom(1600 * 1500 * 3)).save(path, compress_level=0)
    return path


def open_task(visit: Visit) -> Locator:
    return go_to_step(visit("amina", UNIT_PAGE.format("inspect-page")), TASK)


def remove_all(step: Locator) -> None:
    files = step.locator("[data-mc-remove]")
    while count := files.count():
        files.first.click()
        expect(files).to_have_count(count - 1)


def is_stored_whole(demo: Demo, path: Path) -> bool:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    rows = demo.rows("select size from microcred_app_evidencefile where sha256 = ?", digest)
    return [row["size"] for row in rows] == [path.stat().st_size]


def starts_slowly(step: Locator, path: Path) -> tuple[Line, Traffic]:
    """Choose the file on a slow line and wait until the site has a piece of it."""
    line, traffic = Line(step.page), Traffic()
    traffic.watch(line, step.page)
    line.uploads_at(1_000_000)
    with step.page.expect_request(lambda request: begins_at(request.headers) >= PIECE):
        step.get_by_label("Add files").set_input_files(path)
        expect(step.get_by_role("progressbar")).to_be_visible()
    return line, traffic


def begins_at(headers: dict[str, str]) -> int:
    return int(headers.get("upload-offset", -1))


def test_a_tunnel_on_the_way(visit: Visit, demo: Demo, long_file: Path) -> None:
    step = open_task(visit)
    remove_all(step)
    line, traffic = starts_slowly(step, long_file)
    with step.page.expect_event("requestfailed", lambda request: request.method == "HEAD"):  # it tries again
        line.becomes(OFFLINE)
        waiting = step.locator("[data-mc=upload-text]")
        expect(waiting).to_contain_text(re.compile("connection", re.IGNORECASE))
    before = len(traffic.pieces)
    line.becomes(FAST)
    expect(step.locator("[data-mc-remove]")).to_have_count(1)
    expect(step.get_by_role("button", name=f"Remove {long_file.name}")).to_be_visible()
    resumed = traffic.pieces[before:]
    assert resumed and resumed[0] >= PIECE, "it went on where the site was, not at the beginning"
    assert is_stored_whole(demo, long_file)
    remove_all(step)


def test_a_reload_on_the_way(visit: Visit, demo: Demo, long_file: Path) -> None:
    step = open_task(visit)
    remove_all(step)
    line, _traffic = starts_slowly(step, long_file)
    page = step.page
    page.on("dialog", lambda dialog: dialog.accept())  # the browser warns: the upload is still going
    page.reload()
    line.becomes(FAST)
    step = go_to_step(page, TASK)
    expect(step.get_by_text("Choose the same file again to go on where it stopped.")).to_be_visible()
    expect(step.get_by_role("button", name=f"Remove {long_file.name}")).to_be_visible()
    again = Traffic()
    again.watch(line, page)
    step.get_by_label("Add files").set_input_files(long_file)
    expect(step.locator("[data-mc-remove]")).to_have_count(1)
    assert min(again.pieces) >= PIECE
    expect(step.locator("[data-mc-upload]")).to_have_count(0)
    assert is_stored_whole(demo, long_file)
    remove_all(step)


def test_a_proxy_that_breaks_pieces_and_says_not_now(visit: Visit, demo: Demo, long_file: Path) -> None:
    step = open_task(visit)
    remove_all(step)
    breaks = ["abort", "busy", "abort"]

    def unreliable(route: Route) -> None:
        if route.request.method == "PATCH" and begins_at(route.request.headers) >= PIECE and breaks:
            if breaks.pop() == "abort":
                route.abort("internetdisconnected")
            else:
                route.fulfill(status=429, body="Not now")
        else:
            route.continue_()

    step.page.context.route("**/uploads/**", unreliable)
    step.get_by_label("Add files").set_input_files(long_file)
    expect(step.locator("[data-mc-remove]")).to_have_count(1, timeout=60_000)
    assert not breaks
    assert is_stored_whole(demo, long_file)
    step.page.context.unroute("**/uploads/**")
    remove_all(step)
