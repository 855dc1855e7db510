"""What a learner can still do, and what doing it would change.

A step is imagined as the least fact that meets its leaf: an attainment of exactly the minimum score, a badge
of exactly the wanted version. So a step never promises more than its leaf asks for, and a way that works with
imagined facts works with every real one that is as good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .changes import next_change
from .evaluation import Reading, credits_in, own_thing, read_leaf
from .facts import (
    BadgeFact,
    BlockFact,
    CreditFact,
    ExternalFact,
    Fact,
    Facts,
    GradeFact,
    OutcomeFact,
    SignOffFact,
    StandingFact,
    alive,
)
from .requirement import (
    BadgeLeaf,
    CreditsLeaf,
    ExternalLeaf,
    FactLeaf,
    GradeLeaf,
    Leaf,
    Not,
    OutcomeLeaf,
    SignOffLeaf,
    StandingLeaf,
    TimeLeaf,
)
from .window import closing, opening

__all__ = ["Offer", "done_at", "imagine", "opens_at", "read_ever", "read_open"]


@dataclass(frozen=True, slots=True)
class Offer:
    """Where a leaf can be done, and in about how many minutes; nothing where that is not known."""

    title: str = ""
    minutes: int | None = None
    link: str = ""


def done_at(leaf: Leaf, now: datetime) -> datetime | None:
    """The earliest moment, from *now* on, at which doing the leaf would count; nothing when it is too late."""
    if isinstance(leaf, TimeLeaf):
        starts, ends = leaf.starts, leaf.ends
    else:
        starts, ends = leaf.window.starts, leaf.window.ends
    begin = now if starts is None else max(now, opening(starts))
    return begin if ends is None or begin < closing(ends) else None


def opens_at(node: TimeLeaf | Not, facts: Facts, now: datetime) -> datetime | None:
    """When a time, or a ``not``, that is not met becomes met by itself."""
    return next_change(node, facts, now)


def imagine(leaf: FactLeaf, facts: Facts, now: datetime, name: str) -> Fact:
    """The least fact, with the id *name*, by which *leaf* would be met together with *facts*."""
    at = done_at(leaf, now) or now
    match leaf:
        case OutcomeLeaf(key, minimum, level):
            levels = (level,) if level else ()
            score = None if level else minimum
            return OutcomeFact(name, key, at, score=score, level=level, levels=levels)
        case BadgeLeaf(key, version):
            return BadgeFact(name, key, at, version=version)
        case GradeLeaf(key, minimum):
            return GradeFact(name, key, at, score=minimum)
        case SignOffLeaf(key, role):
            return SignOffFact(name, key, at, role=role)
        case StandingLeaf(key):
            return StandingFact(name, key, at, code=leaf.code)
        case CreditsLeaf(skills, minimum):
            held = credits_in(tuple(f for f in facts.answering(leaf) if alive(leaf, f, at)))
            return CreditFact(name, skills[0], at, amount=minimum - held)
        case ExternalLeaf():
            return ExternalFact(name, leaf.key, at)
        case block:
            return BlockFact(name, block.key, at)


def read_ever(leaf: Leaf, facts: Facts, now: datetime) -> Reading:
    """The leaf as if nothing had ever become too old."""
    if isinstance(leaf, TimeLeaf):
        return read_leaf(leaf, facts, now)
    found = facts.answering(leaf)
    if not found or (isinstance(leaf, CreditsLeaf) and credits_in(found) < leaf.minimum):
        return Reading(False)
    if isinstance(leaf, BadgeLeaf):
        return Reading(True, frozenset([("badge", fact.key) for fact in found]), found)
    return Reading(True, frozenset([own_thing(leaf)]), found)


def read_open(leaf: Leaf, facts: Facts, now: datetime) -> Reading:
    """The leaf as if everything that can still be done were done."""
    reading = read_leaf(leaf, facts, now)
    if done_at(leaf, now) is None:
        return reading
    return Reading(True, reading.things | {own_thing(leaf)}, reading.facts)
