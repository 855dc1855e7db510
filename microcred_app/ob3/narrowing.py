"""Texts of one shape that also share most of their strings are read by a shorter way, which gives the same result.

Credentials are verified in batches of one badge: only what belongs to the learner varies. What the last few texts of
a shape had in common, with each other and with one of long before, is fixed in a narrowed shape of its own: fixed
pieces of text with gaps for the strings that vary, and plans in which statements and hashes that see no varying
string are computed once. These plans are plans like any other: compiled and proved by `shapes`, on the conditions
written there. Which strings are fixed is a guess that cannot make them wrong:

1. The narrowed shape is used only for texts in which everything around the gaps is equal, byte for byte.
2. A gap ends at the first quotation mark, and a string with an escape or U+007F in it never passes: the strings in
   the gaps are whole strings, and are written alike in JSON and N-Quads.
3. The text is still parsed, so that what is not UTF-8 or holds a control character is noticed.

All other texts take the wide way. Compiling is work that a stranger can ask for, so it must be earned: a shape is
narrowed after `FIRST_DUE` texts, and again after four times as many each time, up to `MOST_DUE`, of texts that no
narrowed shape fits; at worst that adds a few hundredths to the work of reading these.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from microcred_app.ob3.json_text import chunks_around
from microcred_app.ob3.plan import Plan

__all__ = ["FIRST_DUE", "MOST_DUE", "WATCHED", "NarrowedShape", "Watch", "pieces_around"]

FIRST_DUE = 24
MOST_DUE = 6_144
WATCHED = 12


class Watch:
    """Counts the texts of one shape and says when, and to which strings, it should be narrowed.

    Threads may share it: a count that is lost moves the moment of narrowing, nothing else.
    """

    def __init__(self, free: Collection[int]) -> None:
        """Watch the strings at the places in *free*."""
        self._free = tuple(sorted(free))
        self._base: Sequence[bytes] = ()
        self._earlier: Sequence[bytes] = ()
        self._varying: set[int] = set()
        self._uses = 0
        self._due = FIRST_DUE

    def count(self, parts: Sequence[bytes]) -> frozenset[int]:
        """Count the text in *parts*; return the places that vary when it is time to narrow, else nothing."""
        self._uses += 1
        if self._uses <= self._due - WATCHED:
            return frozenset()
        base = self._base = self._base or parts
        self._varying.update(place for place in self._free if parts[place] != base[place])
        if self._uses < self._due:
            return frozenset()
        varying = frozenset(self._varying)
        # What only varies from one batch of a badge to the next, such as the moment of signing.
        earlier = self._earlier or parts
        in_the_long_run = varying | {place for place in self._free if parts[place] != earlier[place]}
        self._base, self._varying, self._uses, self._earlier = (), set(), 0, parts
        self._due = min(4 * self._due, MOST_DUE)
        for found in (in_the_long_run, varying):
            if 0 < 2 * len(found) <= len(self._free):
                return found
        return frozenset()


def pieces_around(parts: Sequence[bytes], gaps: Sequence[int]) -> tuple[bytes, ...]:
    """Return the text around the strings at the places in *gaps*, each piece with the quotation marks of its gaps."""
    first, *others, last = chunks_around(parts, gaps)[::2]
    return (first + b'"', *(b'"%b"' % piece for piece in others), b'"' + last)


@dataclass(frozen=True)
class NarrowedShape:
    """The fixed pieces of a text (`pieces_around`), the plans that take the strings between, and what the wide shape
    knows of its texts.
    """

    pieces: tuple[bytes, ...]
    document: Plan
    options: tuple[Plan, ...]
    may_repeat_itself: bool
    long_numbers: bool

    def strings(self, text: bytes) -> list[bytes] | None:
        """Return the strings in the gaps when *text* is of this shape, in the escapes of N-Quads."""
        first, *others = self.pieces
        if not text.startswith(first):
            return None
        at = len(first)
        found = []
        for piece in others:
            end = text.find(b'"', at)
            if end < 0 or not text.startswith(piece, end):
                return None
            found.append(text[at:end])
            at = end + len(piece)
        together = b"".join(found)
        return found if at == len(text) and b"\\" not in together and b"\x7f" not in together else None

    def size(self) -> int:
        """Return about how many bytes the shape keeps in memory."""
        return sum(map(len, self.pieces)) + sum(plan.size() for plan in (self.document, *self.options))
