"""Chromium, a site with badges in memory, and a stage to put units on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from microcred_xblock import bridge
from tests.contract.stage import Stage
from tests.fixtures.chromium import NO_DEVICES, PATIENCE
from tests.xblock.doubles import Page as Lesson
from tests.xblock.doubles import open_page
from tests.xblock.fake_app import FakeApp, OutcomeInfo

Open = Callable[..., Stage]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", *NO_DEVICES],
    }


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """A site with badges, whose catalogue holds one outcome."""
    double = FakeApp()
    double.outcomes["read-tyre"] = OutcomeInfo("read-tyre", "Read the size of a tyre", "wheels", "Wheels", ())
    monkeypatch.setattr(bridge, "available", lambda: True)
    monkeypatch.setattr(bridge, "app", lambda: double)
    return double


@pytest.fixture
def stage(browser: Browser, app: FakeApp) -> Iterator[Open]:
    """Put units, given as OLX, on a page; errors of scripts fail the test that saw them."""
    pages: list[Page] = []
    problems: list[str] = []

    def put(*units: str | Lesson, width: int = 900, **options: Any) -> Stage:
        first, *others = units
        lesson = first if isinstance(first, Lesson) else open_page(first)
        lessons = [lesson]
        for olx in others:
            lessons.append(Lesson(lesson.runtime, lesson.runtime.parse_xml_string(olx), lesson.services))
        browsing = {key: options.pop(key) for key in ("forced_colors", "reduced_motion") if key in options}
        page = browser.new_page(viewport={"width": width, "height": 800}, **browsing)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: line.type == "error" and _note(line.text, problems))
        pages.append(page)
        return Stage(page, lessons, **options)

    yield put
    for page in pages:
        page.close()
    assert not problems, problems


def _note(text: str, problems: list[str]) -> None:
    """Failed requests are what some tests are about."""
    if "Failed to load resource" not in text:
        problems.append(text)
