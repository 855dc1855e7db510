"""Where a learner can do what a requirement asks for, and in about how many minutes.

Known is what the learner met: units they opened, and the badges that other units lead to. A place nobody has shown
them is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from opaque_keys import InvalidKeyError

from microcred_app import rules
from microcred_app.applets.attainments import api as attainments
from microcred_app.applets.badges import api as badges
from microcred_app.compat import platform

__all__ = ["offers_for", "outcomes_behind", "unit_address"]

MOST_BADGES = 500
_Units = Mapping[str, tuple[str, str, int]]


def offers_for(
    nodes: Iterable[rules.Node], facts: rules.Facts, learner_id: int
) -> dict[rules.Leaf, rules.Offer]:
    """An offer for each leaf that can be done somewhere known: three queries at most, however large the trees."""
    leaves = {part for node in nodes for part in rules.walk(node) if isinstance(part, rules.FactLeaf)}
    behind = outcomes_behind(leaves)
    wanted = {key for keys in behind.values() for key in keys}
    done = {fact.key for fact in facts if isinstance(fact, rules.OutcomeFact)}
    units = attainments.units_of_outcomes(wanted, learner_id=learner_id) if learner_id else {}
    known = badges.latest_badges({leaf.key for leaf in leaves if isinstance(leaf, rules.BadgeLeaf)})
    offers: dict[rules.Leaf, rules.Offer] = {}
    for leaf in leaves:
        if isinstance(leaf, rules.OutcomeLeaf):
            offers[leaf] = _of_unit(units.get(leaf.key))
        elif isinstance(leaf, rules.BadgeLeaf):
            offers[leaf] = _of_badge(known.get(leaf.key), behind[leaf], done, units)
        elif isinstance(leaf, rules.BlockLeaf) or (
            isinstance(leaf, rules.GradeLeaf) and rules.is_part(leaf.key)
        ):
            offers[leaf] = rules.Offer(link=unit_address(leaf.key))
        elif isinstance(leaf, rules.ExternalLeaf):
            offers[leaf] = rules.Offer(link=reverse("microcred_app:my-external"))
    return offers


def _of_unit(unit: tuple[str, str, int] | None) -> rules.Offer:
    if unit is None:
        return rules.Offer()
    usage_key, title, minutes = unit
    return rules.Offer(title, minutes or None, unit_address(usage_key))


def _of_badge(
    badge: badges.PublishedBadge | None, outcomes: tuple[str, ...], done: set[str], units: _Units
) -> rules.Offer:
    """The first open unit that leads to the badge; the minutes of all of them where all are known."""
    missing = [key for key in outcomes if key not in done]
    met = [units[key] for key in missing if key in units]
    minutes = sum(unit[2] for unit in met) if met and len(met) == len(missing) else 0
    first = _of_unit(met[0]) if met else rules.Offer()
    return rules.Offer(first.title, minutes or (badge.minutes if badge else 0) or None, first.link)


def outcomes_behind(leaves: Iterable[rules.Leaf]) -> dict[rules.Leaf, tuple[str, ...]]:
    """Outcomes that each leaf asks for, directly or through its badge and the badges below that."""
    behind: dict[rules.Leaf, tuple[str, ...]] = {}
    current = badges.current_definitions().by_key
    for leaf in leaves:
        if isinstance(leaf, rules.OutcomeLeaf):
            behind[leaf] = (leaf.key,)
        elif isinstance(leaf, rules.BadgeLeaf):
            behind[leaf] = _below(leaf.key, current)
    return behind


def _below(key: str, current: Mapping[str, badges.PublishedBadge]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    seen, waiting = {key}, [key]
    while waiting and len(seen) <= MOST_BADGES:
        badge = current.get(waiting.pop())
        for kind, name in sorted(rules.mentions(badge.requirement)) if badge else ():
            if kind == "outcome":
                found[name] = None
            elif kind == "badge" and name not in seen:
                seen.add(name)
                waiting.append(name)
    return tuple(found)


def unit_address(usage_key: str) -> str:
    """Where the platform shows a block; nothing for what is no block of it (a rule may name anything)."""
    try:
        return platform().unit_url(usage_key)
    except InvalidKeyError:
        return ""
