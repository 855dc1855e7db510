"""What each kind of requirement means: examples."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from microcred_app import rules

from .strategies import NOW

R = rules


def node(data: object) -> rules.Node:
    return rules.parse_requirement(data)


def met(data: object, *known: rules.Fact, now: datetime = NOW, **relations: object) -> bool:
    facts = rules.Facts(known, rules.Relations(**relations))
    verdict = rules.evaluate(node(data), facts, now).satisfied
    assert rules.is_met(node(data), facts, now) == verdict
    return verdict


def badge(key: str, pk: str = "1", at: datetime = NOW, **more: object) -> rules.BadgeFact:
    return rules.BadgeFact(pk, key, at, **more)


TWO_OF_THREE = {"at_least": 2, "of": [{"badge": "a"}, {"badge": "b"}, {"badge": "c"}]}


def test_two_of_three_counts_different_things() -> None:
    assert not met(TWO_OF_THREE, badge("a", "1"), badge("a", "2"))
    assert met(TWO_OF_THREE, badge("a", "1"), badge("c", "2"))


@pytest.mark.parametrize(
    "group",
    [
        {"at_least": 2, "of": [{"badge": "a"}, {"all": [{"badge": "a"}]}]},
        {
            "at_least": 2,
            "of": [{"any": [{"badge": "a"}, {"badge": "b"}]}, {"any": [{"badge": "a"}, {"badge": "c"}]}],
        },
        {
            "at_least": 2,
            "of": [{"outcome": "o", "minimum_score": 0.5}, {"outcome": "o", "minimum_score": 0.8}],
        },
        {"points": 5, "of": [{"badge": "a", "weight": 3}, {"all": [{"badge": "a"}], "weight": 2}]},
    ],
)
def test_one_thing_in_two_branches_counts_once(group: dict) -> None:
    assert not met(group, badge("a"), rules.OutcomeFact("9", "o", NOW, score=1.0))


def test_branches_that_share_a_thing_count_when_each_has_another() -> None:
    group = {"at_least": 2, "of": [{"any": [{"badge": "a"}, {"badge": "b"}]}, {"badge": "a"}]}
    assert met(group, badge("a"), badge("b"))


def test_an_accepted_equivalent_does_not_count_beside_itself() -> None:
    group = {"at_least": 2, "of": [{"badge": "old", "or_equivalent": True}, {"badge": "new"}]}
    equivalents = {"old": frozenset({"new"})}
    assert not met(group, badge("new"), equivalents=equivalents)
    assert met(group, badge("new"), badge("old"), equivalents=equivalents)


def test_points_are_added_exactly() -> None:
    tenth = [{"badge": f"b{n}", "weight": 0.1} for n in range(10)]
    known = [badge(f"b{n}") for n in range(10)]
    assert met({"points": 1, "of": tenth}, *known)
    assert not met({"points": 1, "of": tenth}, *known[1:])


def test_a_thing_counts_where_it_weighs_most() -> None:
    group = {"points": 3, "of": [{"any": [{"badge": "a"}], "weight": 1}, {"badge": "a", "weight": 3}]}
    assert met(group, badge("a"))


def test_a_minimum_score_is_reached_exactly() -> None:
    leaf = {"outcome": "o", "minimum_score": 0.8}
    assert met(leaf, rules.OutcomeFact("1", "o", NOW, score=0.8))
    assert met(leaf, rules.OutcomeFact("1", "o", NOW, score=0.1 * 8 - 1e-16))
    assert not met(leaf, rules.OutcomeFact("1", "o", NOW, score=0.7999))
    assert not met(leaf, rules.OutcomeFact("1", "o", NOW))
    assert not met(leaf)


def test_a_level_is_compared_by_the_order_of_its_own_rubric() -> None:
    leaf = {"outcome": "o", "minimum_level": "able"}
    levels = ("novice", "able", "expert")
    assert met(leaf, rules.OutcomeFact("1", "o", NOW, level="expert", levels=levels))
    assert not met(leaf, rules.OutcomeFact("1", "o", NOW, level="novice", levels=levels, score=1.0))
    assert not met(leaf, rules.OutcomeFact("1", "o", NOW, level="expert", levels=("expert",)))
    assert not met(leaf, rules.OutcomeFact("1", "o", NOW, score=1.0))


def test_a_badge_counts_from_its_version_and_an_equivalent_in_any() -> None:
    leaf = {"badge": "a", "minimum_version": 2, "or_equivalent": True}
    assert met(leaf, badge("a", version=2))
    assert not met(leaf, badge("a", version=1))
    assert not met(leaf, badge("a"))
    assert met(leaf, badge("b", version=1), equivalents={"a": frozenset({"b"})})
    assert not met({"badge": "a"}, badge("b"), equivalents={"a": frozenset({"b"})})


def test_credits_of_one_source_count_once_however_many_skills_it_has() -> None:
    leaf = {"credits": 5, "skills": ["weld"]}
    narrower = {"weld": frozenset({"mig", "tig"})}
    three = [rules.CreditFact("x", key, NOW, amount=Decimal(3)) for key in ("weld", "mig", "tig")]
    assert not met(leaf, *three, narrower=narrower)
    assert met(leaf, *three, rules.CreditFact("y", "tig", NOW, amount=Decimal("2")), narrower=narrower)
    assert not met(leaf, rules.CreditFact("y", "tig", NOW, amount=Decimal(9)))


def test_the_other_leaves_ask_for_their_own_kind_of_fact() -> None:
    external = rules.external_key("https://i.example", "https://a.example")
    pairs = [
        ({"grade": "c", "minimum": 0.7}, rules.GradeFact("1", "c", NOW, score=0.7)),
        ({"block": "k"}, rules.BlockFact("1", "k", NOW)),
        ({"signoff": "k", "role": "assessor"}, rules.SignOffFact("1", "k", NOW, role="assessor")),
        (
            {"external": "https://a.example", "issuer": "https://i.example"},
            rules.ExternalFact("1", external, NOW),
        ),
    ]
    for position, (leaf, _fact) in enumerate(pairs):
        assert [met(leaf, fact) for _leaf, fact in pairs] == [n == position for n in range(len(pairs))]
    assert not met(pairs[0][0], rules.GradeFact("1", "c", NOW, score=0.69))
    assert not met(pairs[2][0], rules.SignOffFact("1", "k", NOW, role="learner"))


def test_a_sign_off_can_stand_against_an_award() -> None:
    rule = {"all": [{"badge": "a"}, {"not": {"signoff": "suspended", "role": "steward"}}]}
    assert met(rule, badge("a"))
    assert not met(rule, badge("a"), rules.SignOffFact("2", "suspended", NOW, role="steward"))


def test_recency_ends_to_the_moment_and_on_the_calendar() -> None:
    leaf = {"badge": "a", "within": "P3Y"}
    earned = datetime(2024, 2, 29, 8, tzinfo=UTC)
    ends = datetime(2027, 2, 28, 8, tzinfo=UTC)
    assert met(leaf, badge("a", at=earned), now=ends - timedelta(microseconds=1))
    assert not met(leaf, badge("a", at=earned), now=ends)


def test_a_range_of_days_holds_both_its_days() -> None:
    leaf = {"badge": "a", "from": "2026-01-01", "until": "2026-01-31"}
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)
    assert met(leaf, badge("a", at=first)) and met(leaf, badge("a", at=last))
    assert not met(leaf, badge("a", at=first - timedelta(seconds=1)))
    assert not met(leaf, badge("a", at=last + timedelta(seconds=1)))


def test_a_deadline_looks_at_the_clock_and_not_at_facts() -> None:
    rule = {"all": [{"badge": "a"}, {"time": {"until": "2026-03-01T13:00:00+01:00"}}]}
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert met(rule, badge("a"), now=noon - timedelta(seconds=1))
    assert not met(rule, badge("a"), now=noon)


def test_a_fact_that_ended_counts_no_more() -> None:
    assert met({"badge": "a"}, badge("a", until=NOW + timedelta(seconds=1)))
    assert not met({"badge": "a"}, badge("a", until=NOW))


def test_the_verdict_names_the_facts_that_carry_it() -> None:
    rule = {"any": [{"badge": "a"}, {"all": [{"badge": "b"}, {"badge": "c"}]}]}
    verdict = rules.evaluate(
        node(rule), rules.Facts([badge("a", "x"), badge("a", "y"), badge("b", "z")]), NOW
    )
    assert verdict.met == (rules.MetLeaf(rules.BadgeLeaf("a"), ("x", "y")),)
    partly = rules.evaluate(node(rule), rules.Facts([badge("b", "z")]), NOW)
    assert not partly.satisfied
    assert partly.met == (rules.MetLeaf(rules.BadgeLeaf("b"), ("z",)),)


def test_a_fact_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        rules.Facts([badge("a", at=datetime(2026, 1, 1))])  # noqa: DTZ001


def test_time_alone_changes_a_verdict_at_the_named_moment() -> None:
    rule = node({"all": [{"badge": "a", "within": "P1Y"}, {"time": {"until": "2026-12-31"}}]})
    facts = rules.Facts(
        [
            badge("a", at=datetime(2025, 6, 1, tzinfo=UTC)),
            badge("a", "2", at=datetime(2025, 7, 1, tzinfo=UTC)),
        ]
    )
    assert rules.next_change(rule, facts, NOW) == datetime(2026, 7, 1, tzinfo=UTC)
    assert rules.next_change(node({"badge": "a"}), facts, NOW) is None
    later = node({"time": {"from": "2026-04-01"}})
    assert rules.next_change(later, rules.Facts(), NOW) == datetime(2026, 4, 1, tzinfo=UTC)
    assert rules.depends_on_time(rule) and not rules.depends_on_time(
        node({"badge": "a", "until": "2026-01-01"})
    )


def test_the_largest_tree_with_everything_shared_is_judged_quickly() -> None:
    pool = [rules.BadgeLeaf(f"b{n}") for n in range(240)]
    members = tuple(rules.AnyOf((pool[n], pool[(n * 7 + 1) % 240])) for n in range(160))
    tree = rules.AtLeast(160, members)
    facts = rules.Facts([badge(leaf.key, leaf.key) for leaf in pool])
    begin = time.process_time()
    rules.evaluate(tree, facts, NOW)
    assert time.process_time() - begin < 1.0


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2025-01-31", "P1M", "2025-02-28"),
        ("2025-01-31", "P1M1D", "2025-03-01"),
        ("2025-12-15", "P14M", "2027-02-15"),
        ("2025-03-01", "P30D", "2025-03-31"),
        ("9999-06-01", "P1Y", "9999-12-31"),
    ],
)
def test_periods_are_added_on_the_calendar(start: str, period: str, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert rules.Period.read(period).after(moment).date().isoformat() == end
    assert str(rules.Period.read(period)) == period
