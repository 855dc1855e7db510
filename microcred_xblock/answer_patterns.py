"""Patterns for short answers, matched in time that grows with pattern and answer and never faster.

An author writes ``(tyre|tire) levers?``. The pattern is compiled to a set of states that are all followed at once
(Thompson's construction), so there is nothing to backtrack into: the pattern that takes a regular expression
engine years takes this one microseconds. There is no clock either: a limit in seconds would make the mark depend
on how busy the server is. Patterns, their compiled size and the text they are tried on are bounded instead.

The language is a small part of what regular expressions offer, and everything in it means the same there:
letters, ``.``, ``[abc]``, ``[^a-c]``, ``\\d``, ``\\w``, ``\\s``, ``\\`` before a sign, ``( | )`` and
``? * + {2} {2,4}``. A pattern must match the whole answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

__all__ = ["MOST_PATTERN", "MOST_TEXT", "Pattern", "PatternError", "compile_pattern"]

MOST_PATTERN = 200
MOST_STATES = 250
MOST_REPEAT = 40
MOST_DEPTH = 20
MOST_STEPS = 2_000
#: Longer answers are compared with the accepted answers but with no pattern.
MOST_TEXT = 200

_SIGNS = set("\\.[](){}|?*+^$-/'\"!#%&,:;<=>@_`~ ")
_CLASSES: dict[str, Callable[[str], bool]] = {
    "d": str.isdecimal,
    "w": lambda sign: sign.isalnum() or sign == "_",
    "s": str.isspace,
}


class PatternError(ValueError):
    """A pattern that cannot be used; ``code`` says why and ``at`` where, counted from 1."""

    def __init__(self, code: str, at: int) -> None:
        super().__init__(f"{code} at {at}")
        self.code = code
        self.at = at


@dataclass(frozen=True)
class Accepts:
    """What one state takes: certain signs, ranges and kinds of sign, or with *negated* all others."""

    signs: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    kinds: str = ""
    negated: bool = False

    def takes(self, sign: str) -> bool:
        """Whether *sign* is one of them."""
        found = (
            sign in self.signs
            or any(low <= sign <= high for low, high in self.ranges)
            or any(_CLASSES[kind](sign) for kind in self.kinds)
        )
        return found is not self.negated


ANY = Accepts(negated=True)


@dataclass
class Pattern:
    """A compiled pattern: ``steps[n]`` takes one sign and leads to ``after[n]``; ``free[n]`` costs nothing."""

    takes: list[Accepts | None] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def matches(self, text: str) -> bool:
        """Whether the pattern matches all of *text*. Texts above ``MOST_TEXT`` signs match nothing."""
        if len(text) > MOST_TEXT:
            return False
        here = self._reach([self.start])
        for sign in text:
            stepped = [state + 1 for state in here if (taken := self.takes[state]) and taken.takes(sign)]
            if not stepped:
                return False
            here = self._reach(stepped)
        return self.end in here

    def _reach(self, states: list[int]) -> set[int]:
        seen, waiting = set(states), list(states)
        while waiting:
            for state in self.free[waiting.pop()]:
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        return seen


# The tree of a pattern: a sign taken, things one after another, one of several, something repeated.
Tree = Accepts | tuple[str, tuple["Tree", ...]] | tuple[str, "Tree", int, int | None]


@lru_cache(maxsize=512)
def compile_pattern(text: str, fold: Callable[[str], str] = str.casefold) -> Pattern:
    """The pattern *text* spells; every letter goes through *fold* first. Raises ``PatternError``."""
    text = unicodedata.normalize("NFC", text)
    if len(text) > MOST_PATTERN:
        raise PatternError("too_long", MOST_PATTERN)
    reader = _Reader(text, fold)
    tree = reader.either(0)
    if reader.place < len(reader.text):
        raise reader.fail("unopened")
    return _Builder().build(tree)


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str, fold: Callable[[str], str]) -> None:
        self.text = text.removeprefix("^")
        self.shift = len(text) - len(self.text)
        if self.text.endswith("$") and not self.text.endswith("\\$"):
            self.text = self.text[:-1]
        self.fold = fold
        self.place = 0

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def fail(self, code: str) -> PatternError:
        return PatternError(code, self.place + self.shift + 1)

    def either(self, depth: int) -> Tree:
        if depth > MOST_DEPTH:
            raise self.fail("too_deep")
        branches = [self.row(depth)]
        while self.peek() == "|":
            self.place += 1
            branches.append(self.row(depth))
        return branches[0] if len(branches) == 1 else ("or", tuple(branches))

    def row(self, depth: int) -> Tree:
        parts: list[Tree] = []
        while self.peek() and self.peek() not in "|)":
            part = self.one(depth)
            parts.append(self.repeated(part))
        return ("row", tuple(parts))

    def one(self, depth: int) -> Tree:
        sign = self.peek()
        if sign in "?*+{":
            raise self.fail("nothing_to_repeat")
        if sign in "^$":
            raise self.fail("anchor")
        self.place += 1
        if sign == "(":
            if self.peek() == "?":
                raise self.fail("unsupported")
            inner = self.either(depth + 1)
            if self.peek() != ")":
                raise self.fail("unclosed")
            self.place += 1
            return inner
        if sign == "[":
            return self.bracket()
        if sign == ".":
            return ANY
        if sign == "\\":
            return self.escaped()
        return self.letters(sign)

    def letters(self, sign: str) -> Tree:
        """The sign as it is compared: folding may make several of one ("ß" becomes "ss")."""
        folded = self.fold(sign)
        if len(folded) == 1:
            return Accepts(frozenset(folded))
        return ("row", tuple(Accepts(frozenset(part)) for part in folded))

    def escaped(self) -> Tree:
        sign = self.peek()
        if sign and sign in _CLASSES:
            self.place += 1
            return Accepts(kinds=sign)
        if sign not in _SIGNS or not sign:
            raise self.fail("unsupported")
        self.place += 1
        return Accepts(frozenset(sign))

    def bracket(self) -> Accepts:
        negated = self.peek() == "^"
        self.place += negated
        signs: set[str] = set()
        ranges: list[tuple[str, str]] = []
        kinds = ""
        first = True
        while self.peek() != "]" or first:
            first = False
            low = self.peek()
            if not low:
                raise self.fail("unclosed")
            self.place += 1
            if low == "\\":
                low = self.peek()
                if low and low in _CLASSES:
                    kinds += low
                    self.place += 1
                    continue
                if not low or low not in _SIGNS:
                    raise self.fail("unsupported")
                self.place += 1
            if self.peek() == "-" and self.text[self.place + 1 : self.place + 2] not in ("]", ""):
                high = self.text[self.place + 1]
                if high < low or high == "\\":
                    raise self.fail("bad_range")
                self.place += 2
                # Ranges are compared in both cases: what is compared has been folded.
                ranges += {(low, high), (self._single(low), self._single(high))}
                continue
            signs.add(self._single(low))
        self.place += 1
        return Accepts(frozenset(signs), tuple(ranges), kinds, negated)

    def _single(self, sign: str) -> str:
        folded = self.fold(sign)
        if len(folded) != 1:
            raise self.fail("not_in_brackets")
        return folded

    def repeated(self, part: Tree) -> Tree:
        sign = self.peek()
        counts = {"?": (0, 1), "*": (0, None), "+": (1, None)}
        if sign and sign in counts:
            self.place += 1
            low, high = counts[sign]
        elif sign == "{":
            low, high = self._braces()
        else:
            return part
        if self.peek() and self.peek() in "?*+{":
            raise self.fail("repeated_twice")
        return ("repeat", part, low, high)

    def _braces(self) -> tuple[int, int | None]:
        close = self.text.find("}", self.place)
        inside = self.text[self.place + 1 : close] if close > 0 else ""
        low, comma, high = inside.partition(",")
        if not low.isascii() or not low.isdigit() or (high and not (high.isascii() and high.isdigit())):
            raise self.fail("bad_braces")
        least = int(low[:6])
        most = (int(high[:6]) if high else None) if comma else least
        if least > MOST_REPEAT or (most is not None and (most > MOST_REPEAT or most < least)):
            raise self.fail("bad_braces")
        self.place = close + 1
        return least, most


class _Builder:
    """Lays a tree out as states; refuses one that would need more than ``MOST_STATES``."""

    def __init__(self) -> None:
        self.pattern = Pattern()
        self.steps = 0

    def build(self, tree: Tree) -> Pattern:
        start = self.state()
        self.pattern.start = start
        self.pattern.end = self.lay(tree, start)
        return self.pattern

    def state(self) -> int:
        if len(self.pattern.free) >= MOST_STATES:
            raise PatternError("too_large", 1)
        self.pattern.free.append([])
        self.pattern.takes.append(None)
        return len(self.pattern.free) - 1

    def lay(self, tree: Tree, start: int) -> int:
        """The states of *tree* from *start* on; the state behind it."""
        self.steps += 1
        if self.steps > MOST_STEPS:  # repeating nothing, nested, makes work without making states
            raise PatternError("too_large", 1)
        if isinstance(tree, Accepts):
            here = self.state()
            there = self.state()  # always the next one: that is where taking a sign leads
            self.pattern.takes[here] = tree
            self.pattern.free[start].append(here)
            return there
        if tree[0] == "row":
            for part in tree[1]:  # type: ignore[union-attr]
                start = self.lay(part, start)  # type: ignore[arg-type]
            return start
        if tree[0] == "or":
            end = self.state()
            for part in tree[1]:  # type: ignore[union-attr]
                begin = self.state()
                self.pattern.free[start].append(begin)
                self.pattern.free[self.lay(part, begin)].append(end)  # type: ignore[arg-type]
            return end
        _, part, low, high = tree  # type: ignore[misc]
        return self._repeat(part, low, high, start)

    def _repeat(self, part: Tree, low: int, high: int | None, start: int) -> int:
        for _ in range(low):
            start = self.lay(part, start)
        if high is None:
            loop = self.state()
            self.pattern.free[start].append(loop)
            self.pattern.free[self.lay(part, loop)].append(loop)
            return loop
        end = self.state()
        self.pattern.free[start].append(end)
        for _ in range(high - low):
            start = self.lay(part, start)
            self.pattern.free[start].append(end)
        return end
