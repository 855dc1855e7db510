"""The statements of one shape are put together as a plan: what can be decided now is decided now.

Here the lines of each subject are brought into their final order, blank nodes that see no string get their hash,
and everything that stays the same between two strings becomes one piece of text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter

from microcred_app.ob3.plan import LABELS, BlankNodes, Choice, Getter, Plan, Term

__all__ = ["MAX_STATEMENTS", "Line", "assemble"]

MAX_STATEMENTS = len(LABELS)

Token = tuple[str | int, ...]  # one text, or text, place of a string, text
Line = tuple[Token, Token, Token, Token]


@dataclass(frozen=True)
class _Slot:
    """A slot that is filled per document: the name of a blank node, or an object of a choice."""

    kind: str
    number: int


_Pieces = list[str | int | _Slot]


def assemble(lines: Sequence[Line], width: int, addresses: Sequence[int], pattern: re.Pattern[bytes]) -> Plan:
    """Return the plan that writes *lines*, of which strings at *addresses* must match *pattern*."""
    return _Assembly(lines, width).plan(addresses, pattern)


class _Assembly:
    def __init__(self, lines: Sequence[Line], width: int) -> None:
        self._lines = sorted(lines, key=_text)
        self._width = width
        terms = (term for line in self._lines for term in line)
        self._nodes = {name: self._blank_node(name) for name in dict.fromkeys(filter(_is_blank, terms))}
        # In the order of `BlankNodes`: hash known, order of lines known, neither.
        names = sorted(self._nodes, key=lambda name: min(len(self._nodes[name][1]), 2))
        self._blank = {name: number for number, name in enumerate(names)}
        self._constants: dict[str, int] = {"": 0}
        self._choices: list[list[Token]] = []

    def plan(self, addresses: Sequence[int], pattern: re.Pattern[bytes]) -> Plan:
        in_groups = all(line[3] == ("",) for line in self._lines)
        groups = self._groups() if in_groups else []
        lines = [self._pieces(line) for line in self._lines]
        nodes = [self._nodes[name] for name in self._blank]
        choices = [self._raw(choice) for choice in self._choices]
        found_subjects = (_raw(line[0]) for line in self._lines if not _is_blank(line[0]))
        subjects: _Pieces = list(dict.fromkeys(found_subjects))
        hashed = [pieces for _, found in nodes for pieces in found]
        for pieces in (*lines, *groups, *hashed, subjects):
            self._intern(pieces)
        for choice, raw in zip(self._choices, choices, strict=True):
            self._intern(raw)
            self._intern([term[0] for term in choice if len(term) == 1 and not _is_blank(term)])
        return Plan(
            width=self._width,
            constants=tuple(text.encode() for text in self._constants),
            addresses=self._several([*addresses]),
            address_lines=pattern,
            apart=tuple((self._getter(raw), len(raw)) for raw in (subjects, *choices) if len(raw) > 1),
            blank_nodes=BlankNodes(
                known=tuple(digest for digest, found in nodes if not found),
                texts=tuple(self._getter(found[0]) for _, found in nodes if len(found) == 1),
                lines=tuple(tuple(map(self._getter, found)) for _, found in nodes if len(found) > 1),
            ),
            choices=tuple(Choice(tuple(map(self._object, choice))) for choice in self._choices),
            fixed_groups=tuple(str(group[0]).encode() for group in groups if _is_fixed(group)),
            groups=tuple(self._getter(group) for group in groups if not _is_fixed(group)),
            lines=tuple(self._getter(pieces) for pieces in lines),
            quads=tuple(tuple(map(self._term, line)) for line in self._lines),  # type: ignore[misc]
            in_groups=in_groups,
        )

    def _pieces(self, line: Line, node: Token | None = None) -> _Pieces:
        subject, predicate, value, graph = ([*self._marked(term, node)] for term in line)
        end: _Pieces = [" ", *graph, " .\n"] if line[3] != ("",) else [" .\n"]
        return _merged([*subject, " ", *predicate, " ", *value, *end])

    def _marked(self, term: Token, node: Token | None) -> _Pieces:
        if not _is_blank(term):
            return [*term]
        if node is None:
            return [_Slot("blank", self._blank[term])]
        return ["_:a" if term == node else "_:z"]

    def _groups(self) -> list[_Pieces]:
        """Return the lines of each subject in one piece; objects that need sorting become choices."""
        groups = []
        for _, of_subject in groupby(self._lines, key=itemgetter(0)):
            pieces: _Pieces = []
            for _, alike in groupby(of_subject, key=itemgetter(1)):
                lines = list(alike)
                if len(lines) == 1 or all(_is_constant(line[2]) for line in lines):
                    for line in lines:
                        pieces += self._pieces(line)
                    continue
                subject, predicate = self._marked(lines[0][0], None), lines[0][1]
                first = sum(map(len, self._choices))
                self._choices.append([line[2] for line in lines])
                for number in range(len(lines)):
                    pieces += [*subject, " ", *predicate, " ", _Slot("object", first + number)]
            groups.append(_merged(pieces))
        return groups

    def _blank_node(self, name: Token) -> tuple[bytes, list[_Pieces]]:
        """Return the hash of a blank node when it is known, else its lines: one when their order is known."""
        lines = [line for line in self._lines if name in line]
        marked = sorted((self._pieces(line, name) for line in lines), key=_text)
        if all(map(_is_fixed, marked)):
            text = "".join(str(pieces[0]) for pieces in marked)
            return sha256(text.encode()).digest(), []
        if _order_is_known(lines):
            return b"", [_merged([piece for pieces in marked for piece in pieces])]
        return b"", marked

    def _raw(self, choice: Sequence[Token]) -> _Pieces:
        return [_raw(term) for term in choice if not _is_blank(term)]

    def _intern(self, pieces: Sequence[str | int | _Slot]) -> None:
        for piece in pieces:
            if isinstance(piece, str):
                self._constants.setdefault(piece, len(self._constants))

    def _place(self, piece: str | int | _Slot) -> int:
        if isinstance(piece, int):
            return piece
        if isinstance(piece, str):
            return self._width + self._constants[piece]
        first = self._width + len(self._constants)
        return first + piece.number + (len(self._blank) if piece.kind == "object" else 0)

    def _getter(self, pieces: Sequence[str | int | _Slot]) -> Getter:
        # With one place an itemgetter returns a text instead of a tuple: add an empty one.
        return itemgetter(*map(self._place, pieces if len(pieces) > 1 else [*pieces, ""]))

    def _several(self, pieces: Sequence[str | int | _Slot]) -> Getter | None:
        return self._getter([*pieces, *pieces] if len(pieces) == 1 else pieces) if pieces else None

    def _object(self, term: Token) -> tuple[bytes, int, bytes]:
        if len(term) == 3:
            return str(term[0]).encode(), int(term[1]), f"{term[2]} .\n".encode()
        return b"", self._place(*self._marked(term, None)), b" .\n"

    def _term(self, term: Token) -> Term:
        if len(term) == 3:
            return Term(str(term[0]), int(term[1]), str(term[2]))
        return Term("", self._place(*self._marked(term, None))) if _is_blank(term) else Term(str(term[0]))


def _is_blank(term: Token) -> bool:
    return len(term) == 1 and str(term[0]).startswith("_:")


def _is_constant(term: Token) -> bool:
    return len(term) == 1 and not _is_blank(term)


def _is_fixed(pieces: _Pieces) -> bool:
    return len(pieces) == 1 and isinstance(pieces[0], str)


def _raw(term: Token) -> str | int:
    """Return what distinguishes *term* from others in its place: its string, or the text where the string would be."""
    if len(term) == 3:
        return int(term[1])
    text = str(term[0])
    return text[1:-1] if text.startswith("<") else text[1 : text.rindex('"')]


def _text(pieces: Sequence[object]) -> str:
    return "".join(_text(piece) if isinstance(piece, tuple) else f"{piece} " for piece in pieces)


def _merged(pieces: _Pieces) -> _Pieces:
    merged: _Pieces = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


def _order_is_known(lines: Sequence[Line]) -> bool:
    """Return whether strings cannot change the order of the lines by which a blank node is hashed."""
    subjects = {line[0] for line in lines if not _is_blank(line[0])}
    if len(subjects) > 1 and any(len(subject) == 3 for subject in subjects):
        return False
    alike: dict[tuple[object, Token], list[Line]] = {}
    for line in lines:
        alike.setdefault(("_" if _is_blank(line[0]) else line[0], line[1]), []).append(line)
    return all(
        len(same) == 1 or all(len(term) == 1 for line in same for term in line[2:]) for same in alike.values()
    )
