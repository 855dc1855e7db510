"""The demo course's badges hang together: keys, art, requirements and pathways, and the course that earns them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from microcred_app.bundle.reading import read_text
from microcred_app.rules import find_cycle, mentions, parse_requirement

COURSE = Path(__file__).resolve().parents[2] / "demo_site" / "course"
DATA: dict[str, Any] = read_text((COURSE / "bundle.yaml").read_bytes()).value
UNITS = list(ElementTree.parse(COURSE / "course.xml").getroot().iter("microcred_unit"))
BADGES = {badge["key"]: badge for badge in DATA["badges"]}
OUTCOMES = {outcome["key"]: outcome for outcome in DATA["outcomes"]}
ART = sorted((COURSE / "badges").glob("*.svg"))
MEASURABLE = {
    "inspect",
    "mend",
    "measure",
    "clean",
    "name",
    "calculate",
    "explain",
    "decide",
    "repair",
    "adjust",
}


def key(entry: dict[str, Any]) -> str:
    return str(entry["key"])


def needs(badge: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return mentions(parse_requirement(badge["requirement"]))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("kind", ["frameworks", "skills", "outcomes", "badges", "pathways"])
def test_keys_are_there_and_unique(kind: str) -> None:
    keys = [key(entry) for entry in DATA[kind]]
    assert keys
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9.-]+", one) for one in keys)


def test_skills_name_their_framework_and_stay_in_its_namespace() -> None:
    frameworks = {key(entry): entry["url"] for entry in DATA["frameworks"]}
    for skill in DATA["skills"]:
        assert skill["uri"].startswith(frameworks[skill["framework"]] + "/")
        assert skill["name"]
        assert skill["statement"]


def test_outcomes_are_measurable_and_belong_to_a_skill() -> None:
    skills = {key(entry) for entry in DATA["skills"]}
    for outcome in DATA["outcomes"]:
        assert outcome["statement"].split()[0].lower() in MEASURABLE
        assert outcome["skill"] in skills


def test_the_units_prove_exactly_the_outcomes() -> None:
    assert {unit.get("outcome_key") for unit in UNITS} == set(OUTCOMES)


@pytest.mark.parametrize("badge", DATA["badges"], ids=key)
def test_every_badge_can_be_earned(badge: dict[str, Any]) -> None:
    for kind, needed in needs(badge):
        assert needed in {"outcome": OUTCOMES, "badge": BADGES}[kind]


@pytest.mark.parametrize("badge", DATA["badges"], ids=key)
def test_no_badge_needs_itself(badge: dict[str, Any]) -> None:
    graph = {one: {n for kind, n in needs(BADGES[one]) if kind == "badge"} for one in BADGES}
    assert find_cycle(graph, key(badge)) == ()


@pytest.mark.parametrize("badge", DATA["badges"], ids=key)
def test_a_badge_promises_the_skills_and_minutes_of_what_it_needs(badge: dict[str, Any]) -> None:
    skills: set[str] = set()
    minutes = 0
    for kind, needed in needs(badge):
        if kind == "outcome":
            skills.add(OUTCOMES[needed]["skill"])
            minutes += sum(
                int(u.attrib["estimated_minutes"]) for u in UNITS if u.get("outcome_key") == needed
            )
        else:
            skills.update(BADGES[needed]["skills"])
            minutes += BADGES[needed]["minutes"]
    assert set(badge["skills"]) == skills
    assert badge["minutes"] == minutes


def test_stacks_are_macro_badges_of_the_right_type() -> None:
    types = {key(badge): (badge["kind"], badge.get("achievement_type", "Badge")) for badge in DATA["badges"]}
    assert types == {
        "bike-inspector": ("micro", "Badge"),
        "puncture-mender": ("micro", "Badge"),
        "chain-carer": ("micro", "Badge"),
        "roadside-repair": ("macro", "MicroCredential"),
        "bicycle-care": ("macro", "Certificate"),
    }


@pytest.mark.parametrize("badge", DATA["badges"], ids=key)
def test_a_badge_explains_itself_to_people_and_screen_readers(badge: dict[str, Any]) -> None:
    assert len(badge["description"]) > 60
    assert len(badge["criteria_intro"]) > 60
    assert len(badge["image_alt"]) > 40
    assert badge.get("language", "en") == "en"


@pytest.mark.parametrize(
    "image", [DATA["issuers"][0]["image"], *(badge["image"] for badge in DATA["badges"])]
)
def test_art_is_a_small_square_png_with_its_source_beside_it(image: str) -> None:
    path = COURSE / image
    assert path.stat().st_size < 60_000
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("PNG", (600, 600))
        assert picture.convert("RGBA").getchannel("A").getpixel((0, 0)) == 0, "the corners are transparent"
    assert path.with_suffix(".svg").is_file()


def test_no_two_badges_share_their_art() -> None:
    pictures = [(COURSE / badge["image"]).read_bytes() for badge in DATA["badges"]]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize("path", ART, ids=lambda path: path.stem)
def test_art_is_inert_and_needs_no_reading(path: Path) -> None:
    """Badges are shown at 48 pixels, where letters cannot be read; and they need no translation."""
    tags = {node.tag.rpartition("}")[2] for node in ElementTree.parse(path).getroot().iter()}
    assert tags.isdisjoint({"script", "foreignObject", "image", "a", "text"})
    assert {"title", "desc"} <= tags


@pytest.mark.parametrize("stem", ["bike-inspect", "bike-puncture", "bike-chain"])
def test_emblems_stand_out_from_their_ground(stem: str) -> None:
    """WCAG 2.2, 1.4.11 asks 3:1 of graphics; the cream and gold of every emblem have more."""
    ground = re.search(
        r'<circle r="228" fill="(#[0-9a-f]{6})"', (COURSE / "badges" / f"{stem}.svg").read_text()
    )
    assert ground is not None
    assert contrast("#fffaf0", ground[1]) >= 4.5
    assert contrast("#ffc24b", ground[1]) >= 3


@pytest.mark.parametrize("pathway", DATA["pathways"], ids=key)
def test_the_stages_of_a_pathway_are_what_its_badge_needs(pathway: dict[str, Any]) -> None:
    stages = [("badge", s["badge"]) if "badge" in s else ("outcome", s["outcome"]) for s in pathway["stages"]]
    assert frozenset(stages) == needs(BADGES[pathway["badge"]])
    assert all(stage["title"] for stage in pathway["stages"])
    assert pathway["title"]
    assert pathway["description"]


def test_the_issuer_can_be_reached() -> None:
    issuer = DATA["issuers"][0]
    assert issuer["url"].startswith("https://")
    assert re.fullmatch(r"[^@\s]+@[^@\s]+", issuer["email"])
    assert re.fullmatch(r"[a-z-]+", issuer["slug"])
