"""What can be picked for a leaf or a badge: found by words, what is chosen already first, never a whole catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from microcred_app.applets.badges import api as badges
from microcred_app.applets.skills import api as skills

__all__ = ["Choice", "Found", "find_choices", "find_skills"]

SHOWN = 12
MAX_QUERY = 100


@dataclass(frozen=True)
class Choice:
    """One thing that can be picked. ``hint`` tells apart what has the same title."""

    key: str
    title: str
    hint: str
    chosen: bool = False


@dataclass(frozen=True)
class Found:
    """What is shown, and whether there is more."""

    choices: tuple[Choice, ...]
    more: bool = False


def find_choices(kind: str, query: str, chosen: Sequence[str], own_key: str = "") -> Found:
    """Badges, outcomes or (for credits) skills that have every word of *query*. A badge never needs itself."""
    if kind == "badge":
        return _find_badges(query, chosen, own_key)
    if kind == "outcome":
        return _find_outcomes(query, chosen)
    return find_skills(query, chosen)


def find_skills(query: str, chosen: Sequence[str]) -> Found:
    """Skills by name; those chosen stay, also when somebody has deleted or retired them."""
    picked = [
        Choice(
            entry.key,
            entry.name,
            _("not in the catalogue any more") if entry.is_lost else entry.framework_name,
            True,
        )
        for entry in skills.show_skills(chosen)
    ]
    rows = skills.search_skills(query[:MAX_QUERY], limit=SHOWN + 1 + len(picked))
    found = [Choice(row.key, row.name, row.framework_name) for row in rows if row.key not in set(chosen)]
    return _shown(picked, found)


def _find_badges(query: str, chosen: Sequence[str], own_key: str) -> Found:
    latest = badges.latest_badges(chosen)
    picked = [
        Choice(key, latest[key].name, _badge_hint(latest[key]), True) if key in latest else _lost(key)
        for key in chosen
    ]
    found = [
        Choice(badge.key, badge.name, _badge_hint(badge))
        for badge in badges.list_badges()
        if badge.key not in {own_key, *chosen} and _has_words(query, f"{badge.name} {badge.key}")
    ]
    return _shown(picked, found)


def _find_outcomes(query: str, chosen: Sequence[str]) -> Found:
    entries = skills.list_outcomes()
    known = {entry.key: entry for entry in entries}
    picked = [Choice(key, known[key].statement, key, True) if key in known else _lost(key) for key in chosen]
    found = [
        Choice(entry.key, entry.statement, entry.key)
        for entry in entries
        if entry.key not in chosen and _has_words(query, f"{entry.statement} {entry.key}")
    ]
    return _shown(picked, found)


def _badge_hint(badge: badges.PublishedBadge) -> str:
    kind = _("stack") if badge.kind == "macro" else _("micro badge")
    return f"{badge.issuer.name}, {kind}"


def _lost(key: str) -> Choice:
    return Choice(key, key, _("not in the catalogue any more"), True)


def _has_words(query: str, text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in query[:MAX_QUERY].casefold().split())


def _shown(picked: list[Choice], found: list[Choice]) -> Found:
    return Found((*picked, *found[:SHOWN]), len(found) > SHOWN)
