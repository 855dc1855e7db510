"""What changed between two attempts, and between two texts. Pure.

Texts are compared by words, so that a reviewer sees at a glance what is new; comparing is bounded, because a learner
chooses the texts: beyond the bound they are compared by lines, and beyond that shown as replaced.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["AttemptWork", "Change", "Piece", "compare", "compare_texts"]

MOST_WORDS = 3_000
MOST_LINES = 1_000
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A run of text that both have (``same``), that only the newer has (``added``), or only the older (``removed``)."""

    kind: str
    text: str


@dataclass(frozen=True)
class AttemptWork:
    """What one attempt consists of; files as pairs of name and digest."""

    files: tuple[tuple[str, str], ...]
    text: str
    link: str


@dataclass(frozen=True)
class Change:
    """What the newer attempt has that the older has not, and the other way round."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    text: tuple[Piece, ...]
    old_link: str
    new_link: str

    @property
    def nothing(self) -> bool:
        """Whether the same work was handed in again."""
        return not (self.added or self.removed or self.text or self.old_link != self.new_link)


def compare(older: AttemptWork, newer: AttemptWork) -> Change:
    """Files are the same when their digests are, whatever they are called."""
    before, now = {digest for _name, digest in older.files}, {digest for _name, digest in newer.files}
    return Change(
        added=tuple(name for name, digest in newer.files if digest not in before),
        removed=tuple(name for name, digest in older.files if digest not in now),
        kept=tuple(name for name, digest in newer.files if digest in before),
        text=compare_texts(older.text, newer.text),
        old_link=older.link,
        new_link=newer.link,
    )


def compare_texts(older: str, newer: str) -> tuple[Piece, ...]:
    """The newer text in runs; nothing when both are the same."""
    if older == newer:
        return ()
    old, new = _WORDS.findall(older), _WORDS.findall(newer)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = older.splitlines(keepends=True), newer.splitlines(keepends=True)
    if max(len(old), len(new)) > MOST_LINES and max(len(old), len(new)) > MOST_WORDS:
        return tuple(piece for piece in (Piece("removed", older), Piece("added", newer)) if piece.text)
    return tuple(_pieces(old, new))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterable[Piece]:
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(new[c:d]))
            continue
        if b > a:
            yield Piece("removed", "".join(old[a:b]))
        if d > c:
            yield Piece("added", "".join(new[c:d]))
