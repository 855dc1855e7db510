"""The requirement: one immutable tree that says when a badge is earned.

Evaluating, explaining, saying, storing, and judging a million learners are readings of this tree, each in a
module of its own, so what a learner is told can never differ from what the system enforces.

Groups count different *things*: in ``at_least`` and ``points`` every counted member must bring a thing of its
own (a badge, an outcome, a course …) that no other counted member is counted for. So the same badge in two
branches, or issued twice, counts once.

Trees are checked where they are read (:mod:`.json_form`); nodes themselves are plain values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import ClassVar, TypeGuard

from .window import ANY_TIME, Bound, Window

__all__ = [
    "FACT_LEAVES",
    "MAX_DEPTH",
    "MAX_NODES",
    "STANDINGS",
    "AllOf",
    "AnyOf",
    "AtLeast",
    "BadgeLeaf",
    "BlockLeaf",
    "CreditsLeaf",
    "ExternalLeaf",
    "FactLeaf",
    "GradeLeaf",
    "Group",
    "Leaf",
    "Mention",
    "Node",
    "Not",
    "OutcomeLeaf",
    "Points",
    "SignOffLeaf",
    "StandingLeaf",
    "TimeLeaf",
    "external_key",
    "is_leaf",
    "is_part",
    "members_of",
    "mentions",
    "mentions_of_leaf",
    "placed_members",
    "standing_code",
    "walk",
    "walk_with_paths",
]

MAX_DEPTH = 8
MAX_NODES = 500

Mention = tuple[str, str]


@lru_cache(maxsize=4_096)
def external_key(issuer: str, achievement: str) -> str:
    """The one key of an achievement of somebody else: fixed length, whatever the two addresses are."""
    return sha256(f"{issuer}\n{achievement}".encode("utf-8", "surrogatepass")).hexdigest()


#: How somebody can stand in a course.
STANDINGS = ("passed", "certified", "cohort")
_CODE_LENGTH = 50


def standing_code(state: str, group: str = "") -> str:
    """One short text for a standing: the state, with the cohort's name, or its digest where the name is long."""
    if state != "cohort":
        return state
    if len(group) <= _CODE_LENGTH - len("cohort:"):
        return f"cohort:{group}"
    return f"cohort#{sha256(group.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


@dataclass(frozen=True, slots=True)
class OutcomeLeaf:
    """An attainment of the outcome, with a minimum score (0 to 1) or at a rubric level or above it."""

    kind: ClassVar[str] = "outcome"
    key: str
    minimum_score: float = 0.0
    minimum_level: str = ""
    window: Window = ANY_TIME


@dataclass(frozen=True, slots=True)
class BadgeLeaf:
    """A badge held: any version, or this one and newer; an accepted equivalent too where it says so."""

    kind: ClassVar[str] = "badge"
    key: str
    minimum_version: int | None = None
    or_equivalent: bool = False
    window: Window = ANY_TIME


def is_part(key: str) -> bool:
    """Whether a grade's key names a part of a course, such as a subsection or an assignment, and not a course."""
    return key.startswith("block-v1:")


@dataclass(frozen=True, slots=True)
class GradeLeaf:
    """A grade in a course or in a part of one, at or above the minimum (0 to 1)."""

    kind: ClassVar[str] = "grade"
    key: str
    minimum: float
    window: Window = ANY_TIME


@dataclass(frozen=True, slots=True)
class BlockLeaf:
    """A block of a course completed; the key is its usage key."""

    kind: ClassVar[str] = "block"
    key: str
    window: Window = ANY_TIME


@dataclass(frozen=True, slots=True)
class CreditsLeaf:
    """Credits summed over a cluster of skills (sorted, with whatever is narrower than them)."""

    kind: ClassVar[str] = "credits"
    skills: tuple[str, ...]
    minimum: Decimal
    window: Window = ANY_TIME

    @property
    def key(self) -> str:
        """The cluster as one text, for those who need one per leaf."""
        return ", ".join(self.skills)


@dataclass(frozen=True, slots=True)
class SignOffLeaf:
    """A person in the role has signed off what the key names."""

    kind: ClassVar[str] = "signoff"
    key: str
    role: str
    window: Window = ANY_TIME


@dataclass(frozen=True, slots=True)
class StandingLeaf:
    """How the learner stands in a course as the platform says: passed, certified, or in one of its cohorts."""

    kind: ClassVar[str] = "standing"
    key: str
    state: str
    group: str = ""
    window: Window = ANY_TIME

    @property
    def code(self) -> str:
        """The same text that facts about this standing carry."""
        return standing_code(self.state, self.group)


@dataclass(frozen=True, slots=True)
class ExternalLeaf:
    """A verified Open Badge of another issuer, by the identifiers of its issuer and its achievement."""

    kind: ClassVar[str] = "external"
    issuer: str
    achievement: str
    window: Window = ANY_TIME

    @property
    def key(self) -> str:
        """The same key that facts about the achievement carry."""
        return external_key(self.issuer, self.achievement)


@dataclass(frozen=True, slots=True)
class TimeLeaf:
    """Now lies in a range of dates: for cohorts and deadlines."""

    kind: ClassVar[str] = "time"
    starts: Bound | None = None
    ends: Bound | None = None

    def holds(self, now: datetime) -> bool:
        """Whether *now* lies in the range."""
        return Window(None, self.starts, self.ends).spans(now)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Met when every member is."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Met when one member is."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Met when *count* members are, each with a thing of its own."""

    count: int
    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Met when the weights of members that are met, each with a thing of its own, reach the minimum."""

    minimum: Decimal
    members: tuple[Node, ...]
    weights: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Met when the member is not. Only sign-offs and times stand below it.

    Over anything else a ``not`` would punish learning more, and would need proof that something never happened.
    """

    member: Node


FactLeaf = (
    OutcomeLeaf | BadgeLeaf | GradeLeaf | BlockLeaf | CreditsLeaf | SignOffLeaf | StandingLeaf | ExternalLeaf
)
Leaf = FactLeaf | TimeLeaf
Group = AllOf | AnyOf | AtLeast | Points
Node = Leaf | Group | Not

FACT_LEAVES = (
    OutcomeLeaf,
    BadgeLeaf,
    GradeLeaf,
    BlockLeaf,
    CreditsLeaf,
    SignOffLeaf,
    StandingLeaf,
    ExternalLeaf,
)
_LIST_NAMES: dict[type, str] = {AllOf: "all", AnyOf: "any", AtLeast: "of", Points: "of"}


def members_of(node: Node) -> tuple[Node, ...]:
    """What stands directly below *node*."""
    if isinstance(node, AllOf | AnyOf | AtLeast | Points):
        return node.members
    return (node.member,) if isinstance(node, Not) else ()


def is_leaf(node: Node) -> TypeGuard[Leaf]:
    """Whether nothing stands below *node*."""
    return isinstance(node, (*FACT_LEAVES, TimeLeaf))


def walk(node: Node) -> Iterator[Node]:
    """Every node, parents before their members."""
    yield node
    for member in members_of(node):
        yield from walk(member)


def placed_members(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """The members of a node at *path* with their own paths, as errors and explanations name places."""
    if isinstance(node, Not):
        yield f"{path}.not".lstrip("."), node.member
        return
    name = _LIST_NAMES.get(type(node), "")
    for position, member in enumerate(members_of(node)):
        yield f"{path}.{name}[{position}]".lstrip("."), member


def walk_with_paths(node: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with its path (``all[2].of[0]``), parents before their members."""
    yield path, node
    for place, member in placed_members(node, path):
        yield from walk_with_paths(member, place)


def mentions_of_leaf(leaf: Leaf) -> tuple[Mention, ...]:
    """Pairs ``(kind, key)`` of what the leaf asks for; a time asks for nothing."""
    if isinstance(leaf, TimeLeaf):
        return ()
    if isinstance(leaf, CreditsLeaf):
        return tuple((leaf.kind, skill) for skill in leaf.skills)
    return ((leaf.kind, leaf.key),)


def mentions(node: Node) -> frozenset[Mention]:
    """Pairs ``(kind, key)`` of everything whose change may change the verdict."""
    return frozenset(pair for part in walk(node) if is_leaf(part) for pair in mentions_of_leaf(part))
