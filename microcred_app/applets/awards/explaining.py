"""Why somebody holds a badge, in words and with the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from microcred_app import rules

from ..attainments import api as attainments
from ..attainments.api import FactInfo
from ..badges import api as badges
from .data import AwardInfo

__all__ = ["Because", "MetLeaf", "MetTitles", "explain_award", "met_titles"]


@dataclass(frozen=True)
class MetLeaf:
    """One met leaf of an award with the records behind it."""

    kind: str
    key: str
    title: str
    attainments: tuple[attainments.AttainmentFact, ...]
    award_id: str
    reported: tuple[FactInfo, ...] = ()


@dataclass(frozen=True)
class MetTitles:
    """What was met for an award, in words."""

    outcomes: tuple[str, ...]
    badges: tuple[str, ...]


@dataclass(frozen=True)
class Because:
    """Why an award was made, in words and records."""

    sentence: str
    version: int
    leaves: tuple[MetLeaf, ...]
    names: rules.Names


def met_titles(found: Iterable[AwardInfo]) -> dict[str, MetTitles]:
    """Titles of what was met for each award, by its id: two queries for any number of awards."""
    found = tuple(found)
    names = badges.names_for([award.badge.requirement for award in found])
    titles = {}
    for award in found:
        met = award.because.get("met", [])
        titles[award.id] = MetTitles(
            outcomes=tuple(_title(names.outcomes, leaf["outcome"]) for leaf in met if "outcome" in leaf),
            badges=tuple(_title(names.badges, leaf["badge"]) for leaf in met if "badge" in leaf),
        )
    return titles


def explain_award(award: AwardInfo) -> Because:
    """The whole answer to "why does this person hold this badge?"."""
    met = award.because.get("met", [])
    ids = [pk for leaf in met for pk in leaf.get("attainments", [])]
    facts = {fact.id: fact for fact in award.facts}
    if not facts.keys() >= set(ids):
        facts = {fact.id: fact for fact in attainments.get_attainments(ids)}
    names = _names(award.badge.requirement, facts.values())
    reported = attainments.facts_by_id(pk for leaf in met for pk in leaf.get("facts", []))
    leaves = [_met_leaf(leaf, facts, names, reported) for leaf in met]
    sentence = badges.criteria_text(award.badge.requirement, names)
    return Because(sentence, award.badge.number, tuple(leaves), names)


def _met_leaf(
    leaf: Mapping[str, Any],
    facts: Mapping[str, attainments.AttainmentFact],
    names: rules.Names,
    reported: Mapping[str, attainments.FactInfo],
) -> MetLeaf:
    """One entry of a stored "because" with its title; leaves of other kinds are said in words."""
    if "leaf" in leaf:
        node = rules.parse_requirement(leaf["leaf"])
        key = next(iter(rules.mentions(node)), ("", ""))[1]
        behind = tuple(reported[pk] for pk in leaf.get("facts", []) if pk in reported)
        said = rules.say(node, names, badges.phrases())
        return MetLeaf(next(iter(leaf["leaf"])), key, said, (), "", behind)
    kind = "badge" if "badge" in leaf else "outcome"
    return MetLeaf(
        kind=kind,
        key=leaf[kind],
        title=_title(names.table(kind), leaf[kind]),
        attainments=tuple(facts[pk] for pk in leaf.get("attainments", []) if pk in facts),
        award_id=leaf.get("award", ""),
    )


def _names(requirement: rules.Node, facts: Iterable[attainments.AttainmentFact]) -> rules.Names:
    """Titles of what the requirement mentions, asked of the database only where the facts do not tell them."""
    statements = {fact.outcome_key: fact.outcome_statement for fact in facts}
    if rules.mentions(requirement) <= {("outcome", key) for key in statements}:
        return rules.Names(outcomes=statements)
    return badges.names_for([requirement])


def _title(table: Mapping[str, str], key: str) -> str:
    return table.get(key, key)
