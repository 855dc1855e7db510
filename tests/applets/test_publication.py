"""What may become a badge."""

import pytest

from microcred_app.applets.append_only import AppendOnlyViolation
from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges.models import BadgeVersion
from tests.fixtures.catalogue import NOW, definition, publish

RULE = {"outcome": "o.a"}


def problems(**changes: object) -> dict[str, str]:
    values = {"key": "new", "requirement": RULE} | changes
    with pytest.raises(badges.DefinitionRefused) as caught:
        badges.publish_badge(
            definition(values.pop("key"), values.pop("requirement"), **values), actor_id=None, now=NOW
        )
    assert not BadgeVersion.objects.filter(badge__key="new").exists()
    return caught.value.problems


def test_every_problem_is_told_at_once() -> None:
    found = problems(
        name=" ", description="", image_alt="", achievement_type="Medal", image=b"GIF89a", kind="mega"
    )
    assert set(found) == {"name", "description", "image_alt", "achievement_type", "image", "kind"}


def test_a_badge_needs_a_text_alternative() -> None:
    assert "do not see it" in problems(image_alt="   ")["image_alt"]


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ({"outcome": "o.nothing"}, "o.nothing"),
        ({"badge": "nobody"}, "nobody"),
        ({"at_least": 3, "of": [{"outcome": "o.a"}, {"outcome": "o.b"}]}, "can never be met"),
        ({"badge": "new"}, "new → new"),
        ("everything", "Expected an object"),
    ],
)
def test_a_requirement_that_cannot_work_is_refused(requirement: object, said: str) -> None:
    assert said in problems(requirement=requirement)["requirement"]


def test_a_circle_through_three_badges_is_named_in_full() -> None:
    publish("one", RULE)
    publish("two", {"badge": "one"})
    publish("three", {"badge": "two"})
    with pytest.raises(badges.DefinitionRefused, match="one → three → two → one"):
        publish("one", {"badge": "three"})
    assert badges.current_badge("one").number == 1


@pytest.mark.parametrize(
    "picture",
    [
        b" ",
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:alert(1)"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://evil.example/x.png"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>',
        b"\x89PNG\r\n\x1a\n not really",
        b"\x89PNG\r\n\x1a\n" + b"0" * 400_000,
    ],
)
def test_a_picture_that_could_harm_a_reader_is_refused(picture: bytes) -> None:
    assert "image" in problems(image=picture)


def test_a_published_version_never_changes() -> None:
    publish("new", RULE)
    row = BadgeVersion.objects.get()
    row.name = "Other"
    with pytest.raises(AppendOnlyViolation):
        row.save()
    with pytest.raises(AppendOnlyViolation):
        BadgeVersion.objects.update(name="Other")


def test_publishing_again_makes_the_next_version_and_keeps_the_old() -> None:
    publish("new", RULE)
    publish("new", {"outcome": "o.b"}, name="Renamed")
    assert badges.current_badge("new").number == 2
    assert badges.get_version("new", 1).name == "Badge new"
    assert [badge.key for badge in badges.badges_mentioning({("outcome", "o.a")})] == []


def test_names_of_every_script_are_kept_and_control_characters_are_not() -> None:
    badge = publish("new", RULE, name="\u0007مهارة 🔧 Tom &amp; Ines\u0000", description="Zeile\x0b eins")
    assert badge.name == "مهارة 🔧 Tom & Ines"
    assert badge.description == "Zeile\n eins"
