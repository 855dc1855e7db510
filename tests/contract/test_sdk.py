"""The blocks in the runtime of XBlock's own kit: its wrapper, its scripts, its state, its made-up dates and users.

The kit knows no permissions, no completion and no badges; what is left must work. It hands a container's script the
settings of all children in one text, which is why ours are attributes of their own elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.sdk_site import running_workbench

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
CHECK, EVIDENCE, UNIT = (f"/scenario/microcred_{kind}.0/" for kind in ("check", "evidence", "unit"))


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_workbench(tmp_path_factory.mktemp("kit") / "site") as address:
        yield address


@pytest.fixture
def look(browser: Browser, workbench: str) -> Iterator[Look]:
    """Open a scenario as a student; script errors fail the test."""
    problems: list[str] = []
    context = browser.new_context(base_url=workbench)

    def enter(path: str, student: str = "ana") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{path}?student={student}")
        return page

    yield enter
    context.close()
    assert not problems, problems


@pytest.mark.parametrize("path", [CHECK, EVIDENCE, UNIT])
@pytest.mark.parametrize("view", ["", "public_view/", "author_view/", "studio_view/", "student_view/"])
def test_every_view_answers(workbench: str, path: str, view: str) -> None:
    if view == "author_view/" and path != UNIT:
        pytest.skip("only the container has a view of its own for authors")
    answer = requests.get(f"{workbench}{path}{view}", timeout=20)
    assert answer.status_code == 200, answer.text[:2_000]
    assert "No such view" not in answer.text or view == "public_view/"


def test_resources_are_where_the_page_says(workbench: str) -> None:
    import re

    page = requests.get(workbench + UNIT, timeout=20).text
    found = set(re.findall(r"[\"'](/resource/[^\"']+)", page))
    assert any(address.endswith("unit.js") for address in found)
    for address in found:
        assert requests.get(workbench + address, timeout=20).status_code == 200, address


def test_a_check_is_answered_and_remembered_for_its_student_only(look: Look) -> None:
    page = look(CHECK)
    check = page.locator(".mc-check")
    check.get_by_label("Your answer, a number").fill("3.5")
    check.get_by_role("button", name="Check my answer").click()
    expect(check.locator("[data-mc=result]")).not_to_be_empty()
    said = check.locator("[data-mc=result]").inner_text()
    again = look(CHECK)
    expect(again.locator(".mc-check [data-mc=result]")).to_contain_text(said.splitlines()[0])
    other = look(CHECK, "ben")
    expect(other.get_by_label("Your answer, a number")).to_have_value("")
    expect(other.locator(".mc-check [data-mc=result]")).to_be_empty()


def test_evidence_outside_a_unit_shows_its_task_and_says_why_nothing_can_be_handed_in(look: Look) -> None:
    page = look(EVIDENCE)
    expect(page.locator(".mc-instructions")).to_be_visible()
    expect(page.locator("form[data-mc=form]")).to_have_count(0)
    expect(page.locator(".mc-notice").first).to_be_visible()


def test_a_unit_starts_with_its_children_and_one_is_answered(look: Look) -> None:
    page = look(UNIT)
    unit = page.locator(".mc-unit")
    expect(unit).to_have_attribute("data-ready", "yes")
    expect(unit.get_by_role("heading", name="Read a tyre")).to_be_visible()
    check = unit.locator(".mc-check")
    check.get_by_label("On the sidewall").check()
    check.get_by_role("button", name="Check my answer").click()
    expect(check.locator("[data-mc=result]")).not_to_be_empty()
    expect(unit.locator("[data-mc=sentence]")).to_contain_text("1 of 1")
    again = look(UNIT)
    expect(again.locator(".mc-unit [data-mc=sentence]")).to_contain_text("1 of 1")
    expect(look(UNIT, "ben").locator(".mc-unit [data-mc=sentence]")).to_contain_text("0 of 1")


def test_what_no_handler_understands_is_refused_and_never_a_crash(workbench: str) -> None:
    """The kit has no permissions of its own: whoever names a handler reaches it."""
    import re

    session = requests.Session()
    page = session.get(workbench + CHECK, timeout=20).text
    usage = re.search(r"data-usage='([^']+)'", page)
    assert usage
    headers = {"X-CSRFToken": session.cookies["csrftoken"], "Content-Type": "application/json"}
    for body in (
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"answer": {"a": {}}}',
        b'{"answer": "\\ud800"}',
    ):
        answer = session.post(
            f"{workbench}/handler/{usage[1]}/submit?student=eve", body, headers=headers, timeout=20
        )
        assert 400 <= answer.status_code < 500, (body[:20], answer.status_code)
        assert answer.json()["error"]
