"""The pages of the guides to insights and imports: what these guides say is there, is there under that name.

``make pictures`` keeps what each reader sees for docs/images. Pages are also looked at wide and narrow, with axe. The
six guides with numbered steps are followed by ``test_guides_step_by_step.py``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.guide_walk import GUIDES, is_well_made, keep
from tests.browser.journeys import COURSE
from tests.fixtures import home_state
from tests.fixtures.demo import Demo

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
HOME = "/microcred/registrar/insights/"
TABLE = "Recipient Email,Badge Template Name,Badge Template ID,Issued At,State,Issued Badge ID\n" + "".join(
    f"{who}@example.org,Safe Welding,t-1,2024-01-31 12:00:00 UTC,accepted,b-{n}\n"
    for n, who in enumerate(("amina", "ben", "somebody"))
)


@pytest.fixture(scope="module", autouse=True)
def state(demo: Demo) -> None:
    demo.run_inside(Path(home_state.__file__))


def says(guide: str, *texts: str) -> None:
    """The guide names what the reader is to look for, in the words of the page."""
    written = " ".join((GUIDES / f"{guide}.rst").read_text(encoding="utf-8").split())
    assert [text for text in texts if text not in written] == []


PAGES = [
    ("registrar", HOME),
    ("registrar", f"{HOME}pathways/"),
    ("registrar", f"{HOME}of/badge/chain-care"),
    ("registrar", f"{HOME}skills/"),
    ("registrar", f"{HOME}profiles/"),
    ("registrar", f"{HOME}worth/"),
    ("registrar", f"{HOME}ending/"),
    ("registrar", "/microcred/registrar/import/"),
    ("amina", f"/microcred/my/course/{COURSE}/"),
]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("person", "path"), PAGES, ids=[path for _p, path in PAGES])
def test_a_page(visit: Visit, person: str, path: str, width: int) -> None:
    page = visit(person, path, width=width)
    is_well_made(page)
    assert page.get_by_role("heading", level=1).count() == 1
    if folder := os.environ.get("HOME_PICTURES"):
        name = re.sub(r"\W+", "-", path.replace(COURSE, "course")).strip("-")
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def test_the_registrars_guide(visit: Visit) -> None:
    says("insights", "Badges", "Skills by course", "Job profiles", "Worth of badges", "Ending soon")
    page = visit("registrar", "/microcred/registrar/")
    page.get_by_role("navigation", name="Registrar").get_by_role("link", name="Insights").click()
    keep(page, "registrar-insights")
    page.get_by_role("link", name="Chain care", exact=True).click()
    expect(page.get_by_role("table", name="The way to the badge")).to_contain_text("Shared it")
    keep(page, "registrar-badge-way")
    for name in ("Skills by course", "Job profiles", "Worth of badges", "Ending soon"):
        page.get_by_role("navigation", name="Insights").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("table", name="Ending soon")).to_contain_text("Chain care")


def test_the_guide_to_importing(visit: Visit, tmp_path: Path) -> None:
    says("import-badges", "Import badges of other systems", "See what would be imported", "Import this")
    path = tmp_path / "credly.csv"
    path.write_text(TABLE)
    page = visit("registrar", "/microcred/registrar/awards/")
    page.get_by_role("link", name="Import badges of other systems").click()
    page.get_by_label("Files", exact=True).set_input_files(path)
    page.get_by_role("button", name="See what would be imported").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would be imported")
    is_well_made(page)
    keep(page, "import-preview")
    page.get_by_role("button", name="Import this").click()
    expect(page.get_by_role("status").first).to_contain_text("3 awards were imported")
    mine = visit("amina", "/microcred/my/elsewhere/")
    expect(mine.get_by_role("main")).to_contain_text("Safe Welding")
    is_well_made(mine)
