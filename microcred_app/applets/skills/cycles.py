"""Finds circles among relations, and names them in full. Pure, and linear in the number of relations.

Each kind is looked at for itself: a skill that is its own broader skill over three others is nonsense, and so is
one that requires itself; that "welding" is broader than "welding pipes" and also requires it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from microcred_app import rules

__all__ = ["find_circle", "find_way", "say_circle"]

#: A circle over more skills is told by its beginning and its end.
MAX_NAMED = 60
#: A place from which a way leads to every skill; no skill has an empty key.
_ANYWHERE = ""


def find_circle(edges: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """One circle in *edges*, its first member repeated at the end; empty when there is none.

    A chain of fifty thousand skills is no stack overflow.
    """
    return rules.find_cycle({**edges, _ANYWHERE: edges}, _ANYWHERE)


def find_way(edges: Mapping[str, Iterable[str]], start: str, end: str) -> tuple[str, ...]:
    """A shortest way from *start* to *end*, both named; empty when there is none."""
    came_from: dict[str, str] = {start: start}
    layer = [start]
    while layer and end not in came_from:
        following = []
        for node in layer:
            for target in sorted(edges.get(node, ())):
                if target not in came_from:
                    came_from[target] = node
                    following.append(target)
        layer = following
    if end not in came_from:
        return ()
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))


def say_circle(circle: Iterable[str]) -> str:
    """The circle as a text: ``A → B → A``."""
    members = list(circle)
    if len(members) > MAX_NAMED:
        half = MAX_NAMED // 2
        members = [*members[:half], f"… {len(members) - 2 * half} …", *members[-half:]]
    return " → ".join(members)
