"""Badges that need one another in a circle could never be earned; this finds the circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .facts import Relations
from .requirement import BadgeLeaf, ExternalLeaf, Node, walk

__all__ = ["badge_needs", "find_cycle"]


def badge_needs(node: Node, relations: Relations | None = None) -> frozenset[str]:
    """The badges that *node* may rest on: those it names, what is accepted for them, and our own badges that
    it names as if they were somebody else's.

    Without the last two a circle could be hidden behind an equivalent, or behind the public address of one of
    our achievements.
    """
    known = relations or Relations()
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, BadgeLeaf):
            found.update(key for _kind, key in known.sources(part))
        elif isinstance(part, ExternalLeaf) and part.key in known.own_externals:
            found.add(known.own_externals[part.key])
    return frozenset(found)


def find_cycle(needs: Mapping[str, Iterable[str]], start: str) -> tuple[str, ...]:
    """The first circle that can be reached from *start*, named in full (``a, b, a``); empty when there is none.

    *needs* maps a badge to the badges its requirement mentions. Works without recursion, so a long chain of
    badges cannot exhaust the stack.
    """
    path: list[str] = [start]
    on_path = {start}
    done: set[str] = set()
    stack = [iter(sorted(needs.get(start, ())))]
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            finished = path.pop()
            on_path.discard(finished)
            done.add(finished)
        elif following in on_path:
            return (*path[path.index(following) :], following)
        elif following not in done:
            path.append(following)
            on_path.add(following)
            stack.append(iter(sorted(needs.get(following, ()))))
    return ()
