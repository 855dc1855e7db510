"""A million learners get the verdicts they would get one by one."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcred_app import rules

from .strategies import NOW, cases, lasting_facts, trees


@settings(max_examples=200, deadline=None)
@given(cases(trees), st.lists(lasting_facts, max_size=6))
def test_bulk_agrees_with_evaluation_for_every_tree(
    case: tuple[rules.Node, list[rules.Fact], rules.Relations], others: list[list[rules.Fact]]
) -> None:
    tree, known, relations = case
    people = [rules.Facts(facts, relations) for facts in (known, [], *others)]
    leaves = rules.leaves_to_gather([tree])
    met = rules.gather(
        ((leaf, [n for n, facts in enumerate(people) if rules.is_met(leaf, facts, NOW)]) for leaf in leaves),
        len(people),
    )
    population = rules.Population(
        len(people),
        met,
        NOW,
        relations=relations,
        judge=lambda learner, node: rules.is_met(node, people[learner], NOW),
    )
    found = rules.learners_in(population.satisfying(tree), len(people))
    assert found == [n for n, facts in enumerate(people) if rules.is_met(tree, facts, NOW)]


@given(st.lists(st.integers(0, 99)), st.integers(100, 130))
def test_a_set_of_learners_is_its_list_without_order_and_repetition(learners: list[int], size: int) -> None:
    packed = rules.pack_learners(learners, size)
    assert rules.learners_in(packed, size) == sorted(set(learners))
    assert packed.bit_count() == len(set(learners))


@given(
    st.lists(
        st.tuples(st.sampled_from(["0.5", "1", "2.25", "3", "17", "0.001"]), st.integers(0, 2**12 - 1)),
        min_size=1,
        max_size=9,
    ),
    st.data(),
)
def test_counters_of_weights_never_overflow(members: list[tuple[str, int]], data: st.DataObject) -> None:
    weights = tuple(Decimal(weight) for weight, _learners in members)
    minimum = data.draw(
        st.sampled_from([weights[0], sum(weights), sum(weights) / 2]).map(lambda d: round(d, 3) or Decimal(1))
    )
    leaves = tuple(rules.BadgeLeaf(f"b{n}") for n in range(len(members)))
    population = rules.Population(
        12, {leaf: bits for leaf, (_w, bits) in zip(leaves, members, strict=True)}, NOW
    )
    found = population.satisfying(rules.Points(minimum, leaves, weights))
    for place in range(12):
        total = sum(weight for weight, (_w, bits) in zip(weights, members, strict=True) if bits >> place & 1)
        assert bool(found >> place & 1) == (total >= minimum)


def test_single_learners_are_judged_only_where_one_thing_could_count_twice() -> None:
    a, b, c = (rules.BadgeLeaf(key) for key in "abc")
    tree = rules.AtLeast(2, (rules.AnyOf((a, b)), rules.AnyOf((a, c))))
    held = [{"a"}, {"a", "b"}, {"b", "c"}, set(), {"b"}]
    met = {
        leaf: rules.pack_learners([n for n, keys in enumerate(held) if leaf.key in keys], 5)
        for leaf in (a, b, c)
    }
    asked: list[int] = []

    def judge(learner: int, node: rules.Node) -> bool:
        asked.append(learner)
        facts = rules.Facts([rules.BadgeFact(key, key, NOW) for key in held[learner]])
        return rules.is_met(node, facts, NOW)

    assert rules.learners_in(rules.Population(5, met, NOW, judge=judge).satisfying(tree), 5) == [1, 2]
    assert asked == [0, 1, 2]
    with pytest.raises(rules.LeafNotGathered, match="3 learners may count one thing twice"):
        rules.Population(5, met, NOW).satisfying(tree)


def test_a_leaf_that_nobody_gathered_is_an_error_and_not_a_no() -> None:
    with pytest.raises(rules.LeafNotGathered, match="Nobody said which learners meet"):
        rules.Population(3, {}, NOW).satisfying(rules.BadgeLeaf("a"))


@pytest.mark.parametrize("learners", [[3], [10**30]])
def test_a_number_outside_the_population_is_refused(learners: list[int]) -> None:
    with pytest.raises(ValueError, match="not from 0 to 2"):
        rules.pack_learners(learners, 3)
    with pytest.raises(ValueError, match="not from 0 to 2"):
        rules.pack_learners([-1], 3)
