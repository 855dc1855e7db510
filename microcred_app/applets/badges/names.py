"""Titles of everything that requirements mention, past things included."""

from __future__ import annotations

from collections.abc import Iterable

from microcred_app import rules

from ..skills.api import outcome_statements, skill_names
from .current import current_definitions, past_names

__all__ = ["names_for"]


def names_for(nodes: Iterable[rules.Node]) -> rules.Names:
    """Titles of everything that these requirements mention."""
    mentioned = {pair for node in nodes for pair in rules.mentions(node)}
    current = current_definitions()
    outcomes = {key: current.statements.get(key, "") for kind, key in mentioned if kind == "outcome"}
    unknown = [key for key, statement in outcomes.items() if not statement]
    if unknown:
        outcomes |= outcome_statements(unknown)
    badges = {
        key: current.by_key[key].name for kind, key in mentioned if kind == "badge" and key in current.by_key
    }
    others = {key for kind, key in mentioned if kind == "badge"} - badges.keys()
    badges |= {key: current.past_names[key] for key in others if key in current.past_names}
    badges |= past_names(others - badges.keys())
    skills = {key for kind, key in mentioned if kind == "credits"}
    return rules.Names(
        outcomes={key: name for key, name in outcomes.items() if name},
        badges=badges,
        skills=skill_names(skills) if skills else {},
    )
