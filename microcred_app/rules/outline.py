"""A requirement under construction: JSON values of which only the outline has to be right.

While somebody builds it a requirement is often not one yet: a group is empty for a moment, a number is missing. An
outline is a tree of known parts, whatever is still wrong with each; :func:`problems_of` says everything that stands
between it and a requirement, each at its place.

A *place* is the way from the root by positions: ``()`` is the root, ``(0, 2)`` the third member of its first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import RequirementError, gettext_noop
from .json_form import parse_requirement
from .leaf_form import LEAF_MEMBERS
from .requirement import MAX_DEPTH

__all__ = [
    "GROUP_KINDS",
    "EditRefused",
    "Place",
    "PlacedProblem",
    "Tree",
    "bare",
    "can_negate",
    "close_tree",
    "find",
    "kind_of",
    "list_name",
    "members_at",
    "open_tree",
    "problems_of",
    "walk_places",
]

Tree = Mapping[str, Any]
Place = tuple[int, ...]

GROUP_KINDS = ("all", "any", "at_least", "points")
_LIST_OF = {"all": "all", "any": "any", "at_least": "of", "points": "of"}
_KINDS = (*GROUP_KINDS, "not", *LEAF_MEMBERS)
_MAY_BE_NEGATED = ("signoff", "time")
_STEPS = re.compile(r"(?:^|\.)(?:(?:all|any|of)\[(\d+)\]|(not)(?=\.|$))")
_DEEPEST = 4 * MAX_DEPTH


class EditRefused(ValueError):
    """The edit makes no sense there, and nothing was changed. The text is a template for the catalogue."""

    def __init__(self, problem: str, **values: object) -> None:
        self._problem = problem
        self._values = values
        super().__init__(problem.format(**values))

    def say(self, translate: Callable[[str], str]) -> str:
        """The reason, its template put through *translate* first."""
        return translate(self._problem).format(**self._values)


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """What is wrong at one place of a tree."""

    place: Place
    error: RequirementError


def open_tree(data: object) -> Tree:
    """*data* as a tree that can be edited: its root is a group, empty where there was nothing.

    Raises :class:`EditRefused` for what is no tree of known parts at all.
    """
    if data is None or data == "" or data == {}:
        return {"all": []}
    _check_outline(data, 1)
    assert isinstance(data, Mapping)  # noqa: S101 - checked one line above
    tree: Tree = data if kind_of(data) in GROUP_KINDS else {"all": [data]}
    return tree


def close_tree(tree: Tree, before: object) -> Any:
    """What is kept of *tree*: the very value it was opened from when nothing was changed."""
    try:
        return before if open_tree(before) == tree else tree
    except EditRefused:
        return tree


def kind_of(form: Tree) -> str:
    """The kind of the part: the one member that names it."""
    return next(kind for kind in _KINDS if kind in form)


def members_at(form: Tree) -> list[Tree]:
    """What stands directly below the part."""
    kind = kind_of(form)
    if kind == "not":
        return [form["not"]]
    return list(form[_LIST_OF[kind]]) if kind in _LIST_OF else []


def find(tree: Tree, place: Place) -> Tree:
    """The part at *place*; raises :class:`EditRefused` when there is none (any more)."""
    for position in place:
        members = members_at(tree)
        if not 0 <= position < len(members):
            raise EditRefused(gettext_noop("That part is not there any more."))
        tree = members[position]
    return tree


def walk_places(tree: Tree, place: Place = ()) -> Iterator[tuple[Place, Tree]]:
    """Every part with its place, groups before their members."""
    yield place, tree
    for position, member in enumerate(members_at(tree)):
        yield from walk_places(member, (*place, position))


def list_name(kind: str) -> str:
    """The member of a group of this kind that holds its members."""
    return _LIST_OF[kind]


def bare(form: Tree) -> Tree:
    """The part without the weight it had in its group."""
    return {name: value for name, value in form.items() if name != "weight"} if "weight" in form else form


def can_negate(form: Tree) -> bool:
    """Whether a "not" may stand over the part."""
    kinds = [kind_of(part) for _place, part in walk_places(form)]
    leaves = [kind for kind in kinds if kind not in GROUP_KINDS]
    return bool(leaves) and all(kind in _MAY_BE_NEGATED for kind in leaves)


def problems_of(tree: Tree) -> tuple[PlacedProblem, ...]:
    """Everything that keeps the tree from being a requirement; nothing exactly when it is one."""
    found: list[PlacedProblem] = []
    for place, form in walk_places(tree):
        try:
            parse_requirement(_alone(form))
        except RequirementError as error:
            found.append(PlacedProblem((*place, *_place_of(error.path, form)), error))
    if not found:
        try:
            parse_requirement(tree)
        except RequirementError as error:
            found.append(PlacedProblem(_place_of(error.path, tree), error))
    once = {(problem.place, problem.error.problem): problem for problem in found}
    return tuple(sorted(once.values(), key=lambda problem: problem.place))


def _alone(form: Tree) -> Tree:
    """The part with something that is surely right in the place of each member; equal members stay equal."""
    kind = kind_of(form)
    members = members_at(form)
    if kind not in _LIST_OF:
        return bare(form)
    plain = [bare(member) for member in members]
    stubs: list[Tree] = [{"badge": f"member-{plain.index(member)}"} for member in plain]
    if kind == "points":
        stubs = [{**stub, **_weight(member)} for stub, member in zip(stubs, members, strict=True)]
    return {**bare(form), _LIST_OF[kind]: stubs}


def _weight(form: Tree) -> Tree:
    return {"weight": form["weight"]} if "weight" in form else {}


def _place_of(path: str, tree: Tree) -> Place:
    """The place that a path of :class:`RequirementError` leads to, as far as the tree goes."""
    place: list[int] = []
    for position, _negation in _STEPS.findall(path):
        members = members_at(tree)
        step = int(position or 0)
        if step >= len(members):
            break
        place.append(step)
        tree = members[step]
    return tuple(place)


def _check_outline(data: object, depth: int) -> None:
    if not isinstance(data, Mapping) or sum(kind in data for kind in _KINDS) != 1 or depth > _DEEPEST:
        raise EditRefused(
            gettext_noop("This is no requirement of known parts, so it cannot be shown as a tree.")
        )
    kind = kind_of(data)
    below = data.get(_LIST_OF[kind]) if kind in _LIST_OF else [data["not"]] if kind == "not" else []
    if not isinstance(below, list):
        raise EditRefused(
            gettext_noop("This is no requirement of known parts, so it cannot be shown as a tree.")
        )
    for member in below:
        _check_outline(member, depth + 1)
