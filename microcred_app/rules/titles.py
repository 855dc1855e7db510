"""Titles of the things that leaves name, made safe to stand in a sentence.

A title is what somebody typed. One that holds a closing quotation mark and more words could make the
sentence of a requirement say something else than the requirement; one that holds direction marks could make
it look so. And two things may have one title. So inside a sentence titles are one line, without invisible
characters and typographic quotation marks, and different things have different titles.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .requirement import (
    CreditsLeaf,
    ExternalLeaf,
    Leaf,
    Node,
    OutcomeLeaf,
    SignOffLeaf,
    StandingLeaf,
    TimeLeaf,
    is_leaf,
    walk,
)

__all__ = ["Names", "Titles", "clean_title"]

LONGEST_TITLE = 500
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»‹›「」『』"), '"')
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = {"\u200c", "\u200d"}  # Persian and Indic scripts, and emoji, are written with them


@dataclass(frozen=True)
class Names:
    """Titles by key; what has none is shown by its key. ``externals`` are by :attr:`ExternalLeaf.key`."""

    outcomes: Mapping[str, str] = field(default_factory=dict)
    badges: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, str] = field(default_factory=dict)
    courses: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)
    sign_offs: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    externals: Mapping[str, str] = field(default_factory=dict)
    issuers: Mapping[str, str] = field(default_factory=dict)
    _kept: dict[str, tuple[dict[str, str], dict[str, str]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def table(self, kind: str) -> Mapping[str, str]:
        """The titles of one kind of leaf."""
        tables = {
            "outcome": self.outcomes,
            "badge": self.badges,
            "credits": self.skills,
            "grade": self.courses,
            "standing": self.courses,
            "block": self.blocks,
            "signoff": self.sign_offs,
            "external": self.externals,
            "role": self.roles,
            "issuer": self.issuers,
        }
        return tables.get(kind, {})

    def ready(self, kind: str) -> tuple[dict[str, str], dict[str, str]]:
        """The clean titles of one kind, and the same told apart; made once, so that hundreds of sentences side by side
        do not each go through the titles of all of them. Do not change them."""
        found = self._kept.get(kind)
        if found is None:
            clean = {key: clean_title(title) or clean_title(key) for key, title in self.table(kind).items()}
            found = self._kept[kind] = clean, _told_apart(clean)
        return found

    def of(self, leaf: Leaf) -> str:
        """The title of what *leaf* names, as it was typed."""
        if isinstance(leaf, TimeLeaf):
            return ""
        if isinstance(leaf, CreditsLeaf):
            return ", ".join(self.skills.get(key, key) for key in leaf.skills)
        fallback = leaf.achievement if isinstance(leaf, ExternalLeaf) else leaf.key
        return self.table(leaf.kind).get(leaf.key) or fallback


class Titles:
    """The titles in one sentence: clean, and different for different things of one kind.

    Told apart from every title handed in, not only from those in the tree, so that two sentences side by side
    differ too. Callers hand in the titles of what their trees mention, not of everything there is.
    """

    def __init__(self, node: Node, names: Names) -> None:
        self._titles: dict[tuple[str, str], str] = {}
        needed: dict[str, dict[str, str]] = {}
        for part in walk(node):
            if is_leaf(part):
                for kind, key, title in _named(part, names):
                    needed.setdefault(kind, {}).setdefault(key, title)
        for kind, titles in needed.items():
            clean, told = names.ready(kind)
            unknown = {
                key: clean_title(title) or clean_title(key)
                for key, title in titles.items()
                if key not in clean
            }
            if unknown:
                told = _told_apart({**clean, **unknown})
            for key in titles:
                self._titles[kind, key] = told[key]

    def title(self, kind: str, key: str) -> str:
        """The title under which a thing stands in the sentence."""
        return self._titles[kind, key]


def clean_title(text: str) -> str:
    """*text* as it may stand between quotation marks: one line, its own full stop and quotes taken off."""
    visible = "".join(
        " " if char.isspace() else char
        for char in text[:LONGEST_TITLE]
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _INVISIBLE
    )
    return " ".join(visible.translate(_QUOTES).split()).rstrip(" .")


def _named(leaf: Leaf, names: Names) -> Iterator[tuple[str, str, str]]:
    """What a leaf names: kind, key, title as typed."""
    if isinstance(leaf, TimeLeaf):
        return
    if isinstance(leaf, CreditsLeaf):
        yield from (("credits", key, names.skills.get(key, key)) for key in leaf.skills)
        return
    yield leaf.kind, leaf.key, names.of(leaf)
    if isinstance(leaf, SignOffLeaf):
        yield "role", leaf.role, names.roles.get(leaf.role, leaf.role)
    elif isinstance(leaf, StandingLeaf) and leaf.group:
        yield "group", leaf.group, leaf.group
    elif isinstance(leaf, ExternalLeaf):
        yield "issuer", leaf.issuer, names.issuers.get(leaf.issuer, leaf.issuer)
    elif isinstance(leaf, OutcomeLeaf) and leaf.minimum_level:
        yield "level", leaf.minimum_level, leaf.minimum_level


def _told_apart(titles: dict[str, str]) -> dict[str, str]:
    """Titles that several keys share get their key behind them, until all differ."""
    told = dict(titles)
    for _round in range(len(titles) + 1):
        holders: dict[str, list[str]] = {}
        for key, title in told.items():
            holders.setdefault(title, []).append(key)
        shared = [keys for keys in holders.values() if len(keys) > 1]
        if not shared:
            break
        for number, key in ((n, key) for keys in shared for n, key in enumerate(sorted(keys), start=1)):
            extra = clean_title(key)
            told[key] = f"{titles[key]} [{extra}]" if told[key] == titles[key] else f"{told[key]} {number}"
    return told
