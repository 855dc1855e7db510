"""Random trees of every kind, and random facts that often meet them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from microcred_app import rules

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = ["a", "b", "c", "d"]
LEVELS = ("novice", "able", "expert")
ISSUER = "https://other.example/issuer"
RELATIONS = rules.Relations(
    equivalents={"a": frozenset({"b"}), "c": frozenset({"a", "d"})},
    narrower={"a": frozenset({"b", "d"})},
)

keys = st.sampled_from(KEYS)
periods = st.sampled_from([rules.Period(days=30), rules.Period(months=18), rules.Period(years=3)])
days = st.sampled_from([date(2024, 2, 29), date(2026, 1, 1), NOW + timedelta(hours=2)])
later_days = st.sampled_from([date(2026, 3, 1), date(2026, 6, 30), NOW + timedelta(days=40)])
windows = st.one_of(
    st.just(rules.ANY_TIME),
    st.builds(rules.Window, st.none() | periods, st.none() | days, st.none() | later_days),
)
amounts = st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("2.25"), Decimal(3)])


def fact_leaves(window: st.SearchStrategy[rules.Window]) -> st.SearchStrategy[rules.Leaf]:
    return st.one_of(
        st.builds(rules.OutcomeLeaf, keys, st.sampled_from([0.0, 0.5, 1.0]), window=window),
        st.builds(rules.OutcomeLeaf, keys, minimum_level=st.sampled_from(LEVELS), window=window),
        st.builds(rules.BadgeLeaf, keys, st.sampled_from([None, 1, 2]), st.booleans(), window),
        st.builds(rules.GradeLeaf, keys, st.sampled_from([0.5, 0.7]), window),
        st.builds(rules.BlockLeaf, keys, window),
        st.builds(
            rules.CreditsLeaf,
            st.sets(keys, min_size=1, max_size=2).map(lambda found: tuple(sorted(found))),
            amounts,
            window,
        ),
        st.builds(rules.SignOffLeaf, keys, st.sampled_from(["assessor", "steward"]), window),
        st.builds(rules.StandingLeaf, keys, st.sampled_from(["passed", "certified"]), st.just(""), window),
        st.builds(
            rules.StandingLeaf, keys, st.just("cohort"), st.sampled_from(["Evening", "x" * 80]), window
        ),
        st.builds(rules.ExternalLeaf, st.just(ISSUER), keys, window),
    )


times = st.builds(rules.TimeLeaf, days, st.none() | later_days) | st.builds(
    rules.TimeLeaf, st.none(), later_days
)


def groups(children: st.SearchStrategy[rules.Node]) -> st.SearchStrategy[rules.Node]:
    members = st.lists(children, min_size=1, max_size=4, unique=True).map(tuple)
    counted = members.flatmap(lambda m: st.integers(1, len(m)).map(lambda n: rules.AtLeast(n, m)))
    return members.map(rules.AllOf) | members.map(rules.AnyOf) | counted | members.flatmap(pointed)


def pointed(members: tuple[rules.Node, ...]) -> st.SearchStrategy[rules.Node]:
    weights = st.tuples(*[amounts] * len(members))
    return weights.flatmap(
        lambda found: st.sampled_from([found[0], sum(found, Decimal(0))]).map(
            lambda minimum: rules.Points(minimum, members, found)
        )
    )


plain_trees = st.recursive(fact_leaves(st.just(rules.ANY_TIME)), groups, max_leaves=10)
sign_offs = st.builds(rules.SignOffLeaf, keys, st.sampled_from(["assessor", "steward"]), windows)
negations = st.recursive(sign_offs | times, groups, max_leaves=3).map(rules.Not)
trees = st.recursive(fact_leaves(windows) | times | negations, groups, max_leaves=10)

ids = st.integers(1, 6).map(str)
moments = st.sampled_from(
    [NOW - timedelta(days=n) for n in (0, 1, 29, 30, 31, 59, 500, 600, 1094, 1095, 1096, 2000)]
)
ends = st.none() | st.sampled_from([NOW, NOW + timedelta(days=10), NOW - timedelta(days=1)])


def known_facts(until: st.SearchStrategy[datetime | None]) -> st.SearchStrategy[list[rules.Fact]]:
    when = {"until": until}
    scores = st.sampled_from([0.0, 0.5, 0.7, 1.0])
    return st.lists(
        st.one_of(
            st.builds(
                rules.OutcomeFact,
                ids,
                keys,
                moments,
                score=st.none() | scores,
                level=st.sampled_from(["", *LEVELS]),
                levels=st.just(LEVELS),
                **when,
            ),
            st.builds(rules.BadgeFact, ids, keys, moments, version=st.sampled_from([1, 2, None]), **when),
            st.builds(rules.GradeFact, ids, keys, moments, score=scores, **when),
            st.builds(rules.BlockFact, ids, keys, moments, **when),
            st.builds(rules.CreditFact, ids, keys, moments, amount=amounts, **when),
            st.builds(
                rules.SignOffFact,
                ids,
                keys,
                moments,
                role=st.sampled_from(["assessor", "steward"]),
                **when,
            ),
            st.builds(
                rules.StandingFact,
                ids,
                keys,
                moments,
                code=st.sampled_from(["passed", "certified", "cohort:Evening"]),
                **when,
            ),
            st.builds(
                rules.ExternalFact,
                ids,
                keys.map(lambda key: rules.external_key(ISSUER, key)),
                moments,
                **when,
            ),
        ),
        max_size=12,
    )


relations = st.sampled_from([rules.Relations(), RELATIONS])
fact_lists = known_facts(ends)
lasting_facts = known_facts(st.none())
facts = st.builds(rules.Facts, fact_lists, relations)


def deed(leaf: rules.Leaf, number: int) -> rules.Fact:
    """A real fact that meets the leaf generously."""
    name = f"deed {number}"
    match leaf:
        case rules.OutcomeLeaf():
            level = leaf.minimum_level
            return rules.OutcomeFact(name, leaf.key, NOW, score=1.0, level=level, levels=(level,))
        case rules.BadgeLeaf():
            return rules.BadgeFact(name, leaf.key, NOW, version=9)
        case rules.GradeLeaf():
            return rules.GradeFact(name, leaf.key, NOW, score=1.0)
        case rules.CreditsLeaf():
            return rules.CreditFact(name, leaf.skills[0], NOW, amount=leaf.minimum)
        case rules.SignOffLeaf():
            return rules.SignOffFact(name, leaf.key, NOW, role=leaf.role)
        case rules.StandingLeaf():
            return rules.StandingFact(name, leaf.key, NOW, code=leaf.code)
        case rules.ExternalLeaf():
            return rules.ExternalFact(name, leaf.key, NOW)
    return rules.BlockFact(name, leaf.key, NOW)


@st.composite
def cases(
    draw: st.DrawFn, tree: st.SearchStrategy[rules.Node] = trees, until: bool = True
) -> tuple[rules.Node, list[rules.Fact], rules.Relations]:
    """A tree with facts of which some were made for it, so that verdicts of both kinds are common."""
    node = draw(tree)
    leaves = [p for p in rules.walk(node) if not hasattr(p, "members") and not hasattr(p, "member")]
    made = [
        deed(leaf, number)
        for number, leaf in enumerate(leaves)
        if not isinstance(leaf, rules.TimeLeaf) and draw(st.integers(0, 3))
    ]
    return node, [*made, *draw(fact_lists if until else lasting_facts)], draw(relations)
