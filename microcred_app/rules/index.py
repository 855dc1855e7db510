"""From what just changed to the rules that could care: one event never looks at the others.

Kept in memory beside the rules; adding and removing a rule costs what the rule mentions. Relations are part of
the index, because a badge that is accepted for another, or a skill inside a cluster, changes rules that do not
name it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Generic, TypeVar

from .changes import depends_on_time
from .evaluation import Evaluation, evaluate, is_met
from .facts import Facts, Relations
from .requirement import AllOf, AnyOf, AtLeast, FactLeaf, Mention, Node, Points, walk

__all__ = ["RuleIndex", "guards"]

Key = TypeVar("Key", bound=Hashable)


def guards(node: Node, relations: Relations) -> tuple[frozenset[Mention], ...]:
    """Sets of mentions; a learner of whom nothing is known about one of the sets cannot meet *node*.

    Asked before evaluating: most rules that mention what changed lack something else altogether.
    """
    if isinstance(node, FactLeaf):
        return (frozenset(relations.sources(node)),)
    if isinstance(node, AllOf):
        return tuple(dict.fromkeys(guard for member in node.members for guard in guards(member, relations)))
    if isinstance(node, AnyOf | AtLeast | Points):
        of_members = [guards(member, relations) for member in node.members]
        if all(of_members):  # whichever member is met, its own smallest guard held
            return (frozenset().union(*(min(found, key=len) for found in of_members)),)
    return ()


class RuleIndex(Generic[Key]):
    """Rules by what they mention, with the relations they are read by."""

    def __init__(self, rules: Mapping[Key, Node] | None = None, relations: Relations | None = None) -> None:
        self.relations = relations or Relations()
        self._rules: dict[Key, Node] = {}
        self._mentions: dict[Key, frozenset[Mention]] = {}
        self._guards: dict[Key, tuple[frozenset[Mention], ...]] = {}
        self._by_mention: dict[Mention, dict[Key, None]] = {}
        self._timed: dict[Key, None] = {}
        for key, node in (rules or {}).items():
            self.put(key, node)

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._rules)

    def __getitem__(self, key: Key) -> Node:
        return self._rules[key]

    def put(self, key: Key, node: Node) -> None:
        """Keep *node* under *key*, in place of what stood there."""
        self.remove(key)
        leaves = (part for part in walk(node) if isinstance(part, FactLeaf))
        found = frozenset(mention for leaf in leaves for mention in self.relations.sources(leaf))
        self._rules[key] = node
        self._mentions[key] = found
        self._guards[key] = guards(node, self.relations)
        for mention in found:
            self._by_mention.setdefault(mention, {})[key] = None
        if depends_on_time(node):
            self._timed[key] = None

    def remove(self, key: Key) -> None:
        """Forget the rule; nothing happens when there is none."""
        if self._rules.pop(key, None) is None:
            return
        self._timed.pop(key, None)
        del self._guards[key]
        for mention in self._mentions.pop(key):
            holders = self._by_mention[mention]
            del holders[key]
            if not holders:
                del self._by_mention[mention]

    def mentioning(self, changed: Iterable[Mention]) -> tuple[Key, ...]:
        """Rules whose verdict may change with *changed*, each once."""
        found: dict[Key, None] = {}
        for mention in changed:
            found |= self._by_mention.get(mention, {})
        return tuple(found)

    def timed(self) -> tuple[Key, ...]:
        """Rules whose verdict may change by time alone."""
        return tuple(self._timed)

    def met(
        self, changed: Iterable[Mention], facts: Facts, now: datetime
    ) -> Iterator[tuple[Key, Evaluation]]:
        """Of the rules that *changed* may have changed those that are met now, each with its evaluation."""
        for key in self.mentioning(changed):
            node = self._rules[key]
            if all(map(facts.know_any, self._guards[key])) and is_met(node, facts, now):
                yield key, evaluate(node, facts, now)
