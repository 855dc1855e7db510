"""The shortest ways to finish: sets of steps that meet the requirement, none of them superfluous.

Found from the leaves up: each node keeps its cheapest few sets, groups combine those of their members. Every
set is then judged by the evaluation itself, with the steps imagined as done, and freed of what it does not
need. The work is bounded whatever the tree: how many sets a group keeps shrinks with the number of
combinations it could make, and the answer says when something was left out.

A set is an integer with one bit per step. Steps of unknown length cost more than any known minutes, then
minutes count, then the number of steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import TypeVar

from .distinct import Things
from .evaluation import Judgement, Reading, own_thing, read_leaf, reading_by
from .facts import Fact, Facts, alive, answers
from .fields import MAX_PLACES
from .requirement import (
    AllOf,
    AnyOf,
    AtLeast,
    CreditsLeaf,
    FactLeaf,
    Group,
    Leaf,
    Mention,
    Node,
    Not,
    Points,
    TimeLeaf,
    is_leaf,
    walk,
)
from .sharing import shares_things
from .steps import Offer, done_at, imagine, opens_at

__all__ = ["Offer", "Step", "Way", "find_ways"]

_T = TypeVar("_T")

_Priced = tuple[int, int]  # what a set of steps costs, and the set
_NOTHING: _Priced = (0, 0)

MOST_WAYS = 5
MOST_SETS = 24
MOST_SUMS = 256
MOST_JUDGEMENTS = 600
WORK_PER_GROUP = 40_000
UNKNOWN = 1 << 40
MINUTE = 1 << 12
MOST_MINUTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, or to wait for: then ``opens_at`` says until when."""

    node: Leaf | Not
    offer: Offer
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Steps that together meet the requirement. ``minutes`` adds up what is known; all of it if ``exact``."""

    steps: tuple[Step, ...]
    minutes: int
    exact: bool


@dataclass(frozen=True, slots=True)
class _Prospect:
    """How a leaf stands, and which steps would meet it; ``adding`` are steps that add to a sum it asks for."""

    base: Reading
    gains: tuple[tuple[int, Things], ...]
    adding: int = 0


def find_ways(
    node: Node, facts: Facts, now: datetime, offers: Mapping[Leaf, Offer]
) -> tuple[tuple[Way, ...], bool]:
    """Up to :data:`MOST_WAYS` ways to meet *node*, cheapest first, and whether nothing was left out."""
    return _Search(node, facts, now, offers).run(node)


class _Search:
    """One search for one learner."""

    def __init__(self, node: Node, facts: Facts, now: datetime, offers: Mapping[Leaf, Offer]) -> None:
        self._facts, self._now = facts, now
        self._complete = True
        self._judged = 0
        self._judgement = Judgement(reading_by(facts, now))
        self._readings: dict[Leaf, Reading] = {}
        self._steps: list[Step] = []
        self._costs: list[int] = []
        self._bits: dict[Node, int] = {}
        for part in walk(node):
            if part not in self._bits and (step := self._step(part, offers)) is not None:
                self._bits[part] = 1 << len(self._steps)
                self._steps.append(step)
                self._costs.append(_cost(step))
        self._imagined = self._imagine_all()
        self._prospects = {part: self._prospect(part) for part in walk(node) if is_leaf(part)}
        # Nodes are looked up very often below; by identity, because hashing a leaf costs more than judging it.
        self._by_identity = {id(part): self._prospects[part] for part in walk(node) if is_leaf(part)}

    def run(self, node: Node) -> tuple[tuple[Way, ...], bool]:
        """Search, check, and make the answer."""
        everything = (1 << len(self._steps)) - 1
        candidates = [chosen for _cost_of_it, chosen in self._sets(node)]
        found: list[int] = []
        for candidate in candidates:
            if len(found) > MOST_WAYS or self._judged > MOST_JUDGEMENTS:
                self._complete = False
                break
            self._check(node, candidate, found)
        if not found:
            self._complete &= not self._check(node, everything, found)
        found.sort(key=self._cost_of)
        self._complete &= len(found) <= MOST_WAYS
        return tuple(map(self._way, found[:MOST_WAYS])), self._complete

    def _check(self, node: Node, candidate: int, found: list[int]) -> bool:
        """Add the candidate to what was *found*, freed of surplus, when the evaluation agrees with it."""
        if not self._works(node, candidate):
            return False
        least = self._without_surplus(node, candidate)
        if least not in found:
            found.append(least)
        return True

    # -- steps -------------------------------------------------------------------------------------------

    def _step(self, part: Node, offers: Mapping[Leaf, Offer]) -> Step | None:
        """What can be done about *part*; also another thing for a leaf that an equivalent meets."""
        if isinstance(part, TimeLeaf | Not):
            opens = None if self._judgement.satisfied(part) else opens_at(part, self._facts, self._now)
            return Step(part, Offer(), opens) if opens is not None else None
        if not is_leaf(part):
            return None
        reading = self._read(part)
        begin = done_at(part, self._now)
        if begin is None or (reading.met and own_thing(part) in reading.things):
            return None
        return Step(part, offers.get(part, Offer()), begin if begin > self._now else None)

    def _read(self, leaf: Leaf) -> Reading:
        if leaf not in self._readings:
            self._readings[leaf] = read_leaf(leaf, self._facts, self._now)
        return self._readings[leaf]

    def _prospect(self, leaf: Leaf) -> _Prospect:
        """Which steps would meet *leaf*, and by which things."""
        base = self._read(leaf)
        if isinstance(leaf, TimeLeaf):
            bit = self._bits.get(leaf)
            return _Prospect(base, () if bit is None else ((bit, frozenset([own_thing(leaf)])),))
        gains: list[tuple[int, Things]] = []
        adding = 0
        for mention in self._facts.relations.sources(leaf):
            for bit, fact in self._imagined.get(mention, ()):
                if isinstance(leaf, CreditsLeaf):
                    adding |= bit
                elif leaf.window.spans(fact.at) and answers(leaf, fact) and alive(leaf, fact, self._now):
                    gains.append((bit, read_leaf(leaf, self._alone(fact), self._now).things))
        return _Prospect(base, tuple(gains), adding)

    def _alone(self, fact: Fact) -> Facts:
        return Facts([fact], self._facts.relations)

    def _imagine_all(self) -> dict[Mention, list[tuple[int, Fact]]]:
        """The imagined fact of every step that is no waiting, by what it is about."""
        found: dict[Mention, list[tuple[int, Fact]]] = {}
        for place, step in enumerate(self._steps):
            if isinstance(step.node, FactLeaf):
                fact = imagine(step.node, self._facts, self._now, f"step {place}")
                found.setdefault((fact.kind, fact.key), []).append((1 << place, fact))
        return found

    # -- checking ----------------------------------------------------------------------------------------

    def _works(self, node: Node, chosen: int) -> bool:
        """Whether the evaluation is satisfied once the *chosen* steps are done."""
        self._judged += 1
        passed = frozenset(step.node for step in _picked(self._steps, chosen) if isinstance(step.node, Not))
        prospects = self._by_identity

        def read(leaf: Leaf) -> Reading:
            prospect = prospects[id(leaf)]
            if chosen & prospect.adding:
                return self._add_up(leaf, chosen & prospect.adding)
            gained = [things for bit, things in prospect.gains if chosen & bit]
            return Reading(True, prospect.base.things.union(*gained)) if gained else prospect.base

        return Judgement(read, passed).satisfied(node)

    def _add_up(self, leaf: Leaf, chosen: int) -> Reading:
        """A leaf that sums facts, with the chosen steps among them."""
        done = [fact for facts in self._imagined.values() for bit, fact in facts if chosen & bit]
        return read_leaf(leaf, self._facts.also(done), self._now)

    def _without_surplus(self, node: Node, chosen: int) -> int:
        """*chosen* without the steps that it works without, the dearest tried first."""
        places = [place for place in range(len(self._steps)) if chosen >> place & 1]
        for place in sorted(places, key=lambda place: self._costs[place], reverse=True):
            if self._works(node, chosen & ~(1 << place)):
                chosen &= ~(1 << place)
        return chosen

    # -- combining ---------------------------------------------------------------------------------------

    def _sets(self, node: Node) -> list[_Priced]:
        """The cheapest sets of steps that meet *node*; none when there are none."""
        if self._judgement.satisfied(node):
            return [_NOTHING]
        if isinstance(node, AllOf | AnyOf | AtLeast | Points):
            return self._sets_of_group(node)
        bit = self._bits.get(node)
        return [] if bit is None else [(self._cost_of(bit), bit)]

    def _sets_of_group(self, node: Group) -> list[_Priced]:
        members = [self._sets(member) for member in node.members]
        if isinstance(node, AnyOf):
            return self._best((one for sets in members for one in sets), MOST_SETS)
        if isinstance(node, AllOf):
            return self._every(members)
        if shares_things(node, self._facts.relations) and [_NOTHING] in members:
            self._complete = False  # a member that is met could be met again by another thing
        if isinstance(node, AtLeast):
            return self._counted(members, [1] * len(members), node.count)
        scale = 10**MAX_PLACES
        weights = [int(weight * scale) for weight in node.weights]
        return self._counted(members, weights, int(node.minimum * scale))

    def _every(self, members: Sequence[list[_Priced]]) -> list[_Priced]:
        sets = [_NOTHING]
        for options in members:
            sets = self._best((self._joined(one, other) for one in sets for other in options), MOST_SETS)
        return sets

    def _counted(
        self, members: Sequence[list[_Priced]], weights: Sequence[int], needed: int
    ) -> list[_Priced]:
        """Sets that reach *needed*: for every sum that can be reached, the cheapest sets that reach it."""
        sums: dict[int, list[_Priced]] = {0: [_NOTHING]}
        for options, weight in zip(members, weights, strict=True):
            work = len(members) * len(sums) * max(1, len(options))
            kept = max(1, min(MOST_SETS, WORK_PER_GROUP // work))
            reached = {total: list(sets) for total, sets in sums.items()}
            for total, sets in sums.items():
                if total < needed and options:
                    goal = reached.setdefault(min(needed, total + weight), [])
                    goal.extend(self._joined(one, other) for one in sets for other in options[:kept])
            sums = self._fewer_sums({total: self._best(sets, kept) for total, sets in reached.items()})
        return sums.get(needed, [])

    def _fewer_sums(self, sums: dict[int, list[_Priced]]) -> dict[int, list[_Priced]]:
        """At most :data:`MOST_SUMS` sums: those that cost least for what they reach, and always the greatest."""
        if len(sums) <= MOST_SUMS:
            return sums
        self._complete = False
        kept = nsmallest(MOST_SUMS - 1, sums, key=lambda total: sums[total][0][0] / (total + 1))
        return {total: sums[total] for total in {*kept, max(sums)}}

    def _best(self, sets: Iterable[_Priced], most: int) -> list[_Priced]:
        """The *most* cheapest different sets, no set beside one that it contains."""
        kept: list[_Priced] = []
        for priced in sorted(set(sets)):
            chosen = priced[1]
            if any(chosen & smaller == smaller for _cost_of_it, smaller in kept):
                continue
            if len(kept) == most:
                self._complete = False
                break
            kept.append(priced)
        return kept

    def _joined(self, one: _Priced, other: _Priced) -> _Priced:
        """Both sets; what they share is paid once."""
        common = one[1] & other[1]
        return one[0] + other[0] - (self._cost_of(common) if common else 0), one[1] | other[1]

    def _cost_of(self, chosen: int) -> int:
        total = 0
        while chosen:
            lowest = chosen & -chosen
            total += self._costs[lowest.bit_length() - 1]
            chosen ^= lowest
        return total

    def _way(self, chosen: int) -> Way:
        steps = tuple(_picked(self._steps, chosen))
        known = [step.offer.minutes for step in steps if step.offer.minutes is not None]
        exact = all(step.offer.minutes is not None or _is_wait(step) for step in steps)
        return Way(steps, sum(known), exact)


def _picked(items: Sequence[_T], chosen: int) -> list[_T]:
    return [item for place, item in enumerate(items) if chosen >> place & 1]


def _is_wait(step: Step) -> bool:
    return isinstance(step.node, TimeLeaf | Not)


def _cost(step: Step) -> int:
    if _is_wait(step):
        return 1
    minutes = step.offer.minutes
    return 1 + (UNKNOWN if minutes is None else MINUTE * min(max(minutes, 0), MOST_MINUTES))
