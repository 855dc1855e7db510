"""What any version of the blocks stored is read today, and a form that is only saved loses nothing of it."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from .doubles import Page, open_page
from .fake_app import FakeApp

GOLDEN = Path(__file__).resolve().parents[1] / "fixtures" / "stored_fields"
VERSIONS = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


def stored(version: str) -> tuple[Page, dict[str, Any]]:
    folder = GOLDEN / version
    return open_page((folder / "unit.xml").read_bytes()), json.loads((folder / "expected.json").read_text())


def assert_reads(page: Page, expected: dict[str, Any]) -> None:
    for name, value in expected["unit"].items():
        assert getattr(page.block(), name) == value, name
    assert len(page.block().children) == len(expected["children"])
    for place, fields in enumerate(expected["children"]):
        for name, value in fields.items():
            assert getattr(page.block(place), name) == value, name


def test_there_is_a_folder_for_every_version() -> None:
    assert VERSIONS[:2] == ["v1", "v2"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stored_unit_is_read_and_is_sound(app: FakeApp, version: str) -> None:
    page, expected = stored(version)
    assert_reads(page, expected)
    assert page.block().own_problems() == []
    assert [page.block(place).own_problems() for place in range(3)] == [[], [], []]
    assert page.block(0).question.options[0].correct is True
    assert page.block(2).task.rubric.pass_points == 2


@pytest.mark.parametrize("version", VERSIONS)
def test_it_survives_another_export_and_import(app: FakeApp, version: str) -> None:
    page, expected = stored(version)
    written = BytesIO()
    page.runtime.export_to_xml(page.block(), written)
    assert_reads(open_page(written.getvalue()), expected)


@pytest.mark.parametrize("version", VERSIONS)
def test_saving_its_form_unchanged_brings_it_to_the_newest_form(app: FakeApp, version: str) -> None:
    page, expected = stored(version)
    page.become_studio()
    unit = page.block()
    form = {
        "display_name": unit.display_name,
        "outcome": {"mode": "existing", "key": unit.outcome_key},
        "estimated_minutes": unit.estimated_minutes,
        "layout": unit.layout,
        "weight": unit.weight,
        "order": [str(key) for key in unit.children],
    }
    assert page.call(unit, "studio_submit", form).status == 200
    newest = {**expected["unit"], "outcome_statement": "Read the size of a tyre"}
    assert_reads(page, {**expected, "unit": newest})


@pytest.mark.parametrize("waivers", ["[1]", '"x"', '{"a": {"b": 1}}', '{"a": 3}', "[2020-01-01"])
def test_badly_written_waivers_crash_nothing(app: FakeApp, waivers: str) -> None:
    olx = (
        (GOLDEN / "v1" / "unit.xml")
        .read_text()
        .replace("<microcred_unit ", f"<microcred_unit waivers='{waivers}' ", 1)
    )
    page = open_page(olx)
    page.block().render("student_view", {})
    page.become_studio()
    page.block().render("studio_view", {})
    page.block().validate()
    written = BytesIO()
    page.runtime.export_to_xml(page.block(), written)
