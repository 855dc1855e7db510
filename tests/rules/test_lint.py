"""Rules that nobody meant, and the simplest form of a rule."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from microcred_app import rules

from .strategies import NOW

PAST, COMING = {"until": "2026-02-01"}, {"from": "2026-05-01"}
BAN = {"signoff": "ban", "role": "dean"}


def findings(data: dict, **relations: object) -> list[tuple[str, str]]:
    found = rules.lint(rules.parse_requirement(data), NOW, rules.Relations(**relations))
    assert all(finding.problem for finding in found)
    return [(finding.kind.value, finding.path) for finding in found]


@pytest.mark.parametrize(
    "data",
    [
        {"time": {"from": "2026-01-01"}},
        {"not": BAN},
        {"any": [{"not": BAN}, {"not": {"time": PAST}}]},
        {"all": [{"not": BAN}, {"time": {"until": "2026-12-31"}}]},
    ],
)
def test_a_rule_without_anything_to_do_would_award_everybody(data: dict) -> None:
    assert ("everybody", "") in findings(data)


def test_a_rule_that_will_award_everybody_says_from_when() -> None:
    (found,) = rules.lint(rules.parse_requirement({"time": COMING}), NOW)
    assert found == rules.Finding(rules.FindingKind.EVERYBODY, "", datetime(2026, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("data", "dead"),
    [
        ({"all": [{"badge": "a"}, {"time": PAST}]}, "all[1]"),
        ({"badge": "a", "until": "2024-01-01", "within": "P1Y"}, None),
        ({"all": [BAN, {"badge": "a"}, {"not": BAN}]}, None),
        ({"at_least": 2, "of": [{"badge": "a"}, {"all": [{"badge": "a"}]}]}, None),
        ({"all": [{"badge": "a", "from": "2026-06-01"}, {"time": {"until": "2026-05-01"}}]}, None),
        ({"all": [{"badge": "x"}, {"all": [{"time": COMING}, {"time": {"until": "2026-04-01"}}]}]}, "all[1]"),
    ],
)
def test_a_rule_that_cannot_be_met_would_award_nobody(data: dict, dead: str | None) -> None:
    found = findings(data)
    assert ("nobody", "") in found
    assert [path for kind, path in found if kind == "dead"] == ([dead] if dead else [])


@pytest.mark.parametrize(
    "data",
    [
        {"badge": "a"},
        {"badge": "a", "until": "2024-01-01"},
        {"badge": "a", "until": "2025-12-31", "within": "P1Y"},
        {"all": [{"badge": "a"}, {"time": {"until": "2026-12-31"}}, {"not": BAN}]},
        {"all": [{**BAN, "until": "2025-01-01"}, {"not": {**BAN, "from": "2025-06-01"}}]},
    ],
)
def test_a_good_rule_is_left_alone(data: dict) -> None:
    assert findings(data) == []


def test_a_branch_that_can_never_be_met_is_named_though_another_can() -> None:
    assert findings({"any": [{"badge": "a"}, {"all": [{"badge": "b"}, {"time": PAST}]}]}) == [
        ("dead", "any[1].all[1]")
    ]


def test_a_branch_that_everybody_meets_makes_its_neighbours_pointless() -> None:
    assert ("pointless", "all[1].any[1]") in findings(
        {"all": [{"badge": "a"}, {"any": [{"badge": "b"}, {"not": BAN}]}]}
    )


def test_one_thing_for_two_members_is_shown_also_through_an_equivalent() -> None:
    rule = {"at_least": 2, "of": [{"badge": "a", "or_equivalent": True}, {"badge": "b"}, {"badge": "c"}]}
    assert findings(rule) == []
    assert findings(rule, equivalents={"a": frozenset({"b"})}) == [("shared", "")]


def test_many_sign_offs_and_dates_do_not_make_lint_slow() -> None:
    start = date(2026, 6, 1)
    forbidden = [rules.Not(rules.SignOffLeaf(f"s{n}", "dean")) for n in range(100)]
    days = [rules.TimeLeaf(start + timedelta(days=n), start + timedelta(days=n)) for n in range(140)]
    tree = rules.AllOf((rules.AnyOf(tuple(days)), *forbidden, rules.BadgeLeaf("a")))
    begin = time.process_time()
    assert rules.lint(tree, NOW) == ()
    assert time.process_time() - begin < 4


@pytest.mark.parametrize(
    ("data", "simple"),
    [
        ({"all": [{"any": [{"badge": "a"}]}]}, {"badge": "a"}),
        (
            {"all": [{"badge": "a"}, {"all": [{"badge": "b"}, {"badge": "a"}]}]},
            {"all": [{"badge": "a"}, {"badge": "b"}]},
        ),
        ({"at_least": 1, "of": [{"badge": "a"}, {"badge": "b"}]}, {"any": [{"badge": "a"}, {"badge": "b"}]}),
        ({"at_least": 2, "of": [{"badge": "a"}, {"badge": "b"}]}, {"all": [{"badge": "a"}, {"badge": "b"}]}),
        (
            {"at_least": 2, "of": [{"badge": "a"}, {"any": [{"badge": "b"}, {"badge": "a"}]}]},
            {"at_least": 2, "of": [{"badge": "a"}, {"any": [{"badge": "b"}, {"badge": "a"}]}]},
        ),
    ],
)
def test_the_simplest_form(data: dict, simple: dict) -> None:
    assert rules.to_json(rules.simplify(rules.parse_requirement(data))) == simple
