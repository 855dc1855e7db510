"""The same tree in words: one sentence part that means exactly what evaluation enforces.

Two trees that differ in more than groups of one member never give the same sentence: every group that stands
in a group is set apart in brackets, every limit of a leaf is said, and titles cannot forge either.
"""

from __future__ import annotations

from decimal import Decimal

from .phrases import Phrases
from .requirement import (
    AllOf,
    AnyOf,
    AtLeast,
    BadgeLeaf,
    BlockLeaf,
    CreditsLeaf,
    ExternalLeaf,
    GradeLeaf,
    Leaf,
    Node,
    Not,
    OutcomeLeaf,
    Points,
    SignOffLeaf,
    StandingLeaf,
    TimeLeaf,
    is_leaf,
    is_part,
)
from .titles import Names, Titles
from .window import Bound, Window

__all__ = ["percent_text", "say"]


def say(node: Node, names: Names, phrases: Phrases | None = None) -> str:
    """What a person must do, to follow "a person …": one plain sentence part."""
    return _Speaker(Titles(node, names), phrases or Phrases()).say(node)


def percent_text(share: float) -> str:
    """A share as per cent, exactly as it was written: 0.8 is 80, 0.801 is 80.1."""
    return f"{(Decimal(repr(share)) * 100).normalize():f}"


def _unwrapped(node: Node) -> Node:
    """What a group of one member comes down to. Weights say more than their member, so points stay."""
    while isinstance(node, AllOf | AnyOf | AtLeast) and len(node.members) == 1:
        node = node.members[0]
    return node


class _Speaker:
    """Says the nodes of one tree with one set of titles and phrases."""

    def __init__(self, titles: Titles, phrases: Phrases) -> None:
        self._title = titles.title
        self._words = phrases

    def say(self, node: Node) -> str:
        node = _unwrapped(node)
        words = self._words
        match node:
            case AllOf(members):
                return words.all_of(self._parts(members))
            case AnyOf(members):
                return words.any_of(self._parts(members))
            case AtLeast(count, members):
                return words.at_least(count, self._parts(members))
            case Points(minimum, members, weights):
                pairs = zip(weights, self._parts(members), strict=True)
                return words.points(minimum, [words.weighed(weight, part) for weight, part in pairs])
            case Not(member):
                return self._negation(_unwrapped(member))
            case leaf:
                return self._limited(self._leaf(leaf), leaf)

    def _parts(self, members: tuple[Node, ...]) -> list[str]:
        """The members said; whatever is no leaf is set apart."""
        parts = []
        for member in map(_unwrapped, members):
            text = self.say(member)
            alone = is_leaf(member) or (isinstance(member, Not) and is_leaf(_unwrapped(member.member)))
            parts.append(text if alone else self._words.group(text))
        return parts

    def _negation(self, member: Node) -> str:
        match member:
            case SignOffLeaf(key, role):
                name = self._title("signoff", key)
                return self._limited(self._words.not_sign_off(name, self._title("role", role)), member)
            case TimeLeaf(starts, ends):
                return self._words.not_time(self._span(starts, ends))
            case group:
                return self._words.none_of(self._words.group(self.say(group)))

    def _leaf(self, leaf: Leaf) -> str:
        words, title = self._words, self._title
        match leaf:
            case OutcomeLeaf():
                return self._outcome(leaf)
            case BadgeLeaf(key):
                return words.badge(title("badge", key))
            case GradeLeaf(key, minimum):
                say = words.part_grade if is_part(key) else words.grade
                return say(title("grade", key), percent_text(minimum))
            case BlockLeaf(key):
                return words.block(title("block", key))
            case CreditsLeaf(skills, minimum):
                return words.credits(minimum, [title("credits", skill) for skill in skills])
            case SignOffLeaf(key, role):
                return words.sign_off(title("signoff", key), title("role", role))
            case StandingLeaf():
                return self._standing(leaf)
            case ExternalLeaf(issuer):
                return words.external(title("external", leaf.key), title("issuer", issuer))
            case TimeLeaf(starts, ends):
                return words.time(self._span(starts, ends))

    def _standing(self, leaf: StandingLeaf) -> str:
        course = self._title("standing", leaf.key)
        if leaf.state == "cohort":
            return self._words.cohort(course, self._title("group", leaf.group))
        return self._words.certified(course) if leaf.state == "certified" else self._words.passed(course)

    def _outcome(self, leaf: OutcomeLeaf) -> str:
        name = self._title("outcome", leaf.key)
        if leaf.minimum_level:
            return self._words.outcome_with_level(name, self._title("level", leaf.minimum_level))
        if leaf.minimum_score:
            return self._words.outcome_with_score(name, percent_text(leaf.minimum_score))
        return self._words.outcome(name)

    def _limited(self, text: str, leaf: Leaf) -> str:
        """The leaf with everything that narrows it, in brackets behind it."""
        limits = []
        if isinstance(leaf, BadgeLeaf):
            if leaf.minimum_version is not None:
                limits.append(self._words.badge_version(leaf.minimum_version))
            if leaf.or_equivalent:
                limits.append(self._words.badge_equivalent())
        if not isinstance(leaf, TimeLeaf):
            limits.extend(self._window(leaf.window))
        return self._words.qualified(text, limits) if limits else text

    def _window(self, window: Window) -> list[str]:
        words = self._words
        limits = []
        if window.within is not None:
            period = window.within
            limits.append(words.within(words.period(period.years, period.months, period.days)))
        if window.starts is not None or window.ends is not None:
            limits.append(self._span(window.starts, window.ends))
        return limits

    def _span(self, starts: Bound | None, ends: Bound | None) -> str:
        words = self._words
        if starts is None:
            return words.until(words.bound(ends)) if ends is not None else ""
        if ends is None:
            return words.since(words.bound(starts))
        return words.between(words.bound(starts), words.bound(ends))
