"""How badges and skills stand to one another, as requirements are read by it."""

from __future__ import annotations

from collections.abc import Sequence

from microcred_app import rules

from ..skills.api import skills_below
from .data import PublishedBadge

__all__ = ["mentions_through", "relations_between"]


def relations_between(current: Sequence[PublishedBadge]) -> rules.Relations:
    """What is accepted in place of what, and which skills lie below those that rules count credits in."""
    equivalents: dict[str, set[str]] = {}
    versions: dict[tuple[str, str], set[int]] = {}
    whole: set[tuple[str, str]] = set()
    for badge in current:
        for accepted in badge.terms.accepted_badges:
            equivalents.setdefault(badge.key, set()).add(accepted.key)
            if accepted.number:
                versions.setdefault((badge.key, accepted.key), set()).add(accepted.number)
            else:
                whole.add((badge.key, accepted.key))
    skills = _counted_skills(current)
    return rules.Relations(
        equivalents={key: frozenset(values) for key, values in equivalents.items()},
        versions={pair: frozenset(numbers) for pair, numbers in versions.items() if pair not in whole},
        narrower=skills_below(skills) if skills else {},
    )


def mentions_through(node: rules.Node, relations: rules.Relations) -> frozenset[rules.Mention]:
    """Everything whose change may change the verdict, accepted badges and narrower skills included."""
    leaves = (part for part in rules.walk(node) if isinstance(part, rules.FactLeaf))
    return frozenset(mention for leaf in leaves for mention in relations.sources(leaf))


def _counted_skills(current: Sequence[PublishedBadge]) -> set[str]:
    parts = (part for badge in current for part in rules.walk(badge.requirement))
    return {key for part in parts if isinstance(part, rules.CreditsLeaf) for key in part.skills}
