"""One demo for the session; a fresh browser context for every person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, StorageState

from tests.fixtures.browser_check import Web
from tests.fixtures.chromium import NO_DEVICES, PATIENCE
from tests.fixtures.demo import Demo, copy_set_up_demo, running_demo

#: Cookies of people who signed in to a demo before: each of them does it once by hand.
SIGNED_IN: dict[tuple[str, str], StorageState] = {}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", *NO_DEVICES],
    }


@pytest.fixture(scope="module")
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of the file's own. A file that says ``FRESH_DEMO`` sees it set itself up; others begin from a copy."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    if not getattr(request.module, "FRESH_DEMO", False):
        base = tmp_path_factory.getbasetemp()
        copy_set_up_demo(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base, folder)
    with running_demo(folder) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, demo: Demo) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody; script errors and refused resources fail the test that saw them."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def enter(person: str = "", path: str = "/", *, width: int = 1280, **options: Any) -> Page:
        signed_in = SIGNED_IN.get((demo.url, person))
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=demo.url, storage_state=signed_in, **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda request: _note(request, problems))
        page.on("console", lambda line: line.type == "error" and _keep(line.text, page.url, problems))
        if person and signed_in is None:
            page.goto("/sign-in/")
            page.locator(f'form[action$="/sign-in/as/{person}/"] button').click()
            page.wait_for_url(lambda url: "/sign-in/" not in url)
            SIGNED_IN[demo.url, person] = context.storage_state()
        page.goto(path)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not problems, problems


def _note(request: Request, problems: list[str]) -> None:
    """A request that was cut short by leaving the page, or by a test that goes offline, is no defect."""
    expected = ("ERR_ABORTED", "ERR_INTERNET_DISCONNECTED")
    if request.failure and not any(name in request.failure for name in expected):
        problems.append(f"{request.url}: {request.failure}")


def _keep(text: str, url: str, problems: list[str]) -> None:
    """Refusals that a test provokes on purpose show up as failed requests; everything else is a defect."""
    if "the server responded with a status of 4" not in text and "net::ERR_" not in text:
        problems.append(f"{url}: {text}")


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph to hand in."""
    from PIL import Image, ImageDraw

    path = tmp_path_factory.mktemp("files") / "my bicycle.png"
    image = Image.new("RGB", (320, 200), "#dfe8ee")
    ImageDraw.Draw(image).ellipse((60, 60, 140, 140), outline="#20303c", width=6)
    image.save(path)
    return path


@pytest.fixture
def web(browser: Browser) -> Iterator[Web]:
    """A page with the program of the browser’s own check."""
    context = browser.new_context()
    yield Web(context.new_page())
    context.close()
