"""What is known of one learner, as values with an id and a time.

The ids come back as the provenance of a verdict. In which order facts became known, and how often one was
reported, cannot change anything: they are kept by kind and key, once per id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from .requirement import (
    BadgeLeaf,
    CreditsLeaf,
    FactLeaf,
    GradeLeaf,
    Mention,
    OutcomeLeaf,
    SignOffLeaf,
    StandingLeaf,
)
from .window import ANY_TIME

__all__ = [
    "BadgeFact",
    "BlockFact",
    "CreditFact",
    "ExternalFact",
    "Fact",
    "Facts",
    "GradeFact",
    "OutcomeFact",
    "Relations",
    "SignOffFact",
    "StandingFact",
    "alive",
    "answers",
]

SCORE_DIGITS = 9  # a mean of scores such as 0.7, 0.8 and 0.9 must not fail 0.8 by its last binary digit


@dataclass(frozen=True, slots=True)
class Fact:
    """One record about the learner. It counts until ``until``, where it has such an end (a badge may expire)."""

    kind: ClassVar[str] = ""
    id: str
    key: str
    at: datetime
    until: datetime | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFact(Fact):
    """An attainment: score from 0 to 1, and the rubric level with all levels of its rubric, lowest first."""

    kind: ClassVar[str] = "outcome"
    score: float | None = None
    level: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFact(Fact):
    """A badge that the learner holds, in one of its versions."""

    kind: ClassVar[str] = "badge"
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeFact(Fact):
    """A course grade, from 0 to 1."""

    kind: ClassVar[str] = "grade"
    score: float


@dataclass(frozen=True, slots=True)
class BlockFact(Fact):
    """A completed block; the key is its usage key."""

    kind: ClassVar[str] = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFact(Fact):
    """Credits towards one skill. The same credits given for two skills have one id, and count once per leaf."""

    kind: ClassVar[str] = "credits"
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffFact(Fact):
    """A sign-off by somebody in a role."""

    kind: ClassVar[str] = "signoff"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFact(Fact):
    """How the learner stands in a course; ``code`` is :func:`~.requirement.standing_code`."""

    kind: ClassVar[str] = "standing"
    code: str


@dataclass(frozen=True, slots=True)
class ExternalFact(Fact):
    """A verified badge of another issuer; the key is :func:`~.requirement.external_key`."""

    kind: ClassVar[str] = "external"


@dataclass(frozen=True, slots=True)
class Relations:
    """How things stand to one another, complete: nothing is followed from step to step here.

    ``equivalents`` maps a badge to the badges accepted in its place, ``narrower`` a skill to every skill below
    it, and ``own_externals`` the keys of achievements that are our own badges (:func:`external_key` → badge).
    ``versions`` narrows an equivalence: (badge, accepted badge) → the versions of the latter that count; without
    an entry all do.
    """

    equivalents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    versions: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    narrower: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own_externals: Mapping[str, str] = field(default_factory=dict)

    def accepts(self, leaf: FactLeaf, fact: Fact) -> bool:
        """Whether *fact*, where it stands in for what *leaf* names, is of a version that may."""
        if not isinstance(leaf, BadgeLeaf) or fact.key == leaf.key:
            return True
        allowed = self.versions.get((leaf.key, fact.key))
        return allowed is None or (isinstance(fact, BadgeFact) and fact.version in allowed)

    def sources(self, leaf: FactLeaf) -> tuple[Mention, ...]:
        """Every ``(kind, key)`` whose facts may meet *leaf*: its own first, then accepted ones by key."""
        if isinstance(leaf, BadgeLeaf) and leaf.or_equivalent:
            others = self.equivalents.get(leaf.key, frozenset()) - {leaf.key}
            return (("badge", leaf.key), *(("badge", key) for key in sorted(others)))
        if isinstance(leaf, CreditsLeaf):
            below = {key for skill in leaf.skills for key in self.narrower.get(skill, ())}
            return tuple(("credits", key) for key in (*leaf.skills, *sorted(below.difference(leaf.skills))))
        return ((leaf.kind, leaf.key),)


class Facts:
    """Everything known of one learner that a requirement may ask about, with the relations to read it by.

    Raises :class:`ValueError` for a fact without a time zone, because "3 years ago" would be a guess.
    """

    __slots__ = ("_by_mention", "relations")

    def __init__(self, known: Iterable[Fact] = (), relations: Relations | None = None) -> None:
        self.relations = relations or Relations()
        found: dict[Mention, set[Fact]] = {}
        for fact in known:
            if fact.at.tzinfo is None or (fact.until is not None and fact.until.tzinfo is None):
                raise ValueError(f"The fact {fact.id} has a time without an offset from UTC.")
            found.setdefault((fact.kind, fact.key), set()).add(fact)
        self._by_mention: dict[Mention, tuple[Fact, ...]] = {
            mention: tuple(sorted(facts, key=lambda fact: (fact.at, fact.id, repr(fact))))
            if len(facts) > 1
            else tuple(facts)
            for mention, facts in found.items()
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Facts):
            return NotImplemented
        return self._by_mention == other._by_mention and self.relations == other.relations

    def __hash__(self) -> int:
        return hash(frozenset(self._by_mention.items()))

    def __iter__(self) -> Iterator[Fact]:
        return (fact for facts in self._by_mention.values() for fact in facts)

    def also(self, known: Iterable[Fact]) -> Facts:
        """These facts and *known*."""
        return Facts((*self, *known), self.relations)

    def know_any(self, mentions: Iterable[Mention]) -> bool:
        """Whether anything at all is known of one of *mentions*."""
        return any(mention in self._by_mention for mention in mentions)

    def answering(self, leaf: FactLeaf) -> tuple[Fact, ...]:
        """Facts that are what *leaf* asks for, in its range of dates, whether or not they still count."""
        window = leaf.window
        return tuple(
            fact
            for fact in self._about(leaf)
            if answers(leaf, fact)
            and (window is ANY_TIME or window.spans(fact.at))
            and self.relations.accepts(leaf, fact)
        )

    def counting(self, leaf: FactLeaf, now: datetime) -> tuple[Fact, ...]:
        """Facts that are what *leaf* asks for and still count *now*."""
        if not self._about(leaf):
            return ()
        return tuple(fact for fact in self.answering(leaf) if alive(leaf, fact, now))

    def _about(self, leaf: FactLeaf) -> Sequence[Fact]:
        """Facts about what *leaf* names, and about what is accepted for it."""
        known = self._by_mention
        if isinstance(leaf, CreditsLeaf) or (isinstance(leaf, BadgeLeaf) and leaf.or_equivalent):
            return [fact for mention in self.relations.sources(leaf) for fact in known.get(mention, ())]
        return known.get((leaf.kind, leaf.key), ())


def alive(leaf: FactLeaf, fact: Fact, now: datetime) -> bool:
    """Whether a fact that answers *leaf* still counts *now*."""
    if fact.until is not None and fact.until <= now:
        return False
    if leaf.window is ANY_TIME:
        return True
    lapse = leaf.window.lapse(fact.at)
    return lapse is None or now < lapse


def answers(leaf: FactLeaf, fact: Fact) -> bool:
    """Whether *fact*, which *leaf* may be met by, is good enough; times aside."""
    if isinstance(leaf, OutcomeLeaf):
        return isinstance(fact, OutcomeFact) and _reaches(leaf, fact)
    if isinstance(leaf, BadgeLeaf):
        wanted = leaf.minimum_version
        if wanted is None or fact.key != leaf.key:
            return isinstance(fact, BadgeFact)
        return isinstance(fact, BadgeFact) and fact.version is not None and fact.version >= wanted
    if isinstance(leaf, GradeLeaf):
        return isinstance(fact, GradeFact) and _at_least(fact.score, leaf.minimum)
    if isinstance(leaf, SignOffLeaf):
        return isinstance(fact, SignOffFact) and fact.role == leaf.role
    if isinstance(leaf, StandingLeaf):
        return isinstance(fact, StandingFact) and fact.code == leaf.code
    return fact.kind == leaf.kind


def _reaches(leaf: OutcomeLeaf, fact: OutcomeFact) -> bool:
    if leaf.minimum_level:
        known = fact.level in fact.levels and leaf.minimum_level in fact.levels
        return known and fact.levels.index(fact.level) >= fact.levels.index(leaf.minimum_level)
    if not leaf.minimum_score:
        return True
    return fact.score is not None and _at_least(fact.score, leaf.minimum_score)


def _at_least(score: float, minimum: float) -> bool:
    return score >= minimum or round(score, SCORE_DIGITS) >= round(minimum, SCORE_DIGITS)
