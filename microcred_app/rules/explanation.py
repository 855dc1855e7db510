"""The same tree in words: the sentence for criteria, and what one learner still misses.

Words are handed in by the caller (:class:`Phrases`), so that this package stays free of any framework and
the caller's language is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .evaluation import Facts, evaluate
from .requirement import AllOf, AnyOf, AtLeast, BadgeLeaf, Leaf, Node, OutcomeLeaf

__all__ = ["Names", "Phrases", "missing", "say"]


@dataclass(frozen=True)
class Names:
    """Titles of the things that leaves name; an unknown key is shown as it is."""

    outcomes: Mapping[str, str] = field(default_factory=dict)
    badges: Mapping[str, str] = field(default_factory=dict)

    def of(self, leaf: Leaf) -> str:
        """The title of what *leaf* names."""
        table = self.badges if isinstance(leaf, BadgeLeaf) else self.outcomes
        return table.get(leaf.key, leaf.key)


@dataclass(frozen=True)
class Phrases:
    """How a language says the parts of a requirement. Defaults are English."""

    outcome: Callable[[str], str] = lambda name: f"shows: {name}"
    outcome_with_score: Callable[[str, int], str] = lambda name, percent: (
        f"shows: {name} (at least {percent} %)"
    )
    badge: Callable[[str], str] = lambda name: f"holds the badge “{name}”"
    all_of: Callable[[list[str]], str] = lambda parts: " and ".join(parts)
    any_of: Callable[[list[str]], str] = lambda parts: " or ".join(parts)
    at_least: Callable[[int, list[str]], str] = lambda count, parts: (
        f"at least {count} of: " + "; ".join(parts)
    )
    group: Callable[[str], str] = lambda text: f"({text})"


def say(node: Node, names: Names, phrases: Phrases | None = None) -> str:
    """One sentence part that means exactly what :func:`~.evaluation.evaluate` enforces."""
    words = phrases or Phrases()
    match node:
        case BadgeLeaf():
            return words.badge(names.of(node))
        case OutcomeLeaf(_, minimum) if minimum:
            return words.outcome_with_score(names.of(node), round(minimum * 100))
        case OutcomeLeaf():
            return words.outcome(names.of(node))
        case AllOf((only,)) | AnyOf((only,)) | AtLeast(1, (only,)):
            return say(only, names, words)
        case AllOf(members):
            return words.all_of(_parts(members, names, words))
        case AnyOf(members):
            return words.any_of(_parts(members, names, words))
        case AtLeast(count, members):
            return words.at_least(count, _parts(members, names, words))


def missing(node: Node, facts: Facts) -> tuple[Leaf, ...]:
    """Leaves that would still help: empty exactly when the requirement is met."""
    if evaluate(node, facts).satisfied:
        return ()
    if isinstance(node, OutcomeLeaf | BadgeLeaf):
        return (node,)
    return tuple(dict.fromkeys(leaf for member in node.members for leaf in missing(member, facts)))


def _parts(members: tuple[Node, ...], names: Names, words: Phrases) -> list[str]:
    """The members said; a group inside a group is set apart so that the sentence has one reading."""
    parts = []
    for member in members:
        text = say(member, names, words)
        nested = isinstance(member, AllOf | AnyOf | AtLeast) and len(member.members) > 1
        parts.append(words.group(text) if nested else text)
    return parts
