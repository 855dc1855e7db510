"""Requirements in words: examples of the default phrases, and what titles cannot do."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from microcred_app import rules

NAMES = rules.Names(
    badges={"safety": "Safety", "x": "X"},
    outcomes={"y": "Weld a seam."},
    skills={"s": "Welding", "t": "Cutting"},
    courses={"c": "Metal 101"},
    sign_offs={"p": "Placement"},
    roles={"assessor": "Assessor"},
    externals={rules.external_key("https://i.example", "https://a.example"): "Forklift"},
    issuers={"https://i.example": "Port of Example"},
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"outcome": "y"}, "shows “Weld a seam”"),
        ({"outcome": "y", "minimum_score": 0.805}, "shows “Weld a seam” with at least 80.5 %"),
        ({"outcome": "y", "minimum_level": "able"}, "shows “Weld a seam” at the level “able” or above"),
        (
            {"badge": "x", "minimum_version": 2, "or_equivalent": True, "within": "P1Y6M"},
            "holds the badge “X” (version 2 or newer, or an accepted equivalent, within the last 1 year and 6 months)",
        ),
        (
            {"badge": "x", "from": "2025-01-01", "until": "2025-02-01"},
            "holds the badge “X” (from 2025-01-01 until 2025-02-01)",
        ),
        ({"grade": "c", "minimum": 0.7}, "has a grade of at least 70 % in the course “Metal 101”"),
        ({"block": "k"}, "completes “k”"),
        ({"credits": 1, "skills": ["s"]}, "has at least 1 credit in “Welding”"),
        (
            {"credits": 2.5, "skills": ["s", "t"]},
            "has at least 2.5 credits in “Welding” and “Cutting” taken together",
        ),
        (
            {"signoff": "p", "role": "assessor"},
            "has “Placement” signed off by somebody with the role “Assessor”",
        ),
        (
            {"not": {"signoff": "p", "role": "assessor"}},
            "does not have “Placement” signed off by somebody with the role “Assessor”",
        ),
        (
            {"external": "https://a.example", "issuer": "https://i.example"},
            "holds the badge “Forklift” from the other issuer “Port of Example”",
        ),
        ({"time": {"until": "2026-06-30T12:00:00Z"}}, "completes this until 2026-06-30 12:00:00 UTC"),
        ({"not": {"time": {"from": "2026-06-30"}}}, "does not complete this from 2026-06-30 on"),
        (
            {"all": [{"badge": "safety"}, {"any": [{"badge": "x"}, {"outcome": "y"}]}]},
            "holds the badge “Safety” and (holds the badge “X” or shows “Weld a seam”)",
        ),
        (
            {"points": 4, "of": [{"badge": "x", "weight": 2.5}, {"badge": "safety"}, {"outcome": "y"}]},
            "reaches at least 4 points of these: 2.5 points if the person holds the badge “X”; "
            "1 point if the person holds the badge “Safety”; 1 point if the person shows “Weld a seam”",
        ),
        (
            {"not": {"any": [{"signoff": "p", "role": "assessor"}, {"time": {"until": "2026-01-01"}}]}},
            "is not somebody who (has “Placement” signed off by somebody with the role “Assessor” "
            "or completes this until 2026-01-01)",
        ),
    ],
)
def test_each_kind_is_said(data: dict, sentence: str) -> None:
    assert rules.say(rules.parse_requirement(data), NAMES) == sentence


def test_a_group_inside_a_group_of_one_is_still_set_apart() -> None:
    tree = rules.parse_requirement(
        {"all": [{"all": [{"any": [{"badge": "a"}, {"badge": "b"}]}]}, {"badge": "c"}]}
    )
    assert rules.say(tree, rules.Names()) == (
        "(holds the badge “a” or holds the badge “b”) and holds the badge “c”"
    )


def test_a_title_cannot_end_its_quotation_or_turn_the_line_around() -> None:
    names = rules.Names(badges={"a": "A” or holds the badge “B\n\u202eC."})
    said = rules.say(rules.BadgeLeaf("a"), names)
    assert said == 'holds the badge “A" or holds the badge "B C”'


def test_two_things_of_one_title_are_told_apart_by_their_keys() -> None:
    tree = rules.AllOf((rules.BadgeLeaf("one"), rules.BadgeLeaf("two")))
    assert rules.say(tree, rules.Names(badges={"one": "Pumps", "two": "Pumps."})) == (
        "holds the badge “Pumps [one]” and holds the badge “Pumps [two]”"
    )


def test_phrases_of_the_caller_are_used() -> None:
    phrases = rules.Phrases(
        badge=lambda name: f"hat „{name}“",
        period=lambda years, months, days: f"{years} Jahre",
        within=lambda period: f"in den letzten {period}n",
        any_of=lambda parts: " oder ".join(parts),
    )
    window = rules.Window(rules.Period(years=3))
    tree = rules.AnyOf((rules.BadgeLeaf("a", window=window), rules.BadgeLeaf("b")))
    assert rules.say(tree, rules.Names(), phrases) == "hat „a“ (in den letzten 3 Jahren) oder hat „b“"


def test_bounds_and_amounts_reach_the_phrases_as_values() -> None:
    seen: list[object] = []
    phrases = rules.Phrases(
        bound=lambda bound: seen.append(bound) or "B",
        credits=lambda amount, names: seen.append(amount) or "C",
    )
    window = rules.Window(None, date(2026, 1, 1), datetime(2026, 2, 1, 12, tzinfo=UTC))
    rules.say(rules.CreditsLeaf(("s",), Decimal("1.5"), window), NAMES, phrases)
    assert seen == [Decimal("1.5"), date(2026, 1, 1), datetime(2026, 2, 1, 12, tzinfo=UTC)]
