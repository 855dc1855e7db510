"""Bundles are applied in real transactions, because nothing of a refused one may stay."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from microcred_app.bundle import ApplyOptions, BundleReport, apply_bundle, export_bundle, plan_bundle
from microcred_app.bundle.pictures import PictureFolder
from microcred_app.bundle.writing import write_text
from tests.fixtures.catalogue import NOW, PICTURE

__all__ = ["Desk"]

GOVERNED = {
    "owner": "Registrar's office",
    "steward": "Workshop",
    "purpose": "Shows that the holder may work alone.",
    "review_due": "2027-09-30",
}


def badge(key: str, requirement: Any, **members: Any) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "micro",
        "issuer": "school",
        "name": f"Badge {key}",
        "description": "What the holder can do",
        "requirement": requirement,
        "skills": ["f.a"],
        **GOVERNED,
        **members,
    }


def sample() -> dict[str, list[dict[str, Any]]]:
    """A stack before its part, a picture of its own, terms, a retired badge, pathways that name later ones."""
    return {
        "issuers": [
            {"slug": "school", "name": "A school", "url": "https://school.example", "colour": "#1f5f8b"}
        ],
        "frameworks": [{"key": "f", "name": "Framework"}],
        "skills": [
            {"key": "f.a", "framework": "f", "name": "Skill a", "statement": "Does a.\nDoes it well."}
        ],
        "outcomes": [
            {"key": "o.a", "statement": "Mend part a", "skill": "f.a"},
            {"key": "o.b", "statement": "Mend part b"},
        ],
        "badges": [
            badge(
                "stack",
                {"all": [{"badge": "part"}, {"outcome": "o.b"}]},
                kind="macro",
                achievement_type="Certificate",
            ),
            badge(
                "part",
                {"outcome": "o.a"},
                name="Part of it",
                image="badge.svg",
                image_alt="A square",
                credits="2.5",
                credit_unit="ECTS",
                level="EQF 3",
                expires_after="P2Y",
                cap=100,
                minutes=30,
                accepts=["former"],
            ),
            badge(
                "former",
                {"outcome": "o.a"},
                name="The former one",
                life={"state": "retired", "successor": "part", "notice": "Replaced."},
            ),
        ],
        "pathways": [
            {
                "key": "first",
                "title": "The first road",
                "badge": "part",
                "leads_to": ["second"],
                "occupations": ["ISCO:7231"],
                "stages": [{"title": "Mend", "outcome": "o.a"}],
            },
            {
                "key": "second",
                "title": "The second road",
                "badge": "stack",
                "stages": [{"title": "Part", "badge": "part"}, {"title": "Rest", "outcome": "o.b"}],
            },
        ],
    }


class Desk:
    """A folder with a bundle and its pictures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = sample()
        (folder / "badge.svg").write_bytes(PICTURE)

    @property
    def text(self) -> bytes:
        return write_text(self.data).encode()

    def copy(self) -> dict[str, list[dict[str, Any]]]:
        return deepcopy(self.data)

    def apply(self, text: bytes = b"", **options: Any) -> BundleReport:
        return apply_bundle(
            text or self.text, PictureFolder(self.folder), options=ApplyOptions(**options), now=NOW
        )

    def plan(self, text: bytes = b"", **options: Any) -> BundleReport:
        return plan_bundle(
            text or self.text, PictureFolder(self.folder), options=ApplyOptions(**options), now=NOW
        )

    def export(self) -> str:
        return export_bundle(PictureFolder(self.folder), now=NOW)


@pytest.fixture
def desk(transactional_db: None, tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def empty_site(transactional_db: None) -> Callable[[], None]:
    """Forgets every definition, so that a bundle meets a site that knows nothing."""
    return lambda: call_command("flush", interactive=False, verbosity=0)
