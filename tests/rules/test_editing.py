"""Editing a requirement: every edit gives a tree that is one, or that says what it lacks; nothing gets lost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcred_app import rules
from microcred_app.rules import editing, outline
from tests.rules.strategies import trees

Edit = Callable[[outline.Tree, outline.Place], editing.Edited]

KEEPING: dict[str, Edit] = {
    "up": lambda tree, place: editing.move_member(tree, place, -1),
    "down": lambda tree, place: editing.move_member(tree, place, 1),
    "nest": editing.nest_member,
    "lift": editing.lift_member,
    "group": lambda tree, place: editing.group_member(tree, place, "any"),
    "ungroup": editing.ungroup_member,
    "count": lambda tree, place: editing.change_kind(tree, place, "at_least", 1),
    "points": lambda tree, place: editing.change_kind(tree, place, "points"),
    "negate": editing.negate_member,
}
OTHERS: dict[str, Edit] = {
    "add": lambda tree, place: editing.add_member(tree, place, {"badge": "new"}),
    "add group": lambda tree, place: editing.add_member(tree, place, {"any": []}),
    "remove": editing.remove_member,
    "replace": lambda tree, place: editing.replace_member(tree, place, {"outcome": "other"}),
    "amount": lambda tree, place: editing.set_amount(tree, place, 3),
    "weigh": lambda tree, place: editing.weigh_member(tree, place, 2.5),
}


def leaves(tree: outline.Tree) -> Counter[str]:
    """The leaves as texts, whatever groups stand around them and whatever they weigh."""
    parts = [part for _place, part in outline.walk_places(tree) if not outline.members_at(part)]
    return Counter(
        json.dumps({name: value for name, value in part.items() if name != "weight"}, sort_keys=True)
        for part in parts
        if outline.kind_of(part) not in outline.GROUP_KINDS
    )


def is_well_formed(tree: outline.Tree) -> bool:
    try:
        rules.parse_requirement(tree)
    except rules.RequirementError:
        return False
    return True


@st.composite
def steps(draw: st.DrawFn) -> tuple[outline.Tree, list[tuple[str, int]]]:
    tree = outline.open_tree(rules.to_json(draw(trees)))
    names = st.sampled_from([*KEEPING, *OTHERS])
    return tree, draw(st.lists(st.tuples(names, st.integers(0, 40)), max_size=8))


@given(steps())
def test_every_edit_keeps_a_tree_that_is_well_formed_or_says_what_it_lacks(given_steps: Any) -> None:
    tree, edits = given_steps
    for name, number in edits:
        places = [place for place, _part in outline.walk_places(tree)]
        place = places[number % len(places)]
        before = json.dumps(tree)
        kept = leaves(tree)
        try:
            edited = (KEEPING | OTHERS)[name](tree, place)
        except outline.EditRefused as refusal:
            assert str(refusal)
            assert json.dumps(tree) == before
            continue
        assert json.dumps(tree) == before, "undo is keeping the tree of before"
        outline.find(edited.tree, edited.place)
        problems = outline.problems_of(edited.tree)
        assert bool(problems) != is_well_formed(edited.tree)
        for problem in problems:
            outline.find(edited.tree, problem.place)
            assert problem.error.say(lambda text: text)
        if name in KEEPING:
            assert leaves(edited.tree) == kept
        assert outline.open_tree(edited.tree) == edited.tree
        tree = edited.tree


@given(trees)
def test_opening_and_closing_changes_nothing(node: rules.Node) -> None:
    data = rules.to_json(node)
    assert outline.close_tree(outline.open_tree(data), data) is data
    assert outline.problems_of(outline.open_tree(data)) == ()


@given(trees, st.lists(st.integers(0, 3), min_size=1, max_size=3).map(tuple))
def test_moving_back_restores(node: rules.Node, place: outline.Place) -> None:
    tree = outline.open_tree(rules.to_json(node))
    try:
        moved = editing.move_member(tree, place, 1)
    except outline.EditRefused:
        return
    assert editing.move_member(moved.tree, moved.place, -1) == editing.Edited(tree, place)


SAFETY, PUMPS, VALVES = {"badge": "safety"}, {"badge": "pumps"}, {"badge": "valves"}


@pytest.mark.parametrize(
    ("edit", "before", "place", "after", "landed"),
    [
        ("nest", {"all": [SAFETY, PUMPS]}, (1,), {"all": [{"all": [SAFETY, PUMPS]}]}, (0, 1)),
        ("nest", {"all": [{"any": [SAFETY]}, PUMPS]}, (1,), {"all": [{"any": [SAFETY, PUMPS]}]}, (0, 1)),
        ("lift", {"all": [{"any": [SAFETY, PUMPS]}]}, (0, 0), {"all": [{"any": [PUMPS]}, SAFETY]}, (1,)),
        ("lift", {"all": [{"any": [SAFETY]}, PUMPS]}, (0, 0), {"all": [SAFETY, PUMPS]}, (0,)),
        (
            "ungroup",
            {"all": [PUMPS, {"any": [SAFETY, VALVES]}]},
            (1,),
            {"all": [PUMPS, SAFETY, VALVES]},
            (1,),
        ),
        ("ungroup", {"all": [{"any": [SAFETY]}]}, (), {"any": [SAFETY]}, ()),
        ("remove", {"all": [SAFETY, PUMPS]}, (1,), {"all": [SAFETY]}, (0,)),
        ("remove", {"all": [SAFETY]}, (0,), {"all": []}, ()),
        ("remove", {"all": [SAFETY]}, (), {"all": []}, ()),
        (
            "points",
            {"at_least": 1, "of": [SAFETY, PUMPS, VALVES]},
            (),
            {"points": 2, "of": [SAFETY, PUMPS, VALVES]},
            (),
        ),
        (
            "lift",
            {"all": [{"points": 2, "of": [{**SAFETY, "weight": 2}, PUMPS]}]},
            (0, 0),
            {"all": [{"points": 2, "of": [PUMPS]}, SAFETY]},
            (1,),
        ),
    ],
)
def test_what_an_edit_does(edit: str, before: Any, place: Any, after: Any, landed: Any) -> None:
    assert (KEEPING | OTHERS)[edit](before, place) == editing.Edited(after, landed)


@pytest.mark.parametrize(
    ("edit", "tree", "place", "reason"),
    [
        ("up", {"all": [SAFETY, PUMPS]}, (0,), "first of its group"),
        ("down", {"all": [SAFETY, PUMPS]}, (1,), "last of its group"),
        ("nest", {"all": [SAFETY]}, (0,), "Nothing stands before it"),
        ("lift", {"all": [SAFETY]}, (0,), "outermost group already"),
        ("ungroup", {"all": [SAFETY]}, (), "outermost group stays"),
        ("negate", {"all": [SAFETY]}, (0,), "never cost a badge"),
        ("remove", {"all": [SAFETY]}, (7,), "not there any more"),
        ("add", {"all": [{"badge": "new"}]}, (), "in this group already"),
        ("weigh", {"all": [SAFETY]}, (0,), "counts points"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(edit: str, tree: Any, place: Any, reason: str) -> None:
    with pytest.raises(outline.EditRefused, match=reason):
        (KEEPING | OTHERS)[edit](tree, place)


def test_the_limits_are_said_in_words() -> None:
    deep: outline.Tree = {"all": [SAFETY]}
    place: outline.Place = (0,)
    for _level in range(rules.MAX_DEPTH - 2):
        deep = editing.group_member(deep, place).tree
        place = (*place, 0)
    with pytest.raises(outline.EditRefused, match="at most 8 deep"):
        editing.group_member(deep, place)
    wide = {"all": [{"badge": f"b{number}"} for number in range(rules.MAX_NODES - 1)]}
    with pytest.raises(outline.EditRefused, match="at most 500 parts"):
        editing.add_member(wide, (), SAFETY)


def test_every_problem_has_its_place() -> None:
    tree = {"all": [{"badge": ""}, {"any": []}, {"at_least": 3, "of": [SAFETY, PUMPS]}, VALVES]}
    found = outline.problems_of(tree)
    assert [problem.place for problem in found] == [(0,), (1,), (2,)]


@pytest.mark.parametrize(
    "garbage", [7, [], {"al": []}, {"all": 1}, {"all": [3]}, {"all": [], "any": []}, "x"]
)
def test_what_is_no_tree_is_refused(garbage: object) -> None:
    with pytest.raises(outline.EditRefused, match="cannot be shown as a tree"):
        outline.open_tree(garbage)
