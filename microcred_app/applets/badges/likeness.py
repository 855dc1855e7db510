"""Badges that say the same twice make both worth less; this finds the ones that are nearly the same."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

from .current import current_definitions
from .data import BadgeDefinition, PublishedBadge

__all__ = ["alike_badges", "near_duplicates"]

ALIKE = 0.85
MAX_COMPARED = 2_000
#: Badges of the very same skills that are all compared with one another.
MAX_EACH_OTHER = 500


def near_duplicates(definition: BadgeDefinition) -> tuple[PublishedBadge, ...]:
    """Badges in force with nearly the same name and the same skills; one that this badge succeeds is none."""
    skills = frozenset(definition.skill_keys)
    name = _plain(definition.name)
    others = (
        badge
        for badge in current_definitions().by_key.values()
        if badge.key != definition.key
        and badge.life.successor != definition.key
        and frozenset(badge.skill_keys) == skills
    )
    found = []
    for position, badge in enumerate(others):
        if position == MAX_COMPARED:
            break
        if _alike(name, _plain(badge.name)):
            found.append(badge)
    return tuple(found)


def alike_badges() -> dict[str, tuple[str, ...]]:
    """For each badge in force the keys of others with nearly the same name and the same skills; few have any."""
    by_skills: dict[frozenset[str], list[PublishedBadge]] = {}
    for badge in current_definitions().by_key.values():
        by_skills.setdefault(frozenset(badge.skill_keys), []).append(badge)
    found: dict[str, list[str]] = {}
    for group in by_skills.values():
        names = [_plain(badge.name) for badge in group[:MAX_EACH_OTHER]]
        for place, badge in enumerate(group[:MAX_EACH_OTHER]):
            for other in range(place):
                follows = {badge.life.successor, group[other].life.successor}
                if not follows & {badge.key, group[other].key} and _alike(names[place], names[other]):
                    found.setdefault(badge.key, []).append(group[other].key)
                    found.setdefault(group[other].key, []).append(badge.key)
    return {key: tuple(sorted(others)) for key, others in found.items()}


def _plain(name: str) -> str:
    """Without case, accents and order of words."""
    letters = unicodedata.normalize("NFKD", name[:255].casefold())
    words = "".join(
        letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)
    )
    return " ".join(sorted(words.split()))


def _alike(one: str, other: str) -> bool:
    if one == other:
        return bool(one)
    digits = [[word for word in text.split() if any(map(str.isdigit, word))] for text in (one, other)]
    if digits[0] != digits[1]:  # “Welding 1” and “Welding 2” are steps, not doubles
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
