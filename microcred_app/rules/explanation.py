"""What is done, what is missing, what has expired, and the shortest ways to finish: for one learner.

The picture is drawn from the same judgement that awards, so a learner is never told something else than what
the system enforces. A node is

* ``done``: met now;
* ``expired``: it was met, and would be if nothing ever became too old;
* ``waiting``: it becomes met by time alone, at ``until``;
* ``closed``: nothing that the learner does now can meet it (a deadline has passed, a sign-off stands against it);
* ``missing``: everything else that is not met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .changes import next_change
from .evaluation import Judgement, credits_in, own_thing, reading_by
from .facts import Facts, alive
from .requirement import (
    AllOf,
    AtLeast,
    CreditsLeaf,
    Leaf,
    Node,
    Not,
    Points,
    TimeLeaf,
    is_leaf,
    members_of,
    placed_members,
    walk,
)
from .sharing import shares_things
from .steps import Offer, opens_at, read_ever, read_open
from .ways import Way, find_ways

__all__ = ["Explanation", "Part", "State", "explain", "missing"]


class State(StrEnum):
    """How a node stands for one learner."""

    DONE = "done"
    EXPIRED = "expired"
    WAITING = "waiting"
    CLOSED = "closed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Part:
    """One node for one learner.

    ``reached`` of ``needed``: members, points, or credits; one of one for other leaves. ``facts`` are the ids
    of the facts that meet a leaf, or met it before they expired. ``until`` is when a met leaf, or the whole, is
    lost by time alone, or when a waiting node begins.
    """

    path: str
    node: Node
    state: State
    reached: Decimal
    needed: Decimal
    facts: tuple[str, ...]
    until: datetime | None
    members: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The tree as it stands, and the ways to finish, cheapest first.

    ``complete`` is false when more ways were possible than were looked at: the ways named do finish and hold
    nothing superfluous, but a cheaper one may exist.
    """

    root: Part
    ways: tuple[Way, ...]
    complete: bool

    def parts(self) -> Iterator[Part]:
        """Every part, parents first."""
        waiting = [self.root]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.members))


def explain(
    node: Node, facts: Facts, now: datetime, offers: Mapping[Leaf, Offer] | None = None
) -> Explanation:
    """How *node* stands for the learner of *facts*; *offers* say where and in how many minutes a leaf is done."""
    root = _Painter(node, facts, now).paint(node, "")
    if root.state is State.DONE:
        return Explanation(root, (), True)
    ways, complete = find_ways(node, facts, now, offers or {})
    return Explanation(root, ways, complete)


def missing(node: Node, facts: Facts, now: datetime) -> tuple[Leaf | Not, ...]:
    """What would still help: empty when the requirement is met, and when nothing helps because it counts one thing
    more often than it can be done (:func:`~.lint.lint` finds those).
    """
    judgement = Judgement(reading_by(facts, now))
    return tuple(dict.fromkeys(_missing(node, judgement, facts)))


def _missing(node: Node, judgement: Judgement, facts: Facts) -> Iterator[Leaf | Not]:
    if judgement.satisfied(node):
        return
    if isinstance(node, Not) or is_leaf(node):
        yield node
    elif isinstance(node, AtLeast | Points) and shares_things(node, facts.relations):
        # Members may be met and still not count, because their thing counts elsewhere: another thing would help.
        for part in walk(node):
            if is_leaf(part) and own_thing(part) not in judgement.reading(part).things:
                yield part
    else:
        for member in members_of(node):
            yield from _missing(member, judgement, facts)


class _Painter:
    """Judges one tree three times: as it is, as if nothing expired, and as if all that is open were done."""

    def __init__(self, node: Node, facts: Facts, now: datetime) -> None:
        self._facts = facts
        self._now = now
        self._is = Judgement(reading_by(facts, now))
        self._was = Judgement(lambda leaf: read_ever(leaf, facts, now))
        kept = (part for part in walk(node) if isinstance(part, Not))
        fulfilled = frozenset(n for n in kept if self._is.satisfied(n) or opens_at(n, facts, now))
        self._could = Judgement(lambda leaf: read_open(leaf, facts, now), fulfilled)

    def paint(self, node: Node, path: str) -> Part:
        """The part at *path* with everything below it."""
        members = tuple(self.paint(member, place) for place, member in placed_members(node, path))
        state = self._state(node)
        until = None
        if state is State.WAITING or (state is State.DONE and (not path or is_leaf(node))):
            until = next_change(node, self._facts, self._now)
        reached, needed = self._measure(node, members, state)
        return Part(path, node, state, reached, needed, self._ids(node, state), until, members)

    def _state(self, node: Node) -> State:
        if self._is.satisfied(node):
            return State.DONE
        if isinstance(node, TimeLeaf | Not):
            return State.WAITING if opens_at(node, self._facts, self._now) else State.CLOSED
        if self._was.satisfied(node):
            # A lapsed thing that can be done again has expired; one that cannot is closed.
            return State.EXPIRED if self._could.satisfied(node) else State.CLOSED
        return State.MISSING if self._could.satisfied(node) else State.CLOSED

    def _measure(self, node: Node, members: tuple[Part, ...], state: State) -> tuple[Decimal, Decimal]:
        if isinstance(node, AtLeast):
            return self._is.weight(node), Decimal(node.count)
        if isinstance(node, Points):
            return self._is.weight(node), node.minimum
        if isinstance(node, CreditsLeaf):
            facts = self._facts.answering(node)
            return credits_in(tuple(f for f in facts if alive(node, f, self._now))), node.minimum
        if isinstance(node, AllOf):
            return Decimal(sum(part.state is State.DONE for part in members)), Decimal(len(members))
        return Decimal(state is State.DONE), Decimal(1)

    def _ids(self, node: Node, state: State) -> tuple[str, ...]:
        if not is_leaf(node) or isinstance(node, TimeLeaf):
            return ()
        found = self._facts.answering(node)
        if state is State.DONE:
            found = self._is.reading(node).facts
        elif isinstance(node, CreditsLeaf):
            found = tuple(fact for fact in found if alive(node, fact, self._now))
        return tuple(dict.fromkeys(fact.id for fact in found))
