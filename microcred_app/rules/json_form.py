"""Requirements as JSON values, read with precise errors and written so that they read back the same.

Rules of form, all enforced by :func:`parse_requirement`:

* a group has at least one member, and no member stands in it twice: a thing done once counts once;
* ``at_least n`` has ``1 ≤ n ≤`` the number of its members; ``points`` can be reached by its weights;
* ``not`` stands over sign-offs and times only, and not over another ``not``;
* the tree is at most :data:`~.requirement.MAX_DEPTH` deep and has at most
  :data:`~.requirement.MAX_NODES` nodes. Reading stops at the first node too many, whatever follows.

JSON that older versions stored (``all``, ``any``, ``at_least``, ``outcome``, ``badge``) means what it meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .errors import RequirementError, gettext_noop, shorten
from .fields import nearest, read_amount, write_amount
from .leaf_form import LEAF_MEMBERS, read_leaf_form, refuse_unknown, write_leaf
from .requirement import (
    MAX_DEPTH,
    MAX_NODES,
    AllOf,
    AnyOf,
    AtLeast,
    Group,
    Node,
    Not,
    Points,
    SignOffLeaf,
    TimeLeaf,
    is_leaf,
    walk,
)

__all__ = ["parse_requirement", "to_json"]

_GROUP_MEMBERS: dict[str, tuple[str, ...]] = {
    "all": ("all",),
    "any": ("any",),
    "at_least": ("at_least", "of"),
    "points": ("points", "of"),
    "not": ("not",),
}
_MEMBERS = _GROUP_MEMBERS | LEAF_MEMBERS
_SHAPES = (
    '{{"all": […]}}, {{"any": […]}}, {{"at_least": n, "of": […]}}, {{"points": p, "of": […]}}, {{"not": {{…}}}} '
    'or a leaf: {{"outcome": key}}, {{"badge": key}}, {{"grade": course}}, {{"block": key}}, '
    '{{"credits": n, "skills": […]}}, {{"signoff": key, "role": role}}, '
    '{{"standing": course, "state": "passed"}}, {{"external": achievement, "issuer": issuer}}, {{"time": {{…}}}}'
)


def parse_requirement(data: object) -> Node:
    """Read a requirement from JSON values; raises :class:`RequirementError` at the first thing that is wrong."""
    return _Reader().read(data, "", depth=1)


def to_json(node: Node) -> dict[str, Any]:
    """The JSON form of *node*; parsing it gives an equal tree."""
    match node:
        case AllOf(members):
            return {"all": [to_json(member) for member in members]}
        case AnyOf(members):
            return {"any": [to_json(member) for member in members]}
        case AtLeast(count, members):
            return {"at_least": count, "of": [to_json(member) for member in members]}
        case Points(minimum, members, weights):
            return {"points": write_amount(minimum), "of": _weighed(members, weights)}
        case Not(member):
            return {"not": to_json(member)}
        case leaf:
            return write_leaf(leaf)


def _weighed(members: tuple[Node, ...], weights: tuple[Decimal, ...]) -> list[dict[str, Any]]:
    forms = []
    for member, weight in zip(members, weights, strict=True):
        form = to_json(member)
        forms.append(form if weight == 1 else form | {"weight": write_amount(weight)})
    return forms


class _Reader:
    """One reading: counts nodes so that a giant is refused after the first node too many."""

    def __init__(self) -> None:
        self._nodes = 0

    def read(self, data: object, path: str, depth: int, extra: tuple[str, ...] = ()) -> Node:
        """The node at *path*; *extra* names members that belong to the group above (a weight)."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise RequirementError(
                "",
                gettext_noop("The requirement has more than {most} parts."),
                gettext_noop("fewer, or split into badges"),
                most=MAX_NODES,
            )
        if depth > MAX_DEPTH:
            raise RequirementError(
                path,
                gettext_noop("Groups are nested more than {most} deep."),
                gettext_noop("a flatter tree"),
                most=MAX_DEPTH,
            )
        kind, members = _kind_of(data, path)
        refuse_unknown(members, (*_MEMBERS[kind], *extra), path)
        if kind in LEAF_MEMBERS:
            return read_leaf_form(members, kind, path)
        if kind == "not":
            return self._negation(members["not"], f"{path}.not".lstrip("."), depth)
        return self._group(members, kind, path, depth)

    def _negation(self, data: object, path: str, depth: int) -> Not:
        member = self.read(data, path, depth + 1)
        for part in walk(member):
            if isinstance(part, Not) or (is_leaf(part) and not isinstance(part, SignOffLeaf | TimeLeaf)):
                raise RequirementError(
                    path,
                    gettext_noop("A “not” cannot stand over this: learning more must never cost a badge."),
                    gettext_noop("sign-offs and times, and groups of them"),
                )
        return Not(member)

    def _group(self, data: Mapping[str, Any], kind: str, path: str, depth: int) -> Group:
        name = _GROUP_MEMBERS[kind][-1]
        here = f"{path}.{name}".lstrip(".")
        raw = data.get(name)
        if not isinstance(raw, list) or not raw:
            raise RequirementError(
                here,
                gettext_noop("A group needs members."),
                gettext_noop("a list with at least one requirement"),
            )
        if len(raw) > MAX_NODES:
            raise RequirementError(
                here,
                gettext_noop("The group has {number} members."),
                gettext_noop("at most {most}"),
                number=len(raw),
                most=MAX_NODES,
            )
        extra = ("weight",) if kind == "points" else ()
        members = tuple(
            self.read(item, f"{here}[{position}]", depth + 1, extra) for position, item in enumerate(raw)
        )
        _refuse_repeated(members, here)
        if kind == "all":
            return AllOf(members)
        if kind == "any":
            return AnyOf(members)
        if kind == "at_least":
            return _at_least(data["at_least"], members, f"{path}.at_least".lstrip("."))
        return _points(data["points"], members, raw, path)


def _kind_of(data: object, path: str) -> tuple[str, Mapping[str, Any]]:
    """Which requirement stands here, with its members."""
    if not isinstance(data, Mapping):
        raise RequirementError(
            path, gettext_noop("Expected an object, found {found}."), _SHAPES, found=shorten(data)
        )
    kinds = [name for name in _MEMBERS if name in data]
    if len(kinds) == 1:
        return kinds[0], data
    names = [name for name, _position in zip(data, range(8), strict=False)]
    close = next(filter(None, (nearest(name, _MEMBERS) for name in names)), "") if not kinds else ""
    problem = gettext_noop("Exactly one kind of requirement must stand here, found {found}.")
    if close:
        problem = gettext_noop(
            "Exactly one kind of requirement must stand here, found {found}. Did you mean {close}?"
        )
    found = ", ".join(shorten(name).strip("'") for name in sorted(names, key=str)) or "nothing"
    raise RequirementError(path, problem, _SHAPES, found=found, close=close)


def _refuse_repeated(members: tuple[Node, ...], path: str) -> None:
    seen: set[Node] = set()
    for position, member in enumerate(members):
        if member in seen:
            raise RequirementError(
                f"{path}[{position}]",
                gettext_noop("The same thing stands twice in this group and would count once."),
                gettext_noop("it once"),
            )
        seen.add(member)


def _at_least(count: object, members: tuple[Node, ...], path: str) -> AtLeast:
    if isinstance(count, bool) or not isinstance(count, int):
        raise RequirementError(
            path,
            gettext_noop("{found} is no whole number."),
            gettext_noop("1 to {most}"),
            found=shorten(count),
            most=len(members),
        )
    if not 1 <= count <= len(members):
        raise RequirementError(
            path,
            gettext_noop("At least {count} of {most} can never be met."),
            gettext_noop("1 to {most}"),
            count=shorten(count),
            most=len(members),
        )
    return AtLeast(count, members)


def _points(data: object, members: tuple[Node, ...], raw: list[Any], path: str) -> Points:
    minimum = read_amount(data, f"{path}.points".lstrip("."))
    here = f"{path}.of".lstrip(".")
    weights = tuple(
        read_amount(item.get("weight", 1), f"{here}[{position}].weight") for position, item in enumerate(raw)
    )
    most = sum(weights, Decimal(0))
    if minimum > most:
        raise RequirementError(
            f"{path}.points".lstrip("."),
            gettext_noop("{count} points of {most} can never be reached."),
            gettext_noop("up to {most}"),
            count=write_amount(minimum),
            most=write_amount(most),
        )
    return Points(minimum, members, weights)
