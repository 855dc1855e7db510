"""Does a learner meet a requirement, and because of what?

Evaluation is a pure function of the tree and the facts: the order in which facts became known, and how often
one was reported, cannot change the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .requirement import AllOf, AnyOf, AtLeast, BadgeLeaf, Leaf, Node, OutcomeLeaf

__all__ = ["Evaluation", "Facts", "evaluate"]


@dataclass(frozen=True)
class Facts:
    """What is known of one learner.

    ``outcomes`` maps an outcome key to the best score (0 to 1) of its attainments; ``badges`` are the keys of
    the badges that the learner holds now.
    """

    outcomes: Mapping[str, float] = field(default_factory=dict)
    badges: frozenset[str] = frozenset()

    def meets(self, leaf: Leaf) -> bool:
        """Whether one leaf is met."""
        if isinstance(leaf, BadgeLeaf):
            return leaf.key in self.badges
        score = self.outcomes.get(leaf.key)
        return score is not None and score >= leaf.minimum_score


@dataclass(frozen=True)
class Evaluation:
    """The verdict, and the leaves that are met: the "because" of an award."""

    satisfied: bool
    met: tuple[Leaf, ...]


def evaluate(node: Node, facts: Facts) -> Evaluation:
    """Judge *node* by *facts*."""
    match node:
        case OutcomeLeaf() | BadgeLeaf():
            met = facts.meets(node)
            return Evaluation(met, (node,) if met else ())
        case AllOf(members):
            needed = len(members)
        case AnyOf(members):
            needed = 1
        case AtLeast(needed, members):
            pass
    results = [evaluate(member, facts) for member in members]
    leaves = dict.fromkeys(leaf for result in results for leaf in result.met)
    return Evaluation(sum(result.satisfied for result in results) >= needed, tuple(leaves))
