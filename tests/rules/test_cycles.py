"""Circles of badges."""

from microcred_app import rules


def test_a_circle_of_badges_is_named_in_full() -> None:
    needs = {"a": ["b"], "b": ["x", "c"], "c": ["a"], "x": []}
    assert rules.find_cycle(needs, "a") == ("a", "b", "c", "a")
    assert rules.find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, "a") == ()


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    chain = {str(i): [str(i + 1)] for i in range(50_000)}
    assert rules.find_cycle(chain, "0") == ()


def test_a_circle_through_an_equivalent_and_an_outside_address_is_named_in_full() -> None:
    achievement, issuer = "https://us.example/achievements/b", "https://us.example/issuers/us"
    relations = rules.Relations(
        equivalents={"x": frozenset({"c"})},
        own_externals={rules.external_key(issuer, achievement): "b"},
    )
    trees = {
        "a": {"external": achievement, "issuer": issuer},
        "b": {"badge": "x", "or_equivalent": True},
        "c": {"all": [{"badge": "a"}, {"outcome": "o"}]},
    }
    needs = {key: rules.badge_needs(rules.parse_requirement(tree), relations) for key, tree in trees.items()}
    assert rules.find_cycle(needs, "a") == ("a", "b", "c", "a")
    assert rules.badge_needs(rules.parse_requirement({"badge": "x"}), relations) == {"x"}
