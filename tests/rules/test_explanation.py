"""What a learner is told: examples."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from microcred_app import rules

from .strategies import NOW

SAFETY = rules.BadgeLeaf("safety", window=rules.Window(rules.Period(years=2)))
M1, M2, M3 = (rules.BadgeLeaf(key) for key in ("m1", "m2", "m3"))
OPERATOR = rules.AllOf((SAFETY, rules.AtLeast(2, (M1, M2, M3))))
OFFERS = {
    SAFETY: rules.Offer("Safety first", 40, "/safety"),
    M1: rules.Offer("Pumps", 90, "/m1"),
    M2: rules.Offer("Valves", 30, "/m2"),
    M3: rules.Offer("Motors", 60, "/m3"),
}


def held(key: str, days: int = 0) -> rules.BadgeFact:
    return rules.BadgeFact(f"award-{key}", key, NOW - timedelta(days=days))


def test_done_missing_and_expired_are_told_apart() -> None:
    explained = rules.explain(OPERATOR, rules.Facts([held("safety", 800), held("m1")]), NOW, OFFERS)
    states = {part.path: part.state for part in explained.parts()}
    assert states == {
        "": rules.State.MISSING,
        "all[0]": rules.State.EXPIRED,
        "all[1]": rules.State.MISSING,
        "all[1].of[0]": rules.State.DONE,
        "all[1].of[1]": rules.State.MISSING,
        "all[1].of[2]": rules.State.MISSING,
    }
    group = explained.root.members[1]
    assert (group.reached, group.needed) == (1, 2)
    assert explained.root.members[0].facts == ("award-safety",)


def test_the_ways_to_finish_come_cheapest_first_with_minutes_and_links() -> None:
    explained = rules.explain(OPERATOR, rules.Facts([held("safety", 800), held("m1")]), NOW, OFFERS)
    assert [(way.minutes, [step.offer.link for step in way.steps]) for way in explained.ways] == [
        (70, ["/safety", "/m2"]),
        (100, ["/safety", "/m3"]),
    ]
    assert explained.complete


def test_a_step_of_unknown_length_comes_after_known_ones() -> None:
    explained = rules.explain(rules.AnyOf((M1, M2)), rules.Facts(), NOW, {M2: OFFERS[M2]})
    assert [step.node for way in explained.ways for step in way.steps] == [M2, M1]
    assert [way.exact for way in explained.ways] == [True, False]


def test_one_step_that_serves_two_branches_is_taken_once() -> None:
    both = rules.AllOf((rules.AnyOf((M1, M2)), rules.AnyOf((M1, M3))))
    explained = rules.explain(both, rules.Facts(), NOW, OFFERS)
    assert [len(way.steps) for way in explained.ways] == [1, 2]


def test_a_step_also_does_what_asks_for_less() -> None:
    both = rules.AllOf((rules.OutcomeLeaf("o", 0.5), rules.OutcomeLeaf("o", 0.8)))
    (way,) = rules.explain(both, rules.Facts(), NOW).ways
    assert [step.node for step in way.steps] == [rules.OutcomeLeaf("o", 0.8)]


def test_what_lapses_says_when() -> None:
    explained = rules.explain(SAFETY, rules.Facts([held("safety", 10)]), NOW)
    assert explained.root.until == rules.Period(years=2).after(NOW - timedelta(days=10))


def test_a_time_that_will_come_is_waited_for_and_one_that_passed_closes_the_road() -> None:
    soon = rules.parse_requirement({"all": [{"badge": "m1"}, {"time": {"from": "2026-04-01"}}]})
    explained = rules.explain(soon, rules.Facts([held("m1")]), NOW)
    (way,) = explained.ways
    assert way.steps[0].opens_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert explained.root.members[1].state is rules.State.WAITING
    over = rules.parse_requirement({"all": [{"badge": "m1"}, {"time": {"until": "2026-02-01"}}]})
    explained = rules.explain(over, rules.Facts(), NOW)
    assert explained.root.state is rules.State.CLOSED
    assert explained.ways == ()


def test_a_sign_off_against_the_learner_closes_the_road() -> None:
    rule = rules.parse_requirement({"all": [{"badge": "m1"}, {"not": {"signoff": "ban", "role": "dean"}}]})
    explained = rules.explain(rule, rules.Facts([rules.SignOffFact("1", "ban", NOW, role="dean")]), NOW)
    assert explained.root.state is rules.State.CLOSED
    assert [part.path for part in explained.parts() if part.state is rules.State.CLOSED] == ["", "all[1]"]


def test_credits_say_how_many_are_there() -> None:
    leaf = rules.CreditsLeaf(("s",), Decimal(6))
    explained = rules.explain(
        leaf, rules.Facts([rules.CreditFact("1", "s", NOW, amount=Decimal("2.5"))]), NOW
    )
    assert (explained.root.reached, explained.root.needed) == (Decimal("2.5"), Decimal(6))


def test_another_thing_is_asked_for_where_one_thing_stands_twice() -> None:
    tree = rules.AtLeast(2, (M1, rules.AnyOf((M1, M2))))
    facts = rules.Facts([held("m1")])
    assert rules.missing(tree, facts, NOW) == (M2,)
    (way,) = rules.explain(tree, facts, NOW, OFFERS).ways
    assert [step.node for step in way.steps] == [M2]


LEAVES = tuple(rules.BadgeLeaf(f"b{n}") for n in range(499))
GIANTS = {
    "half of five hundred": rules.AtLeast(250, LEAVES),
    "all of five hundred": rules.AllOf(LEAVES),
    "points": rules.Points(
        Decimal(30_000), LEAVES, tuple(Decimal(n * 7 % 311 + 1) + Decimal(n % 10) / 10 for n in range(499))
    ),
    "shared": rules.AtLeast(
        60, tuple(rules.AnyOf((LEAVES[n % 70], LEAVES[70 + n * 3 % 90])) for n in range(160))
    ),
    "any of all": rules.AllOf(tuple(rules.AnyOf((LEAVES[n], LEAVES[n + 160])) for n in range(160))),
}


@pytest.mark.parametrize("name", GIANTS)
def test_no_tree_makes_the_search_explode(name: str) -> None:
    tree = GIANTS[name]
    begin = time.process_time()
    explained = rules.explain(tree, rules.Facts(), NOW)
    assert time.process_time() - begin < 8
    assert 1 <= len(explained.ways) <= 5
    done = [rules.BadgeFact(str(n), step.node.key, NOW) for n, step in enumerate(explained.ways[0].steps)]
    assert rules.is_met(tree, rules.Facts(done), NOW)
