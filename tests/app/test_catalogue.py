"""A catalogue file: read once, read again, read with mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import BadgeVersion, Issuer
from microcred_app.catalogue import CatalogueError, read_catalogue
from tests.fixtures.catalogue import NOW, PICTURE

pytestmark = pytest.mark.django_db(transaction=True)
REAL = Path(__file__).resolve().parents[2] / "demo_site" / "course" / "badges.json"


def write(folder: Path, **changes: Any) -> Path:
    (folder / "badge.svg").write_bytes(PICTURE)
    data: dict[str, Any] = {
        "issuer": {"slug": "s", "name": "School", "url": "https://s.example"},
        "frameworks": [{"key": "f", "name": "Framework"}],
        "skills": [{"key": "f.a", "framework": "f", "name": "A"}],
        "outcomes": [{"key": "o.a", "statement": "Do a thing well", "skill": "f.a"}],
        "badges": [
            {
                "key": "b",
                "kind": "micro",
                "name": "B",
                "description": "About b",
                "achievement_type": "Badge",
                "image": "badge.svg",
                "image_alt": "A square",
                "skills": ["f.a"],
                "requirement": {"outcome": "o.a"},
            }
        ],
        "pathways": [{"key": "p", "title": "P", "badge": "b", "stages": [{"title": "First", "badge": "b"}]}],
    }
    path = folder / "catalogue.json"
    path.write_text(json.dumps(data | changes))
    return path


def test_the_demo_catalogue_is_read_and_reading_it_again_changes_nothing() -> None:
    first = read_catalogue(REAL, actor_id=None, now=NOW)
    assert len(first.badges_published) == 5
    again = read_catalogue(REAL, actor_id=None, now=NOW)
    assert again.badges_published == ()
    assert len(again.badges_unchanged) == 5
    assert BadgeVersion.objects.count() == 5


def test_a_changed_definition_becomes_the_next_version(tmp_path: Path) -> None:
    path = write(tmp_path)
    read_catalogue(path, actor_id=None, now=NOW)
    data = json.loads(path.read_text())
    data["badges"][0]["description"] = "Something else"
    path.write_text(json.dumps(data))
    assert read_catalogue(path, actor_id=None, now=NOW).badges_published == ("b",)
    assert badges.current_badge("b").number == 2


def badge(**changes: Any) -> list[dict[str, Any]]:
    return [
        {
            "key": "b",
            "kind": "micro",
            "name": "B",
            "description": "About b",
            "achievement_type": "Badge",
            "image": "badge.svg",
            "image_alt": "A square",
            "requirement": {"outcome": "o.a"},
        }
        | changes
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issuer": None}, r"issuer\[0\]: has the wrong shape"),
        (
            {"skills": [{"key": "x", "framework": "nowhere", "name": "X"}]},
            r"skills\[0\]: There is no skill framework",
        ),
        ({"outcomes": [{"key": "o.a"}]}, r"outcomes\[0\]: 'statement' is missing"),
        ({"badges": badge(image="../../../etc/hostname")}, r"badges\[0\]: .*outside"),
        ({"badges": badge(image="none.png")}, r"badges\[0\]: .*none.png"),
        ({"badges": badge(image_alt="")}, r"badges\[0\]: .*image_alt"),
        (
            {"badges": badge(requirement={"at_least": 3, "of": [{"outcome": "o.a"}]})},
            r"badges\[0\]: .*at_least",
        ),
        ({"badges": badge(requirement={"badge": "b"})}, r"badges\[0\]: .*b → b"),
        ({"pathways": [{"key": "p", "title": "P", "badge": "none"}]}, r"pathways\[0\]: names something"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_nothing_is_kept(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(CatalogueError, match=said):
        read_catalogue(write(tmp_path, **changes), actor_id=None, now=NOW)
    assert not Issuer.objects.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "\ufeff{}", '{"badges": 7}'])
def test_a_file_that_is_no_catalogue_is_refused_by_the_command(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(CommandError):
        call_command("microcred_seed", str(path))
