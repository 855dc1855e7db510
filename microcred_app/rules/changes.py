"""When time alone changes a verdict: for renewals, reminders and rules that open on a date.

Between two moments at which a fact lapses or a range of dates begins or ends, nothing can change. So the
verdict at each of these moments is the whole truth, and the answer is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .evaluation import is_met
from .facts import Facts
from .requirement import FactLeaf, Node, Not, TimeLeaf, walk
from .window import closing, opening

__all__ = ["depends_on_time", "next_change", "turning_points"]


def depends_on_time(node: Node) -> bool:
    """Whether the tree itself lets a verdict change without any new fact."""
    return any(
        isinstance(part, TimeLeaf) or (isinstance(part, FactLeaf) and part.window.within is not None)
        for part in walk(node)
    )


def turning_points(node: Node, facts: Facts, now: datetime) -> list[datetime]:
    """The moments after *now* at which the verdict may change, earliest first."""
    return sorted({moment for moment in _moments(node, facts) if moment > now})


def next_change(node: Node, facts: Facts, now: datetime) -> datetime | None:
    """The first moment after *now* at which the verdict is another one; nothing when it stays for ever.

    Without times in the tree a verdict can only be lost, and once, so the moment is found by halving.
    """
    before = is_met(node, facts, now)
    moments = turning_points(node, facts, now)
    if any(isinstance(part, TimeLeaf | Not) for part in walk(node)):
        return next((moment for moment in moments if is_met(node, facts, moment) != before), None)
    if not before or not moments or is_met(node, facts, moments[-1]):
        return None
    low, high = 0, len(moments) - 1
    while low < high:
        middle = (low + high) // 2
        if is_met(node, facts, moments[middle]):
            low = middle + 1
        else:
            high = middle
    return moments[low]


def _moments(node: Node, facts: Facts) -> Iterator[datetime]:
    for part in walk(node):
        if isinstance(part, TimeLeaf):
            if part.starts is not None:
                yield opening(part.starts)
            if part.ends is not None:
                yield closing(part.ends)
        elif isinstance(part, FactLeaf):
            for fact in facts.answering(part):
                lapse = part.window.lapse(fact.at)
                yield from (moment for moment in (lapse, fact.until) if moment is not None)
