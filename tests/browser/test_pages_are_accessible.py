"""Every page, narrow and wide: no WCAG 2.2 A or AA violation in any frame, nothing wider than the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import COURSE, UNIT_PAGE
from tests.fixtures import demo_state
from tests.fixtures.accessibility import violations
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
BLOCK = "block-v1:Microcred+BIKE101+2026+type@{}+block@{}"
EDIT = "/studio/xblock/" + BLOCK + "/action/edit"


@pytest.fixture(scope="module")
def state(demo: Demo) -> dict[str, str]:
    return json.loads(demo.run_inside(Path(demo_state.__file__)))


PAGES = [
    ("", "/sign-in/"),
    ("amina", "/"),
    ("amina", f"/courses/{COURSE}/"),
    ("amina", UNIT_PAGE.format("inspect-page")),
    ("ben", UNIT_PAGE.format("inspect-page")),
    ("ben", UNIT_PAGE.format("chain-page")),
    ("amina", "/microcred/my/"),
    ("amina", "/microcred/my/pathways/roadside-repair"),
    ("amina", "/microcred/my/wallets/"),
    ("amina", "/microcred/my/wallets/send/{credential_id}"),
    ("author", "/studio/"),
    ("author", "/studio/container/" + BLOCK.format("vertical", "inspect-page")),
    ("author", "/studio/container/" + BLOCK.format("microcred_unit", "inspect-unit")),
    ("author", EDIT.format("microcred_unit", "inspect-unit")),
    ("author", EDIT.format("microcred_check", "inspect-brake-pad")),
    ("author", EDIT.format("microcred_evidence", "inspect-evidence")),
    ("reviewer", "/microcred/review/"),
    ("reviewer", "/microcred/review/{submission}"),
    ("reviewer", "/microcred/review/comments/"),
    ("author", "/microcred/review/report/"),
    ("author", "/microcred/insights/"),
    ("ben", "/microcred/my/work/{submission}"),
    ("registrar", "/microcred/registrar/"),
    ("registrar", "/microcred/registrar/awards/"),
    ("registrar", "/microcred/registrar/recalls/new?badge=bike-inspector"),
    ("registrar", "/microcred/registrar/recalls/"),
    ("registrar", "/microcred/registrar/badges/"),
    ("registrar", "/microcred/registrar/awards/{award}"),
    ("", "{credential}"),
    ("", "{credential}/certificate"),
    ("", "{credential}/embed"),
    ("registrar", "/microcred/registrar/check"),
    ("", "{private}"),
    ("", "/microcred/credentials/nothing"),
    ("", "/microcred/achievements/bike-inspector/v1"),
    ("", "/microcred/issuers/roadside-repair-school"),
    ("", "/microcred/skills/bike-care.inspect"),
    ("", "/microcred/about/"),
    ("", "/microcred/about/terms/"),
    ("", "/microcred/about/privacy/"),
]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("person", "path"), PAGES, ids=[f"{p or 'anybody'} {re.sub(r'block-v1.*type@', '', u)}" for p, u in PAGES]
)
def test_a_page(visit: Visit, state: dict[str, str], person: str, path: str, width: int) -> None:
    page = visit(person, path.format(**state), width=width)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.title().strip()
    if "/action/edit" not in path:
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)


def test_the_wallet(visit: Visit, demo: Demo) -> None:
    page = visit("", demo.wallet_url + "/")
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("Amina")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My badges")
    assert violations(page) == []


def test_axe_looks_into_frames(visit: Visit) -> None:
    page = visit("amina", UNIT_PAGE.format("chain-page"))
    page.wait_for_load_state("networkidle")
    frame = next(frame for frame in page.frames if "/xblock/" in frame.url)
    frame.evaluate("document.body.insertAdjacentHTML('beforeend', '<button></button>')")
    found = violations(page)
    assert len(found) == 1
    assert "iframe" in found[0]
    assert found[0].startswith("button-name")
