"""What a requirement means: examples, then properties over random trees."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from microcred_app import rules

KEYS = ["a", "b", "c", "d"]


def node(data: object) -> rules.Node:
    return rules.parse_requirement(data)


def test_two_of_three_counts_different_things() -> None:
    tree = node({"at_least": 2, "of": [{"badge": "a"}, {"badge": "b"}, {"badge": "c"}]})
    assert not rules.evaluate(tree, rules.Facts(badges=frozenset({"a"}))).satisfied
    verdict = rules.evaluate(tree, rules.Facts(badges=frozenset({"a", "c"})))
    assert verdict.satisfied
    assert verdict.met == (rules.BadgeLeaf("a"), rules.BadgeLeaf("c"))


def test_a_minimum_score_is_reached_exactly() -> None:
    tree = node({"outcome": "a", "minimum_score": 0.8})
    assert rules.evaluate(tree, rules.Facts(outcomes={"a": 0.8})).satisfied
    assert not rules.evaluate(tree, rules.Facts(outcomes={"a": 0.79})).satisfied
    assert not rules.evaluate(tree, rules.Facts()).satisfied


def test_the_sentence_has_one_reading() -> None:
    tree = node(
        {"all": [{"badge": "safety"}, {"any": [{"badge": "x"}, {"outcome": "y", "minimum_score": 0.5}]}]}
    )
    names = rules.Names(badges={"safety": "Safety", "x": "X"}, outcomes={"y": "Weld a seam"})
    assert rules.say(tree, names) == (
        "holds the badge “Safety” and (holds the badge “X” or shows: Weld a seam (at least 50 %))"
    )


def groups(children: st.SearchStrategy[rules.Node]) -> st.SearchStrategy[rules.Node]:
    members = st.lists(children, min_size=1, max_size=4, unique=True).map(tuple)
    wrap: list[Callable] = [rules.AllOf, rules.AnyOf]
    plain = st.builds(lambda make, m: make(m), st.sampled_from(wrap), members)
    counted = members.flatmap(lambda m: st.integers(1, len(m)).map(lambda n: rules.AtLeast(n, m)))
    return plain | counted


leaves = st.one_of(
    st.builds(rules.BadgeLeaf, st.sampled_from(KEYS)),
    st.builds(rules.OutcomeLeaf, st.sampled_from(KEYS), st.sampled_from([0.0, 0.5, 1.0])),
)
trees = st.recursive(leaves, groups, max_leaves=12)
facts = st.builds(
    rules.Facts,
    outcomes=st.dictionaries(st.sampled_from(KEYS), st.sampled_from([0.0, 0.4, 0.5, 1.0])),
    badges=st.frozensets(st.sampled_from(KEYS)),
)


def meaning(tree: rules.Node, known: rules.Facts) -> bool:
    """The definition, written the other way: by counting."""
    if isinstance(tree, rules.BadgeLeaf):
        return tree.key in known.badges
    if isinstance(tree, rules.OutcomeLeaf):
        return known.outcomes.get(tree.key, -1.0) >= tree.minimum_score
    met = sum(meaning(member, known) for member in tree.members)
    if isinstance(tree, rules.AllOf):
        return met == len(tree.members)
    return met >= (tree.count if isinstance(tree, rules.AtLeast) else 1)


@given(trees, facts)
def test_evaluation_is_the_definition(tree: rules.Node, known: rules.Facts) -> None:
    assert rules.evaluate(tree, known).satisfied == meaning(tree, known)


@given(trees, facts, facts)
def test_learning_more_never_takes_a_badge_away(tree: rules.Node, one: rules.Facts, two: rules.Facts) -> None:
    best = {
        key: max(one.outcomes.get(key, 0.0), two.outcomes.get(key, 0.0))
        for key in {*one.outcomes, *two.outcomes}
    }
    both = rules.Facts(best, one.badges | two.badges)
    if rules.evaluate(tree, one).satisfied:
        assert rules.evaluate(tree, both).satisfied


@given(trees, facts)
def test_what_is_missing_is_nothing_exactly_when_it_is_earned(tree: rules.Node, known: rules.Facts) -> None:
    missing = rules.missing(tree, known)
    assert (not missing) == rules.evaluate(tree, known).satisfied
    assert all(not known.meets(leaf) for leaf in missing)


@given(trees, facts)
def test_doing_everything_missing_earns_it(tree: rules.Node, known: rules.Facts) -> None:
    missing = rules.missing(tree, known)
    outcomes = dict(known.outcomes) | {
        leaf.key: 1.0 for leaf in missing if isinstance(leaf, rules.OutcomeLeaf)
    }
    badges = known.badges | {leaf.key for leaf in missing if isinstance(leaf, rules.BadgeLeaf)}
    assert rules.evaluate(tree, rules.Facts(outcomes, badges)).satisfied


@given(trees)
def test_storing_and_reading_changes_nothing(tree: rules.Node) -> None:
    assert rules.parse_requirement(rules.to_json(tree)) == tree
