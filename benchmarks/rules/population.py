"""A made-up university: rules with twenty leaves in nested groups, and who of a million learners meets what."""

from __future__ import annotations

import random
import time
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from microcred_app import rules

__all__ = ["NOW", "LeafLists", "nested_rule", "pathway", "rules_of_leaves"]

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LEAVES_PER_RULE = 20
DENSITY = (0.02, 0.3)  # the share of learners who meet a leaf


def leaf(number: int) -> rules.Leaf:
    """Leaf *number*: of every kind there is, so that reading facts one by one is as it would be."""
    window = rules.Window(rules.Period(years=3)) if number % 5 == 0 else rules.ANY_TIME
    kinds: list[rules.Leaf] = [
        rules.OutcomeLeaf(f"o{number}", 0.8, window=window),
        rules.BadgeLeaf(f"b{number}", minimum_version=2, window=window),
        rules.GradeLeaf(f"course-v1:a+c{number}+r", 0.6, window),
        rules.BlockLeaf(f"block-v1:a+c+r+type@html+block@{number}", window),
        rules.CreditsLeaf((f"s{number}",), Decimal("2.5"), window),
        rules.SignOffLeaf(f"p{number}", "assessor", window),
    ]
    return kinds[number % len(kinds)]


def nested_rule(number: int) -> rules.Node:
    """Twenty leaves, four levels, every kind of group."""
    own = [leaf(number * LEAVES_PER_RULE + place) for place in range(LEAVES_PER_RULE)]
    weights = (Decimal(3), Decimal("2.5"), Decimal(1), Decimal("1.5"))
    pool = rules.Points(Decimal(4), tuple(own[8:12]), weights)
    electives = rules.AtLeast(2, (*own[2:7], rules.AllOf((own[7], pool))))
    return rules.AllOf(
        (
            rules.AnyOf((own[0], own[1])),
            electives,
            rules.AnyOf((rules.AtLeast(2, tuple(own[12:17])), rules.AllOf(tuple(own[17:20])))),
        )
    )


def rules_of_leaves(count: int) -> dict[int, rules.Node]:
    """*count* such rules, no leaf in two of them: nothing is gained by sharing bit sets."""
    return {number: nested_rule(number) for number in range(count)}


class LeafLists:
    """For every leaf the learners who meet it, in no order.

    Lists are cut from one shuffled list of all learners at a place and in a length that the leaf's number
    gives, so that two thousand of them need no memory beyond the one in use, and anybody can tell who is in
    which without keeping any.
    """

    def __init__(self, learners: int, seed: int = 7) -> None:
        self.size = learners
        order = list(range(learners))
        random.Random(seed).shuffle(order)
        self._shuffled = array("I", order)
        self._place = array("I", order)
        for place, learner in enumerate(order):
            self._place[learner] = place
        self._cuts: dict[int, tuple[int, int]] = {}
        self.seconds = 0.0  # what making the lists took, which is nobody's work but the benchmark's

    def _cut(self, number: int) -> tuple[int, int]:
        if number not in self._cuts:
            chance = random.Random(number)
            self._cuts[number] = chance.randrange(self.size), int(self.size * chance.uniform(*DENSITY))
        return self._cuts[number]

    def lists(self, leaves: tuple[rules.Leaf, ...]) -> Iterator[tuple[rules.Leaf, list[int]]]:
        """The leaves with their learners, one after the other."""
        for number, one in enumerate(leaves):
            begin = time.process_time()
            start, length = self._cut(number)
            beyond = max(0, start + length - self.size)
            found = self._shuffled[start : start + length] + self._shuffled[:beyond]
            learners = found.tolist()  # a list of fresh numbers, as a query gives it
            self.seconds += time.process_time() - begin
            yield one, learners

    def facts_of(self, learner: int, leaves: list[tuple[int, rules.Leaf]]) -> rules.Facts:
        """What is known of one learner: a fact for each leaf met; for others sometimes one that is too weak."""
        known = []
        for number, one in leaves:
            start, length = self._cut(number)
            met = (self._place[learner] - start) % self.size < length
            if met or (learner + number) % 3 == 0:
                known.append(_fact(one, met, f"{learner}-{number}"))
        return rules.Facts(known)


def _fact(one: rules.Leaf, met: bool, name: str) -> rules.Fact:
    old = one.window is not rules.ANY_TIME and not met
    at = NOW - timedelta(days=1_200 if old else 100)
    enough = met or old
    match one:
        case rules.OutcomeLeaf():
            return rules.OutcomeFact(name, one.key, at, score=0.8 if enough else 0.79)
        case rules.BadgeLeaf():
            return rules.BadgeFact(name, one.key, at, version=2 if enough else 1)
        case rules.GradeLeaf():
            return rules.GradeFact(name, one.key, at, score=0.6 if enough else 0.59)
        case rules.CreditsLeaf():
            return rules.CreditFact(
                name, one.skills[0], at, amount=Decimal("2.5") if enough else Decimal("2.25")
            )
        case rules.SignOffLeaf():
            return rules.SignOffFact(name, one.key, at, role="assessor" if enough else "reader")
    return rules.BlockFact(name, one.key if enough else f"{one.key}-other", at)


def pathway(number: int, badges: int) -> rules.Node:
    """A pathway as universities build them: a required badge, some of a pool, a recent one; six badges."""
    chance = random.Random(number)
    keys = [f"b{key}" for key in chance.sample(range(badges), 6)]
    parts = [rules.BadgeLeaf(key) for key in keys]
    recent = rules.BadgeLeaf(keys[5], window=rules.Window(rules.Period(years=2)))
    return rules.AllOf((parts[0], rules.AtLeast(2, tuple(parts[1:4])), rules.AnyOf((parts[4], recent))))
