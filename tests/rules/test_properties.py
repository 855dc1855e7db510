"""What holds for every tree and every learner."""

import random
from datetime import datetime, timedelta
from itertools import combinations, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from microcred_app import rules

from .strategies import NOW, cases, deed, lasting_facts, plain_trees, trees

Case = tuple[rules.Node, list[rules.Fact], rules.Relations]


def with_facts(case: Case) -> tuple[rules.Node, rules.Facts]:
    tree, known, related = case
    return tree, rules.Facts(known, related)


def holds(node: rules.Node, known: rules.Facts, at: datetime = NOW) -> bool:
    return rules.evaluate(node, known, at).satisfied


def meaning(node: rules.Node, known: rules.Facts) -> bool:
    """The definition of groups, written the other way: by trying every choice of a thing for every member."""
    if isinstance(node, rules.AllOf):
        return all(meaning(member, known) for member in node.members)
    if isinstance(node, rules.AnyOf):
        return any(meaning(member, known) for member in node.members)
    if isinstance(node, rules.Not):
        return not meaning(node.member, known)
    if not isinstance(node, rules.AtLeast | rules.Points):
        return holds(node, known)
    counts = isinstance(node, rules.AtLeast)
    weights = [1] * len(node.members) if counts else node.weights
    met = [(w, things(m, known)) for m, w in zip(node.members, weights, strict=True) if meaning(m, known)]
    needed = node.count if counts else node.minimum
    return any(
        sum(weight for weight, _things in chosen) >= needed and representable([t for _w, t in chosen])
        for size in range(len(met) + 1)
        for chosen in combinations(met, size)
    )


def things(node: rules.Node, known: rules.Facts) -> set:
    """What a met node brings."""
    if isinstance(node, rules.Not):
        return {node}
    if isinstance(node, rules.AllOf | rules.AnyOf | rules.AtLeast | rules.Points):
        return {thing for m in node.members if meaning(m, known) for thing in things(m, known)}
    if isinstance(node, rules.BadgeLeaf):
        return {("badge", fact.key) for fact in known if holds(node, rules.Facts([fact], known.relations))}
    if isinstance(node, rules.TimeLeaf):
        return {node}
    return {(node.kind, node.skills if isinstance(node, rules.CreditsLeaf) else node.key)}


def representable(choices: list[set]) -> bool:
    if not choices:
        return True
    first, *others = choices
    return any(representable([other - {thing} for other in others]) for thing in first)


@settings(max_examples=300, deadline=None)
@given(cases().map(with_facts))
def test_evaluation_is_the_definition(case: tuple[rules.Node, rules.Facts]) -> None:
    tree, known = case
    assert holds(tree, known) == meaning(tree, known)


@settings(deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(case: Case, chance: random.Random) -> None:
    tree, known, related = case
    again = [*known, *known]
    chance.shuffle(again)
    one = rules.evaluate(tree, rules.Facts(known, related), NOW)
    assert rules.evaluate(tree, rules.Facts(again, related), NOW) == one


@settings(deadline=None)
@given(cases(plain_trees, until=False), lasting_facts)
def test_learning_more_never_takes_a_badge_away(case: Case, more: list[rules.Fact]) -> None:
    tree, known, related = case
    if holds(tree, rules.Facts(known, related)):
        assert holds(tree, rules.Facts([*known, *more], related))


@settings(deadline=None)
@given(cases().map(with_facts))
def test_the_named_facts_alone_carry_the_verdict(case: tuple[rules.Node, rules.Facts]) -> None:
    tree, known = case
    verdict = rules.evaluate(tree, known, NOW)
    ids = {pk for met in verdict.met for pk in met.facts}
    if verdict.satisfied:
        assert holds(tree, rules.Facts([fact for fact in known if fact.id in ids], known.relations))
    assert all(holds(met.leaf, known) for met in verdict.met)


@settings(deadline=None)
@given(cases().map(with_facts))
def test_nothing_changes_before_the_next_change_and_then_it_does(
    case: tuple[rules.Node, rules.Facts],
) -> None:
    tree, known = case
    change = rules.next_change(tree, known, NOW)
    before = holds(tree, known)
    probes = [NOW + timedelta(days=n) for n in (1, 9, 10, 11, 29, 30, 31, 41, 130, 400, 1200, 4000)]
    for probe in probes:
        if change is None or probe < change:
            assert holds(tree, known, probe) == before
    if change is not None:
        assert change > NOW
        assert holds(tree, known, change) != before
        assert holds(tree, known, change - timedelta(microseconds=1)) == before


@settings(deadline=None)
@given(cases().map(with_facts))
def test_the_explanation_is_done_exactly_where_the_evaluation_is_satisfied(
    case: tuple[rules.Node, rules.Facts],
) -> None:
    tree, known = case
    explained = rules.explain(tree, known, NOW)
    for part in explained.parts():
        assert (part.state is rules.State.DONE) == holds(part.node, known)
    if holds(tree, known):
        assert not rules.missing(tree, known, NOW)
    elif not rules.missing(tree, known, NOW):
        assert not explained.ways, (
            "nothing is missing only where nothing helps: the rule counts one thing often"
        )
    assert not (explained.ways and holds(tree, known))


@settings(deadline=None)
@given(cases(plain_trees, until=False).map(with_facts))
def test_what_is_missing_would_earn_it(case: tuple[rules.Node, rules.Facts]) -> None:
    tree, known = case
    done = [deed(leaf, n) for n, leaf in enumerate(rules.missing(tree, known, NOW))]
    # A group that asks for more than its members can bring, since several are about one thing, says that it is closed.
    closed = rules.explain(tree, known, NOW).root.state is rules.State.CLOSED
    assert holds(tree, known.also(done)) != closed


@settings(max_examples=200, deadline=None)
@given(cases(plain_trees, until=False).map(with_facts))
def test_every_way_finishes_and_none_holds_a_superfluous_step(case: tuple[rules.Node, rules.Facts]) -> None:
    tree, known = case
    explained = rules.explain(tree, known, NOW)
    assert (not explained.ways) == (explained.root.state in (rules.State.DONE, rules.State.CLOSED))
    for way in explained.ways:
        leaves = [step.node for step in way.steps]
        assert holds(tree, known.also(least(leaves, known)))
        for left_out in range(len(leaves)):
            fewer = leaves[:left_out] + leaves[left_out + 1 :]
            assert not holds(tree, known.also(least(fewer, known)))


def least(leaves: list[rules.Leaf], known: rules.Facts) -> list[rules.Fact]:
    """What exactly meets each leaf and nothing more."""
    found = []
    for number, leaf in enumerate(leaves):
        fact = deed(leaf, number)
        if isinstance(leaf, rules.OutcomeLeaf):
            score = None if leaf.minimum_level else leaf.minimum_score
            fact = rules.OutcomeFact(
                fact.id, leaf.key, NOW, score=score, level=fact.level, levels=fact.levels
            )
        elif isinstance(leaf, rules.BadgeLeaf):
            fact = rules.BadgeFact(fact.id, leaf.key, NOW, version=leaf.minimum_version)
        elif isinstance(leaf, rules.GradeLeaf):
            fact = rules.GradeFact(fact.id, leaf.key, NOW, score=leaf.minimum)
        elif isinstance(leaf, rules.CreditsLeaf):
            part = next(p for p in rules.explain(leaf, known, NOW).parts())
            fact = rules.CreditFact(fact.id, leaf.skills[0], NOW, amount=part.needed - part.reached)
        found.append(fact)
    return found


@settings(max_examples=100, deadline=None)
@given(cases(plain_trees, until=False).map(with_facts), st.integers(0, 3))
def test_the_first_way_is_the_cheapest_when_nothing_was_left_out(
    case: tuple[rules.Node, rules.Facts], salt: int
) -> None:
    tree, known = case
    leaves = [part for part in rules.walk(tree) if not hasattr(part, "members")]
    offers = {
        leaf: rules.Offer(minutes=(n * 7 + salt) % 5 + 1) for n, leaf in enumerate(dict.fromkeys(leaves))
    }
    explained = rules.explain(tree, known, NOW, offers)
    if not (explained.complete and explained.ways):
        return
    best = explained.ways[0]
    assert best.exact
    for size in range(len(best.steps) + 1):
        for chosen in combinations(offers, size):
            if sum(offers[leaf].minutes for leaf in chosen) < best.minutes:
                assert not holds(tree, known.also(least(list(chosen), known)))


@settings(max_examples=200, deadline=None)
@given(trees)
def test_stored_and_read_again_it_is_the_same_tree(tree: rules.Node) -> None:
    assert rules.parse_requirement(rules.to_json(tree)) == tree
    assert rules.read_json(rules.write_json(tree)) == tree
    assert rules.read_yaml(rules.write_yaml(tree)) == tree


@settings(max_examples=200, deadline=None)
@given(cases().map(with_facts))
def test_a_simpler_tree_means_the_same(case: tuple[rules.Node, rules.Facts]) -> None:
    tree, known = case
    simple = rules.simplify(tree, known.relations)
    assert holds(simple, known) == holds(tree, known)
    assert rules.simplify(simple, known.relations) == simple
    assert len(list(rules.walk(simple))) <= len(list(rules.walk(tree)))


@settings(max_examples=200, deadline=None)
@given(cases().map(with_facts))
def test_lint_never_calls_a_rule_impossible_that_somebody_meets(case: tuple[rules.Node, rules.Facts]) -> None:
    tree, known = case
    kinds = {finding.kind for finding in rules.lint(tree, NOW, known.relations) if not finding.path}
    if holds(tree, known):
        assert rules.FindingKind.NOBODY not in kinds
    everybody = [f for f in rules.lint(tree, NOW, known.relations) if f.kind is rules.FindingKind.EVERYBODY]
    assert holds(tree, rules.Facts(relations=known.relations)) == any(f.since is None for f in everybody)


def unwrapped(node: rules.Node) -> object:
    """The tree without groups of one member, which mean their member."""
    match node:
        case rules.AllOf((only,)) | rules.AnyOf((only,)) | rules.AtLeast(1, (only,)):
            return unwrapped(only)
        case rules.AllOf(members) | rules.AnyOf(members):
            return (type(node), tuple(map(unwrapped, members)))
        case rules.AtLeast(count, members):
            return (type(node), count, tuple(map(unwrapped, members)))
        case rules.Points(minimum, members, weights):
            return (type(node), minimum, weights, tuple(map(unwrapped, members)))
        case rules.Not(member):
            return (type(node), unwrapped(member))
    return node


TITLES = rules.Names(
    badges={"a": "X” and holds the badge “Y", "b": "Y", "c": "Y", "d": "Y [c]"},
    outcomes={"a": "Weld.", "b": "Weld", "c": "(Weld) or shows", "d": "weld; weld"},
    skills={"a": "S", "b": "S", "c": "T and U", "d": "T” and “U"},
    sign_offs={"a": "P", "b": "P ", "c": "P\u202e", "d": "P” signed off"},
)


@settings(max_examples=300, deadline=None)
@given(st.lists(trees, min_size=2, max_size=6))
def test_two_trees_never_have_one_sentence(several: list[rules.Node]) -> None:
    for one, other in permutations(several, 2):
        if unwrapped(one) != unwrapped(other):
            assert rules.say(one, TITLES) != rules.say(other, TITLES)
        assert rules.say(one, rules.Names()) != rules.say(other, rules.Names()) or unwrapped(
            one
        ) == unwrapped(other)
