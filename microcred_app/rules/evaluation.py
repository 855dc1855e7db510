"""Does a learner meet a requirement now, and because of which facts?

Evaluation is a pure function of the tree, the facts and the moment: the order in which facts became known,
and how often one was reported, cannot change the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .distinct import Things, weigh_distinct
from .facts import CreditFact, Fact, Facts
from .requirement import (
    AllOf,
    AnyOf,
    AtLeast,
    BadgeLeaf,
    CreditsLeaf,
    ExternalLeaf,
    Leaf,
    Node,
    Not,
    Points,
    TimeLeaf,
)

__all__ = [
    "Evaluation",
    "Judgement",
    "MetLeaf",
    "Reading",
    "credits_in",
    "evaluate",
    "is_met",
    "own_thing",
    "read_leaf",
    "reading_by",
]

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class MetLeaf:
    """A leaf that is met, with the ids of the facts that meet it (none for a time)."""

    leaf: Leaf
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict and its "because": the met leaves that carry it.

    When the verdict is no, ``met`` holds what is met so far. Leaves under a branch that is not met are left
    out as soon as the group above is met without that branch.
    """

    satisfied: bool
    met: tuple[MetLeaf, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One leaf as the facts have it: whether it is met, by which things, because of which facts."""

    met: bool
    things: Things = frozenset()
    facts: tuple[Fact, ...] = ()


Reader = Callable[[Leaf], Reading]

_UNMET = Reading(False)


def evaluate(node: Node, facts: Facts, now: datetime) -> Evaluation:
    """Judge *node* by *facts* at the moment *now* (aware)."""
    judgement = Judgement(reading_by(facts, now))
    satisfied = judgement.satisfied(node)
    merged: dict[Leaf, tuple[str, ...]] = {}
    for leaf, reading in judgement.carrying(node):
        merged[leaf] = tuple(dict.fromkeys(fact.id for fact in reading.facts))
    return Evaluation(satisfied, tuple(MetLeaf(leaf, ids) for leaf, ids in merged.items()))


def is_met(node: Node, facts: Facts, now: datetime) -> bool:
    """The verdict alone: what :func:`evaluate` says, without looking for every leaf that carries it."""
    return Judgement(reading_by(facts, now)).satisfied(node)


def reading_by(facts: Facts, now: datetime) -> Reader:
    """How leaves are read by *facts* at *now*."""
    return lambda leaf: read_leaf(leaf, facts, now)


def read_leaf(leaf: Leaf, facts: Facts, now: datetime) -> Reading:
    """One leaf as *facts* have it at *now*."""
    if isinstance(leaf, TimeLeaf):
        return Reading(True, frozenset([own_thing(leaf)])) if leaf.holds(now) else _UNMET
    counting = facts.counting(leaf, now)
    if not counting:
        return _UNMET
    if isinstance(leaf, CreditsLeaf) and credits_in(counting) < leaf.minimum:
        return _UNMET
    if isinstance(leaf, BadgeLeaf):
        return Reading(True, frozenset([("badge", fact.key) for fact in counting]), counting)
    return Reading(True, frozenset([own_thing(leaf)]), counting)


def credits_in(facts: tuple[Fact, ...]) -> Decimal:
    """The credits of *facts*; those of one id count once, with the largest amount told."""
    amounts: dict[str, Decimal] = {}
    for fact in facts:
        if isinstance(fact, CreditFact):
            amounts[fact.id] = max(fact.amount, amounts.get(fact.id, fact.amount))
    return sum(amounts.values(), Decimal(0))


def own_thing(leaf: Leaf) -> tuple[str, object]:
    """The thing that *leaf* asks for; leaves that ask for the same thing differently share it."""
    if isinstance(leaf, TimeLeaf):
        return (leaf.kind, leaf)
    if isinstance(leaf, CreditsLeaf):
        return (leaf.kind, leaf.skills)
    return (leaf.kind, (leaf.issuer, leaf.achievement) if isinstance(leaf, ExternalLeaf) else leaf.key)


class Judgement:
    """One tree judged through one reader; every node is judged once, however often it is asked about.

    A judgement lives as long as its tree is held by the caller: nodes are remembered by identity.
    """

    __slots__ = ("_assumed", "_read", "_readings", "_verdicts")

    def __init__(self, read: Reader, assumed: frozenset[Node] = frozenset()) -> None:
        """Judge by *read*; every ``not`` in *assumed* counts as met (it will be when a time has passed)."""
        self._read = read
        self._assumed = assumed
        self._readings: dict[int, Reading] = {}
        self._verdicts: dict[int, bool] = {}

    def reading(self, leaf: Leaf) -> Reading:
        """The leaf as the reader has it."""
        found = self._readings.get(id(leaf))
        if found is None:
            found = self._readings[id(leaf)] = self._read(leaf)
        return found

    def satisfied(self, node: Node) -> bool:
        """Whether *node* is met."""
        found = self._verdicts.get(id(node))
        if found is None:
            found = self._verdicts[id(node)] = self._judge(node)
        return found

    def things(self, node: Node) -> Things:
        """What a met *node* brings: the things of its met members. A met ``not`` brings itself."""
        if isinstance(node, (AllOf, AnyOf, AtLeast, Points)):
            return frozenset().union(*(self.things(part) for part in node.members if self.satisfied(part)))
        if isinstance(node, Not):
            return frozenset([("not", node)])
        return self.reading(node).things

    def weight(self, node: AtLeast | Points) -> Decimal:
        """How much of a counting group is met: members or points, each by a thing of its own."""
        weights = node.weights if isinstance(node, Points) else (_ONE,) * len(node.members)
        pairs = zip(node.members, weights, strict=True)
        return weigh_distinct([(w, self.things(part)) for part, w in pairs if self.satisfied(part)])

    def carrying(self, node: Node) -> Iterator[tuple[Leaf, Reading]]:
        """The met leaves that carry *node*, or that are met so far when it is not met."""
        if isinstance(node, (AllOf, AnyOf, AtLeast, Points)):
            satisfied = self.satisfied(node)
            for member in node.members:
                if not satisfied or self.satisfied(member):
                    yield from self.carrying(member)
        elif not isinstance(node, Not) and self.reading(node).met:
            yield node, self.reading(node)

    def _judge(self, node: Node) -> bool:
        if isinstance(node, AllOf):
            return all(map(self.satisfied, node.members))
        if isinstance(node, AnyOf):
            return any(map(self.satisfied, node.members))
        if isinstance(node, (AtLeast, Points)):
            return self._judge_counting(node)
        if isinstance(node, Not):
            return not self.satisfied(node.member) or node in self._assumed
        return self.reading(node).met

    def _judge_counting(self, node: AtLeast | Points) -> bool:
        """Count met members first: distinct things are looked for only when there are enough."""
        if isinstance(node, AtLeast):
            return sum(map(self.satisfied, node.members)) >= node.count and self.weight(node) >= node.count
        pairs = zip(node.members, node.weights, strict=True)
        reached = sum((weight for member, weight in pairs if self.satisfied(member)), Decimal(0))
        return reached >= node.minimum and self.weight(node) >= node.minimum
