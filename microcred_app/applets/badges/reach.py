"""Whether a requirement is met by everybody at once, or can be met by nobody: it asks twice before it acts.

Two views, both bounded. The tree: what it demands of somebody of whom nothing is known, and whether what it
demands can still be earned. And, where the caller hands in a preview on real data, the learners it would award.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from microcred_app import rules

from ..skills.api import outcome_statements
from .data import BadgeDefinition
from .models import Badge

__all__ = ["Reach", "ReachPreview", "judge_reach"]


@dataclass(frozen=True)
class Reach:
    """Who would be awarded at once: *gaining* of a *population* of learners who did anything here."""

    population: int
    gaining: int


#: Says what publishing a definition would do now; none when it cannot be said.
ReachPreview = Callable[[BadgeDefinition], Reach | None]


def judge_reach(
    definition: BadgeDefinition, node: rules.Node, *, today: date, preview: ReachPreview | None = None
) -> str:
    """``everybody``, ``nobody`` or ``some``."""
    form = rules.to_json(node)
    mentioned = rules.mentions(node)
    known = {("outcome", key) for key in outcome_statements(k for kind, k in mentioned if kind == "outcome")}
    badges = Badge.objects.filter(key__in=[key for kind, key in mentioned if kind == "badge"])
    known |= {("badge", key) for key in badges.exclude(state=Badge.RETIRED).values_list("key", flat=True)}
    if _met(form, _by_a_stranger):
        return "everybody"
    if not _met(form, lambda leaf: _by_anyone(leaf, known, today)):
        return "nobody"
    found = preview(definition) if preview else None
    if found is not None and found.population > 1 and found.gaining >= found.population:
        return "everybody"
    return "some"


def _by_a_stranger(leaf: Mapping[str, Any]) -> bool:
    """Met by somebody of whom nothing is known: only times, and what must *not* be signed off."""
    return "time" in leaf or "not" in leaf


def _by_anyone(leaf: Mapping[str, Any], known: set[tuple[str, str]], today: date) -> bool:
    """Whether anybody could come to meet the leaf from now on."""
    ends = leaf["time"].get("until") if isinstance(leaf.get("time"), Mapping) else leaf.get("until")
    if isinstance(ends, str) and ends[:10] < today.isoformat():
        return False
    return all((kind, leaf[kind]) in known for kind in ("outcome", "badge") if kind in leaf)


def _met(form: Mapping[str, Any], leaf_is_met: Callable[[Mapping[str, Any]], bool]) -> bool:
    if "all" in form:
        return all(_met(member, leaf_is_met) for member in form["all"])
    if "any" in form:
        return any(_met(member, leaf_is_met) for member in form["any"])
    if "at_least" in form:
        return sum(_met(member, leaf_is_met) for member in form["of"]) >= form["at_least"]
    if "of" in form:
        return any(_met(member, leaf_is_met) for member in form["of"])
    return leaf_is_met(form)
