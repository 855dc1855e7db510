"""The reference of bundles says everything a bundle can hold."""

import re
from pathlib import Path

import pytest

from microcred_app.applets.badges.content import CONTENT_FIELDS
from microcred_app.bundle.badge_section import badge_defaults
from microcred_app.bundle.sections import SECTIONS

REFERENCE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "bundle.rst").read_text(
    encoding="utf-8"
)


@pytest.mark.parametrize("name", [*CONTENT_FIELDS, *badge_defaults(), *badge_defaults()["life"]])
def test_every_member_of_a_badge_is_explained(name: str) -> None:
    assert re.search(rf"\b{name}\b", REFERENCE)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_section_and_member_is_explained(section: object) -> None:
    for name in (section.name, *section.members):
        assert re.search(rf"\b{name}\b", REFERENCE), name
