"""The same verdicts for very many learners at once: one bit per learner and leaf.

A tree over bits: ``all`` is *and*, ``any`` is *or*, ``at_least`` and ``points`` are counters whose digits are
sets of learners (bit-sliced), so a counter adds a member for everybody in a few operations. No learner is
looked at one by one, and nothing is needed besides integers.

Counting different things is the one part that bits of leaves cannot decide: when one thing could be counted
for two members (:mod:`.sharing`). There the bits bound the verdict from both sides, members met above,
members met by unshared things below, and only learners in between are judged one by one through *judge*.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from math import gcd
from typing import TypeVar

from .facts import Relations
from .fields import MAX_PLACES
from .learner_set import everybody, learners_in, pack_learners
from .requirement import AllOf, AnyOf, AtLeast, Leaf, Node, Not, Points, TimeLeaf, is_leaf, walk
from .sharing import clusters

__all__ = ["LeafNotGathered", "Population", "gather", "leaves_to_gather"]

Key = TypeVar("Key", bound=Hashable)
Judge = Callable[[int, Node], bool]
Bounds = tuple[int, int]  # learners who surely meet a node, and learners who possibly do


class LeafNotGathered(LookupError):
    """A leaf of a tree was not gathered: without its learners every verdict would be a guess."""


def leaves_to_gather(nodes: Iterable[Node]) -> tuple[Leaf, ...]:
    """The leaves whose learners must be known, each once; times need none."""
    parts = (part for node in nodes for part in walk(node))
    return tuple(dict.fromkeys(part for part in parts if is_leaf(part) and not isinstance(part, TimeLeaf)))


def gather(lists: Iterable[tuple[Leaf, Iterable[int]]], size: int) -> dict[Leaf, int]:
    """Sets from per-leaf lists of learners who meet the leaf; lists may be read one after the other."""
    return {leaf: pack_learners(learners, size) for leaf, learners in lists}


class Population:
    """*size* learners of whom is known who meets which leaf, at one moment.

    *judge* says whether one learner meets a node; it is asked only where one thing could count twice, and
    must answer as :func:`~.evaluation.evaluate` does.
    """

    def __init__(
        self,
        size: int,
        met: Mapping[Leaf, int],
        now: datetime,
        *,
        relations: Relations | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._size = size
        self._all = everybody(size)
        self._met = met
        self._now = now
        self._relations = relations or Relations()
        self._judge = judge

    def satisfying(self, node: Node) -> int:
        """The set of learners who meet *node*.

        Raises :class:`LeafNotGathered`; also when things are shared and nobody can judge single learners.
        """
        surely, possibly = self._bounds(node)
        unsure = possibly & ~surely
        if not unsure:
            return surely
        if self._judge is None:
            raise LeafNotGathered(
                f"{unsure.bit_count()} learners may count one thing twice; hand in a judge for single learners."
            )
        judge = self._judge
        return surely | pack_learners(
            (learner for learner in learners_in(unsure, self._size) if judge(learner, node)), self._size
        )

    def satisfying_each(self, nodes: Mapping[Key, Node]) -> dict[Key, int]:
        """The sets for many trees."""
        return {key: self.satisfying(node) for key, node in nodes.items()}

    def _bounds(self, node: Node) -> Bounds:
        if isinstance(node, AllOf | AnyOf):
            return self._join(node)
        if isinstance(node, AtLeast | Points):
            return self._count(node)
        if isinstance(node, Not):
            surely, possibly = self._bounds(node.member)
            return self._all & ~possibly, self._all & ~surely
        found = self._leaf(node)
        return found, found

    def _leaf(self, leaf: Leaf) -> int:
        if isinstance(leaf, TimeLeaf):
            return self._all if leaf.holds(self._now) else 0
        try:
            return self._met[leaf]
        except KeyError:
            raise LeafNotGathered(f"Nobody said which learners meet {leaf}.") from None

    def _join(self, node: AllOf | AnyOf) -> Bounds:
        both = isinstance(node, AllOf)
        surely = possibly = self._all if both else 0
        for member in node.members:
            low, high = self._bounds(member)
            surely, possibly = (surely & low, possibly & high) if both else (surely | low, possibly | high)
        return surely, possibly

    def _count(self, node: AtLeast | Points) -> Bounds:
        weights, needed = _whole(node)
        bounds = [self._bounds(member) for member in node.members]
        highs = [high for _low, high in bounds]
        lows = [low for low, _high in bounds]
        possibly = _reaching(highs, weights, needed, self._all)
        groups = clusters(node, self._relations)
        if len(set(groups)) < len(groups):
            # Of members that share things only the heaviest is sure to count, whoever meets it.
            lows = _one_per_cluster(groups, lows, weights)
        elif lows == highs:
            return possibly, possibly
        return _reaching(lows, weights, needed, self._all), possibly


def _whole(node: AtLeast | Points) -> tuple[list[int], int]:
    """Weights and minimum as the smallest whole numbers with the same meaning."""
    if isinstance(node, AtLeast):
        return [1] * len(node.members), node.count
    scale = Decimal(10**MAX_PLACES)
    weights = [int(weight * scale) for weight in node.weights]
    common = gcd(*weights)
    return [weight // common for weight in weights], -(-int(node.minimum * scale) // common)


def _reaching(sets: list[int], weights: list[int], needed: int, everyone: int) -> int:
    """Learners whose weights add up to *needed* or more.

    The counter of each learner begins at 2^digits - needed, so that reaching shows as a carry out of the last
    digit. Whoever once reached stays in the result, so that a second overflow does no harm.
    """
    digits = needed.bit_length()
    begin = (1 << digits) - needed
    counter = [everyone if begin >> digit & 1 else 0 for digit in range(digits)]
    reached = 0
    for learners, weight in zip(sets, weights, strict=True):
        if weight >= needed:
            reached |= learners
            continue
        carry = 0
        for digit in range(digits):
            have = counter[digit]
            if weight >> digit & 1:
                counter[digit] = have ^ learners ^ carry
                carry = (have & learners) | (carry & (have ^ learners))
            elif carry:
                counter[digit] = have ^ carry
                carry &= have
        reached |= carry
    return reached


def _one_per_cluster(groups: tuple[int, ...], lows: list[int], weights: list[int]) -> list[int]:
    """The sets of members, with each learner only in the heaviest met member of every cluster that shares."""
    taken: dict[int, int] = {}
    kept = [0] * len(lows)
    for position in sorted(range(len(lows)), key=lambda place: weights[place], reverse=True):
        before = taken.get(groups[position], 0)
        kept[position] = lows[position] & ~before
        taken[groups[position]] = before | lows[position]
    return kept
