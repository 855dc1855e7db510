"""Counting different things: each counted member is represented by a thing that represents nothing else.

Why: "any 2 of these" must not be met by one badge that stands in two branches, by a badge issued twice, or by
one badge that is also the accepted equivalent of another. Formally this is a system of distinct
representatives of greatest weight. Members that can be represented together form a transversal matroid, so
taking members by falling weight, each by an augmenting path, is exact. The work is bounded by members times
things, both at most the nodes of a tree; no recursion, so a wide group cannot exhaust the stack.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from decimal import Decimal

__all__ = ["Thing", "Things", "weigh_distinct"]

Thing = Hashable
Things = frozenset[Thing]


def weigh_distinct(options: Sequence[tuple[Decimal, Things]]) -> Decimal:
    """The greatest sum of weights of *options* that can each be given a thing of its own."""
    if sum(len(things) for _weight, things in options) == len(frozenset().union(*(t for _w, t in options))):
        return sum((weight for weight, things in options if things), Decimal(0))
    by_weight = sorted(options, key=lambda option: option[0], reverse=True)
    choices = [things for _weight, things in by_weight]
    owner: dict[Thing, int] = {}
    held: dict[int, Thing] = {}
    total = Decimal(0)
    for number, (weight, _things) in enumerate(by_weight):
        if _represent(number, choices, owner, held):
            total += weight
    return total


def _represent(
    number: int, choices: Sequence[Things], owner: dict[Thing, int], held: dict[int, Thing]
) -> bool:
    """Give member *number* a thing, moving others to other things where that helps; whether it could be done."""
    free = next((thing for thing in choices[number] if thing not in owner), None)
    if free is not None:
        owner[free], held[number] = number, free
        return True
    reached_by: dict[Thing, int] = {}
    waiting = deque([number])
    while waiting:
        member = waiting.popleft()
        for thing in choices[member]:
            if thing in reached_by:
                continue
            reached_by[thing] = member
            if thing in owner:
                waiting.append(owner[thing])
            else:
                _hand_on(thing, reached_by, owner, held)
                return True
    return False


def _hand_on(
    thing: Thing, reached_by: dict[Thing, int], owner: dict[Thing, int], held: dict[int, Thing]
) -> None:
    """Move things along the path that ends in the free *thing*, back to the member that holds nothing yet."""
    while True:
        member = reached_by[thing]
        owner[thing] = member
        if member not in held:
            held[member] = thing
            return
        held[member], thing = thing, held[member]
