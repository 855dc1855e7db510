"""Where one thing could be counted for two members of a counting group.

Only there does counting different things differ from counting members. Bulk evaluation, the search for ways
to finish, simplification and lint ask this of the tree alone, before any learner is looked at.
"""

from __future__ import annotations

from .distinct import Things
from .evaluation import own_thing
from .facts import Relations
from .requirement import AtLeast, BadgeLeaf, Leaf, Node, Not, Points, is_leaf, members_of

__all__ = ["clusters", "may_bring", "shares_things"]


def may_bring(node: Node, relations: Relations) -> Things:
    """Every thing that *node* may bring to a counting group above it."""
    if is_leaf(node):
        return _things_of_leaf(node, relations)
    if isinstance(node, Not):
        return frozenset([("not", node)])
    return frozenset().union(*(may_bring(member, relations) for member in members_of(node)))


def clusters(node: AtLeast | Points, relations: Relations) -> tuple[int, ...]:
    """For each member the number of its cluster: members that may be met by one thing, directly or in a chain,
    are in one. Between clusters nothing can be counted twice.
    """
    leader = list(range(len(node.members)))

    def find(position: int) -> int:
        while leader[position] != position:
            leader[position] = leader[leader[position]]
            position = leader[position]
        return position

    first: dict[object, int] = {}
    for position, member in enumerate(node.members):
        for thing in may_bring(member, relations):
            one, other = find(first.setdefault(thing, position)), find(position)
            leader[max(one, other)] = min(one, other)
    return tuple(find(position) for position in range(len(leader)))


def shares_things(node: AtLeast | Points, relations: Relations) -> bool:
    """Whether one thing could be counted for two members."""
    return len(set(clusters(node, relations))) < len(node.members)


def _things_of_leaf(leaf: Leaf, relations: Relations) -> Things:
    """Every thing by which *leaf* may be met."""
    if isinstance(leaf, BadgeLeaf):
        return frozenset(relations.sources(leaf))
    return frozenset([own_thing(leaf)])
