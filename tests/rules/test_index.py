"""One event finds the rules it concerns, and no others."""

from hypothesis import given, settings
from hypothesis import strategies as st

from microcred_app import rules

from .strategies import NOW, cases, trees


@settings(max_examples=150, deadline=None)
@given(st.lists(trees, min_size=1, max_size=5), cases())
def test_what_the_index_leaves_out_did_not_change(
    others: list[rules.Node], case: tuple[rules.Node, list[rules.Fact], rules.Relations]
) -> None:
    tree, known, relations = case
    nodes = dict(enumerate([tree, *others]))
    index = rules.RuleIndex(nodes, relations)
    for fact in known:
        before = rules.Facts([other for other in known if other != fact], relations)
        after = rules.Facts(known, relations)
        mention = (fact.kind, fact.key)
        changed = {
            key
            for key, node in nodes.items()
            if rules.is_met(node, before, NOW) != rules.is_met(node, after, NOW)
        }
        assert changed <= set(index.mentioning([mention]))
        assert dict(index.met([mention], after, NOW)) == {
            key: rules.evaluate(nodes[key], after, NOW)
            for key in index.mentioning([mention])
            if rules.is_met(nodes[key], after, NOW)
        }


def test_an_equivalent_and_a_narrower_skill_concern_rules_that_do_not_name_them() -> None:
    relations = rules.Relations({"a": frozenset({"b"})}, {"s": frozenset({"t"})})
    index = rules.RuleIndex(
        {
            "exact": rules.parse_requirement({"badge": "a"}),
            "open": rules.parse_requirement({"badge": "a", "or_equivalent": True}),
            "credits": rules.parse_requirement({"credits": 1, "skills": ["s"]}),
        },
        relations,
    )
    assert index.mentioning([("badge", "b")]) == ("open",)
    assert set(index.mentioning([("badge", "a")])) == {"exact", "open"}
    assert index.mentioning([("credits", "t"), ("credits", "s")]) == ("credits",)


def test_a_rule_can_be_replaced_and_removed() -> None:
    index = rules.RuleIndex({"r": rules.parse_requirement({"badge": "a", "within": "P1Y"})})
    assert index.timed() == ("r",)
    index.put("r", rules.parse_requirement({"badge": "b"}))
    assert index.mentioning([("badge", "a")]) == ()
    assert index.mentioning([("badge", "b")]) == ("r",)
    assert index.timed() == ()
    index.remove("r")
    index.remove("r")
    assert len(index) == 0
    assert index.mentioning([("badge", "b")]) == ()
