"""Badges that say the same twice make both worth less; this finds the ones that are nearly the same."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

from .current import current_definitions
from .data import BadgeDefinition, PublishedBadge

__all__ = ["near_duplicates"]

ALIKE = 0.85
MAX_COMPARED = 2_000


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
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
