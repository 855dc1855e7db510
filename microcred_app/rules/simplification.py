"""A smaller tree with the same verdict for every learner at every moment.

What goes: groups of one member, groups inside groups of the same kind, repeated members, ``at_least 1`` and
``at_least all`` where nothing can be counted twice, and a ``not`` over a ``not`` cannot exist. What stays: the
order of members, because people wrote it for people.
"""

from __future__ import annotations

from .facts import Relations
from .requirement import AllOf, AnyOf, AtLeast, Node, Not, Points, members_of
from .sharing import shares_things

__all__ = ["simplify"]


def simplify(node: Node, relations: Relations | None = None) -> Node:
    """The simplest tree that means what *node* means under *relations*."""
    return _simplify(node, relations or Relations())


def _simplify(node: Node, relations: Relations) -> Node:
    match node:
        case AllOf(members):
            return _flat(AllOf, members, relations)
        case AnyOf(members):
            return _flat(AnyOf, members, relations)
        case AtLeast():
            return _counted(node, relations)
        case Points(minimum, members, weights):
            return Points(minimum, tuple(_simplify(member, relations) for member in members), weights)
        case Not(member):
            return Not(_simplify(member, relations))
        case leaf:
            return leaf


def _flat(kind: type[AllOf | AnyOf], members: tuple[Node, ...], relations: Relations) -> Node:
    found: dict[Node, None] = {}
    for member in members:
        simple = _simplify(member, relations)
        found |= dict.fromkeys(members_of(simple) if type(simple) is kind else (simple,))
    return next(iter(found)) if len(found) == 1 else kind(tuple(found))


def _counted(node: AtLeast, relations: Relations) -> Node:
    members = tuple(_simplify(member, relations) for member in node.members)
    if node.count == 1:
        return _flat(AnyOf, members, relations)
    simple = AtLeast(node.count, members)
    if node.count == len(members) and not shares_things(simple, relations):
        return _flat(AllOf, members, relations)
    return simple
