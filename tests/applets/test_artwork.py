"""A generated picture is its badge's own, safe, readable in every colour, and carries a credential."""

from itertools import product

import pytest

from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.artwork import draw_badge, drawn_from, letters_of, palette
from microcred_app.applets.badges.colour import colour_problem, contrast
from microcred_app.ob3.baking import bake_svg, unbake
from tests.fixtures.catalogue import definition, publish

CHANNELS = ("00", "33", "66", "99", "cc", "ff")
COLOURS = [f"#{red}{green}{blue}" for red, green, blue in product(CHANNELS, repeat=3)]
NASTY = [
    "<script>alert(1)</script>",
    '" onload="x',
    "]]>&amp;",
    "\u0000\ud800",
    "",
    "🔧🔧",
    "javascript:x",
    "é" * 9,
]


def draw(**changes: str) -> bytes:
    return draw_badge(**({"key": "welder", "name": "Safe Welding", "kind": "micro"} | changes))


def test_the_same_inputs_make_the_same_bytes_and_others_make_others() -> None:
    assert draw() == draw()
    others = [
        draw(key="other"),
        draw(name="Cold Cutting"),
        draw(kind="macro"),
        draw(colour="#8b1f2f"),
        draw(level="EQF 4"),
    ]
    assert len({draw(), *others}) == 6


def test_it_says_what_it_was_drawn_from() -> None:
    assert (
        drawn_from(draw()) == drawn_from(draw(name="Safe Walking")) != drawn_from(draw(name="Cold Cutting"))
    )
    assert drawn_from(b"<svg/>") == ""


def test_letters_and_shapes_keep_their_contrast_in_every_colour() -> None:
    """Letters stand on the plate, marks and line on the field, the rim on a light page, its line on a dark one."""
    for colour, variant in product(COLOURS, range(5)):
        tones = palette(colour, variant)
        assert contrast(tones.paper, tones.rim) >= 4.5, colour
        for one, other in (
            (tones.accent, tones.field),
            (tones.accent, tones.field_shade),
            (tones.accent, tones.rim),
            (tones.rim, "#ffffff"),
            (tones.paper, "#1b1b1b"),
            (tones.paper, tones.field),
        ):
            assert contrast(one, other) >= 3, (colour, variant, one, other)


@pytest.mark.parametrize("kind", ["micro", "macro"])
@pytest.mark.parametrize("name", NASTY)
def test_nothing_a_registrar_types_becomes_markup(name: str, kind: str) -> None:
    picture = draw(name=name, kind=kind, level=name, key="a" + name.encode("utf-8", "replace").hex())
    badges.check_picture(picture)
    assert len(picture) < 30_000


@pytest.mark.parametrize("number", range(30))
def test_every_shape_and_pattern_is_a_picture_that_may_be_shown(number: int) -> None:
    for kind in ("micro", "macro"):
        badges.check_picture(draw(key=f"k{number}", kind=kind, level="8"))


def test_it_carries_a_credential() -> None:
    credential = b'{"id": "urn:uuid:1"}'
    assert unbake(bake_svg(draw(), credential)).content == credential


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Bicycle Inspector", "BI"),
        ("Chain", "CH"),
        ("Working at height", "WH"),
        ("Hot Work 2", "HW"),
        ("Ärztliche Hilfe", "ÄH"),
        ("5S in practice", "5P"),
        ("مهارة السلامة", "م"),
        ("安全基礎", "安"),
        ("★★", ""),
        ("ßtraße", "SST"),
    ],
)
def test_letters_stand_for_the_name_in_any_script(name: str, letters: str) -> None:
    assert letters_of(name) == letters


def test_a_badge_published_without_a_picture_has_one_with_a_text_alternative() -> None:
    badge = publish("welder", {"outcome": "o.a"}, image=b"", image_alt="", name="Safe Welding")
    assert badges.get_picture(badge.image_sha256).content == draw()
    assert badge.image_alt == "An emblem with the letters SW, in the colours of A school."


def test_a_text_alternative_that_somebody_wrote_is_kept() -> None:
    assert badges.with_picture(definition("a", None, image=b"", image_alt="Mine")).image_alt == "Mine"


def test_an_organisations_colour_is_readable_or_refused_with_the_nearest_that_is() -> None:
    assert colour_problem("#1f5f8b") == ""
    for colour in COLOURS:
        problem = colour_problem(colour)
        better = problem.rstrip(".").rsplit(" ", 1)[-1] if problem else colour
        assert contrast(better, "#ffffff") >= 4.5
    with pytest.raises(badges.IssuerRefused, match="nearest colour that works"):
        badges.define_issuer(slug="school", name="A school", url="https://school.example", colour="#ffee00")
    with pytest.raises(badges.IssuerRefused, match="hexadecimal"):
        badges.define_issuer(slug="school", name="A school", url="https://school.example", colour="red")
    assert badges.get_issuer("school").colour == ""


def test_badges_take_the_colour_of_their_organisation() -> None:
    badges.define_issuer(slug="school", name="A school", url="https://school.example", colour="#8b1f2f")
    badge = publish("welder", {"outcome": "o.a"}, image=b"", name="Safe Welding")
    assert badges.get_picture(badge.image_sha256).content == draw(colour="#8b1f2f")
