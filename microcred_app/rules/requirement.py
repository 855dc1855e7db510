"""The requirement: one immutable tree that says when a badge is earned.

Groups are ``all``, ``any`` and ``at_least n``; leaves name an outcome or a badge. Evaluating, explaining,
saying and storing are four readings of this tree, each in its own module, so what a learner is told can
never differ from what the system enforces.

As JSON::

    {"all": [{"outcome": "bike.inspect", "minimum_score": 0.8}, {"badge": "bike-safety"}]}
    {"at_least": 2, "of": [{"badge": "a"}, {"badge": "b"}, {"badge": "c"}]}

Rules of form, all enforced by :func:`parse_requirement`:

* a group has at least one member, and no member stands in it twice: a thing done once counts once;
* ``at_least n`` has ``1 ≤ n ≤`` the number of its members;
* the tree is at most :data:`MAX_DEPTH` deep and has at most :data:`MAX_NODES` nodes;
* a minimum score is from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import RequirementError

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "AllOf",
    "AnyOf",
    "AtLeast",
    "BadgeLeaf",
    "Group",
    "Leaf",
    "Node",
    "OutcomeLeaf",
    "mentions",
    "parse_requirement",
    "to_json",
    "walk",
]

MAX_DEPTH = 8
MAX_NODES = 500
MAX_KEY_LENGTH = 200

_SHAPES = '{"all": […]}, {"any": […]}, {"at_least": n, "of": […]}, {"outcome": key} or {"badge": key}'


@dataclass(frozen=True)
class OutcomeLeaf:
    """Met when the learner has an attainment of the outcome at or above the minimum score (0 to 1)."""

    key: str
    minimum_score: float = 0.0


@dataclass(frozen=True)
class BadgeLeaf:
    """Met when the learner holds the badge."""

    key: str


@dataclass(frozen=True)
class AllOf:
    """Met when every member is."""

    members: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf:
    """Met when one member is."""

    members: tuple[Node, ...]


@dataclass(frozen=True)
class AtLeast:
    """Met when *count* different members are."""

    count: int
    members: tuple[Node, ...]


Leaf = OutcomeLeaf | BadgeLeaf
Group = AllOf | AnyOf | AtLeast
Node = Leaf | Group


def parse_requirement(data: object) -> Node:
    """Read a requirement from JSON values; raises :class:`RequirementError` at the first thing that is wrong."""
    node = _parse(data, "", depth=1)
    if sum(1 for _ in walk(node)) > MAX_NODES:
        raise RequirementError(
            "", f"The requirement has more than {MAX_NODES} parts.", "fewer, or split into badges"
        )
    return node


def to_json(node: Node) -> dict[str, Any]:
    """The JSON form of *node*; parsing it gives an equal tree."""
    match node:
        case OutcomeLeaf(key, minimum):
            return {"outcome": key, "minimum_score": minimum} if minimum else {"outcome": key}
        case BadgeLeaf(key):
            return {"badge": key}
        case AllOf(members):
            return {"all": [to_json(member) for member in members]}
        case AnyOf(members):
            return {"any": [to_json(member) for member in members]}
        case AtLeast(count, members):
            return {"at_least": count, "of": [to_json(member) for member in members]}


def walk(node: Node) -> Iterator[Node]:
    """Every node, parents before their members."""
    yield node
    if isinstance(node, AllOf | AnyOf | AtLeast):
        for member in node.members:
            yield from walk(member)


def mentions(node: Node) -> frozenset[tuple[str, str]]:
    """Pairs ``("outcome" | "badge", key)`` of everything whose change may change the verdict."""
    return frozenset(
        ("outcome" if isinstance(leaf, OutcomeLeaf) else "badge", leaf.key)
        for leaf in walk(node)
        if isinstance(leaf, OutcomeLeaf | BadgeLeaf)
    )


def _parse(data: object, path: str, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise RequirementError(path, f"Groups are nested more than {MAX_DEPTH} deep.", "a flatter tree")
    if not isinstance(data, Mapping):
        raise RequirementError(path, f"Expected an object, found {type(data).__name__}.", _SHAPES)
    kinds = [name for name in ("all", "any", "at_least", "outcome", "badge") if name in data]
    if len(kinds) != 1:
        found = ", ".join(sorted(map(str, data))) or "nothing"
        raise RequirementError(
            path, f"Exactly one kind of requirement must stand here, found {found}.", _SHAPES
        )
    kind = kinds[0]
    allowed = {"at_least": {"at_least", "of"}, "outcome": {"outcome", "minimum_score"}}.get(kind, {kind})
    surplus = sorted(str(name) for name in data if name not in allowed)
    if surplus:
        raise RequirementError(path, f"Unknown members {', '.join(surplus)}.", ", ".join(sorted(allowed)))
    if kind in ("outcome", "badge"):
        return _parse_leaf(data, kind, path)
    return _parse_group(data, kind, path, depth)


def _parse_leaf(data: Mapping[str, Any], kind: str, path: str) -> Leaf:
    key = data[kind]
    here = f"{path}.{kind}".lstrip(".")
    if not isinstance(key, str) or not key.strip() or len(key) > MAX_KEY_LENGTH:
        raise RequirementError(
            here, "The key is empty or no text.", f"a key of 1 to {MAX_KEY_LENGTH} characters"
        )
    if kind == "badge":
        return BadgeLeaf(key)
    minimum = data.get("minimum_score", 0.0)
    if isinstance(minimum, bool) or not isinstance(minimum, int | float) or not 0 <= minimum <= 1:
        raise RequirementError(f"{here}.minimum_score", f"{minimum!r} is no score.", "a number from 0 to 1")
    return OutcomeLeaf(key, float(minimum))


def _parse_group(data: Mapping[str, Any], kind: str, path: str, depth: int) -> Group:
    list_name = "of" if kind == "at_least" else kind
    here = f"{path}.{list_name}".lstrip(".")
    raw = data.get(list_name)
    if not isinstance(raw, list) or not raw:
        raise RequirementError(here, "A group needs members.", "a list with at least one requirement")
    if len(raw) > MAX_NODES:
        raise RequirementError(here, f"The group has {len(raw)} members.", f"at most {MAX_NODES}")
    members = tuple(_parse(item, f"{here}[{position}]", depth + 1) for position, item in enumerate(raw))
    for position, member in enumerate(members):
        if member in members[:position]:
            raise RequirementError(
                f"{here}[{position}]",
                "The same thing stands twice in this group and would count once.",
                "it once",
            )
    if kind == "all":
        return AllOf(members)
    if kind == "any":
        return AnyOf(members)
    count = data["at_least"]
    where = f"{path}.at_least".lstrip(".")
    if isinstance(count, bool) or not isinstance(count, int):
        raise RequirementError(where, f"{count!r} is no whole number.", f"1 to {len(members)}")
    if not 1 <= count <= len(members):
        raise RequirementError(
            where, f"At least {count} of {len(members)} can never be met.", f"1 to {len(members)}"
        )
    return AtLeast(count, members)
